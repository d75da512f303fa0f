import { describe, expect, it } from 'vitest'
import {
  context,
  kept,
  loading,
  patch,
  pending,
  ready,
  savedOf,
  saving,
  shown,
  status,
  told,
  waiting,
} from '../../support/account.ts'
import { error, problem } from '../../support/charts.ts'

describe('fetching the metadata', () => {
  it('P19 is ready when it is here and nothing waits', async () => {
    const account = await ready()
    expect(status(account)).toBe('ready')
    expect(context(account)).toMatchObject({ metadata: { country: 'PT' }, pending: [], writable: true })
    expect(told(account)).toEqual(['metadata.loaded'])
    expect(account.script.lastInput('loadMetadata')).toEqual({ subject: 'alice' })
    expect(account.script.lastInput('watchConditions')).toEqual({ subject: 'alice' })
    expect(kept(account)).toEqual([])
    expect(account.waits()).toEqual([])
  })

  it('P19 saves what waits from an earlier visit', async () => {
    const account = await loading()
    account.script.settle('loadMetadata', { metadata: { a: 1 }, pending: [{ patch: { a: 2 } }], writable: true })
    await account.rest()
    expect(status(account)).toBe('saving')
    expect(account.script.lastInput('saveMetadata')).toEqual({ subject: 'alice' })
    expect(shown(account)).toEqual({ a: 2 })
  })

  it('P19 shows at once what an earlier visit left, and hands on what is typed meanwhile', async () => {
    const account = await loading()
    const left = { pending: [{ id: '1', patch: { b: 2 } }], metadata: { a: 1 } }
    account.script.say('watchConditions', { type: 'notes.changed', ...left })
    expect(shown(account)).toEqual({ a: 1, b: 2 })
    patch(account, { b: 3 })
    expect(shown(account)).toEqual({ a: 1, b: 3 })
    expect(kept(account)).toEqual([{ b: 3 }])
    account.script.settle('loadMetadata', { metadata: { a: 4 }, pending: [{ patch: { b: 3 } }], writable: true })
    await account.rest()
    expect(status(account)).toBe('saving')
    expect(shown(account)).toEqual({ a: 4, b: 3 })
  })

  it('P19 keeps what is typed while it is fetched afresh', async () => {
    const account = await ready()
    account.actor.send({ type: 'metadata.reload' })
    expect(status(account)).toBe('loading')
    patch(account, { first: 'Ada' })
    expect(kept(account)).toEqual([{ first: 'Ada' }])
    expect(shown(account)).toEqual({ country: 'PT', first: 'Ada' })
    const left = [{ patch: { first: 'Ada' } }]
    account.script.settle('loadMetadata', { metadata: { country: 'ES' }, pending: left, writable: true })
    await account.rest()
    expect(status(account)).toBe('saving')
    expect(pending(account)).toEqual([{ first: 'Ada' }])
    expect(shown(account)).toEqual({ country: 'ES', first: 'Ada' })
  })

  it('P19 keeps the last one when it cannot be fetched afresh', async () => {
    const account = await ready()
    account.actor.send({ type: 'metadata.reload' })
    account.script.fail('loadMetadata', error('network'))
    await account.rest()
    expect(status(account)).toBe('failed')
    expect(shown(account)).toEqual({ country: 'PT' })
    expect(context(account).metadataProblem).toEqual(problem('network'))
  })

  it('does not wait for ever', async () => {
    const account = await loading()
    await account.advance(8_000)
    expect(status(account)).toBe('failed')
    expect(context(account).metadataProblem?.code).toBe('timeout')
  })

  it.each(['metadata.reload', 'metadata.retry', 'network.online', 'page.resumed'] as const)(
    'is tried again at %s, with what was typed',
    async (type) => {
      const account = await loading()
      patch(account, { first: 'Ada' })
      account.script.fail('loadMetadata', error('network'))
      await account.rest()
      account.actor.send({ type })
      expect(status(account)).toBe('loading')
      expect(pending(account)).toEqual([{ first: 'Ada' }])
      account.script.settle('loadMetadata', { metadata: {}, pending: [{ patch: { first: 'Ada' } }], writable: true })
      await account.rest()
      expect(status(account)).toBe('saving')
      expect(context(account).metadataProblem).toBeNull()
    },
  )

  it('says why there is none when the app gave no adapter', async () => {
    const account = await loading()
    account.script.fail('loadMetadata', error('metadata_not_provided'))
    await account.rest()
    expect(status(account)).toBe('failed')
    expect(context(account).metadataProblem).toEqual(problem('metadata_not_provided'))
  })
})

describe('a change', () => {
  it('P19 is shown at once, kept, and saved', async () => {
    const account = await saving()
    expect(status(account)).toBe('saving')
    expect(shown(account)).toEqual({ country: 'PT', first: 'Ada' })
    expect(kept(account)).toEqual([{ first: 'Ada' }])
    expect(account.script.lastInput('saveMetadata')).toEqual({ subject: 'alice' })
    account.script.settle('saveMetadata', savedOf({ country: 'PT', first: 'Ada', updated: true }))
    await account.rest()
    expect(status(account)).toBe('ready')
    expect(context(account)).toMatchObject({ pending: [], metadata: { first: 'Ada', updated: true } })
    expect(told(account)).toEqual(['metadata.loaded', 'metadata.saved'])
  })

  it('is not taken where the person may change nothing', async () => {
    const account = await ready({}, false)
    expect(account.actor.getSnapshot().can({ type: 'metadata.patch', patch: { a: 1 } })).toBe(false)
  })

  it('P19 is saved after the ones before it, in order; those that wait go together', async () => {
    const account = await saving({ a: 1 })
    patch(account, { b: 1 })
    patch(account, { b: 2, c: 1 })
    expect(kept(account)).toEqual([{ a: 1 }, { b: 1 }, { b: 2, c: 1 }])
    expect(shown(account)).toEqual({ country: 'PT', a: 1, b: 2, c: 1 })
    account.script.settle('saveMetadata', savedOf({ a: 1 }, [{ b: 2, c: 1 }]))
    await account.rest()
    expect(status(account)).toBe('saving')
    expect(told(account)).toEqual(['metadata.loaded'])
    expect(shown(account)).toEqual({ a: 1, b: 2, c: 1 })
    expect(account.script.calls('saveMetadata')).toHaveLength(2)
    account.script.settle('saveMetadata', savedOf({ a: 1, b: 2, c: 1 }))
    await account.rest()
    expect(status(account)).toBe('ready')
    expect(told(account)).toEqual(['metadata.loaded', 'metadata.saved'])
  })

  it('keeps the queue short, whatever is typed', async () => {
    const account = await saving({ a: 1 })
    for (let i = 0; i < 200; i += 1) patch(account, i % 3 === 0 ? {} : { [`key${i}`]: i })
    expect(context(account).pending.length).toBeLessThanOrEqual(3)
    expect(shown(account)).toEqual({ key199: 199 })
  })

  it.each(['offline', 'network', 'timeout', 'provider_unavailable', 'unauthorized'] as const)(
    'P19 waits, and is tried again by itself: %s',
    async (code) => {
      const account = await saving()
      account.script.fail('saveMetadata', error(code))
      await account.rest()
      expect(status(account)).toBe('waiting')
      expect(context(account)).toMatchObject({ metadataProblem: problem(code), attempts: 1 })
      expect(shown(account)).toEqual({ country: 'PT', first: 'Ada' })
      await account.advance(1_000)
      expect(status(account)).toBe('saving')
      account.script.settle('saveMetadata', savedOf({ first: 'Ada' }))
      await account.rest()
      expect(context(account)).toMatchObject({ metadataProblem: null, attempts: 0 })
    },
  )

  it('waits when no answer comes in time', async () => {
    const account = await saving()
    await account.advance(8_000)
    expect(status(account)).toBe('waiting')
    expect(context(account)).toMatchObject({ metadataProblem: { code: 'timeout' }, attempts: 1 })
  })

  it('waits longer from try to try, by chance, and never longer than the longest wait', async () => {
    const account = await ready()
    account.script.refuse('saveMetadata', error('provider_unavailable'))
    patch(account, { a: 1 })
    await account.rest()
    const waits: (number | undefined)[] = []
    for (let i = 0; i < 20; i += 1) {
      waits.push(account.waits()[0])
      await account.advance(account.waits()[0] ?? 0)
    }
    // The policy's 2 s, doubled up to 32 s, of which chance (0.5) takes a half.
    expect(waits.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 16_000])
    expect(Math.max(...waits.map(Number))).toBe(16_000)
    expect(context(account).attempts).toBe(16)
  })

  it('P19 waits as long as the API asks for', async () => {
    const account = await waiting('provider_unavailable', 90_000)
    expect(account.waits()).toEqual([90_000])
  })

  it('does not wait that long again after another failure', async () => {
    const account = await waiting('provider_unavailable', 90_000)
    account.actor.send({ type: 'metadata.retry' })
    account.script.fail('saveMetadata', error('network'))
    await account.rest()
    expect(account.waits()).toEqual([2_000])
  })

  it.each(['metadata.retry', 'network.online'] as const)('is tried again at %s', async (type) => {
    const account = await waiting()
    account.actor.send({ type })
    expect(status(account)).toBe('saving')
    expect(pending(account)).toEqual([{ first: 'Ada' }])
  })

  it('P19 that is typed while others wait goes with them', async () => {
    const account = await waiting()
    patch(account, { last: 'Lovelace' })
    expect(status(account)).toBe('waiting')
    expect(kept(account)).toEqual([{ first: 'Ada' }, { last: 'Lovelace' }])
    account.actor.send({ type: 'metadata.retry' })
    expect(status(account)).toBe('saving')
    expect(shown(account)).toEqual({ country: 'PT', first: 'Ada', last: 'Lovelace' })
  })
})
