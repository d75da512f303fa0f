import { describe, expect, it } from 'vitest'
import type { QueuedPatch, SavedMetadata, UserMetadata } from '../../../machines/index.ts'
import {
  selectChangedElsewhere,
  selectIsWritable,
  selectReadOnlyReason,
  selectUnsavedKeys,
} from '../../../machines/index.ts'
import { scriptedAccount } from '../../../services/memory/index.ts'
import {
  context,
  kept,
  loading,
  patch,
  pending,
  ready,
  refused,
  saving,
  shown,
  status,
  told,
  waiting,
  type Account,
} from '../../support/account.ts'
import { error, problem } from '../../support/charts.ts'

const hear = ({ script }: Account, queue: readonly QueuedPatch[], metadata: UserMetadata | null = null) =>
  script.say('watchConditions', { type: 'notes.changed', pending: queue, metadata })
const typedElsewhere: QueuedPatch = { id: '1', patch: { last: 'Lovelace' }, isTried: true }
const refusedElsewhere: QueuedPatch = { ...typedElsewhere, setback: { problem: problem('metadata_invalid') } }

describe('what another tab of the same login does', () => {
  it('P19 is shown, and saved by whichever tab has its turn first', async () => {
    const account = await ready()
    hear(account, [typedElsewhere])
    expect(status(account)).toBe('saving')
    expect(shown(account)).toEqual({ country: 'PT', last: 'Lovelace' })
    expect(kept(account), 'it is in the queue already').toEqual([])
    account.script.settle('saveMetadata', { metadata: { country: 'PT', last: 'Lovelace' }, pending: [] })
    await account.rest()
    expect(status(account)).toBe('ready')
    expect(told(account)).toEqual(['metadata.loaded', 'metadata.saved'])
  })

  it('P19 is taken over when it has saved something', async () => {
    const account = await ready()
    hear(account, [], { country: 'FR' })
    expect(status(account)).toBe('ready')
    expect(shown(account)).toEqual({ country: 'FR' })
    expect(selectChangedElsewhere(account.actor.getSnapshot()), 'it is the same browser').toBeNull()
  })

  it.each([
    ['waits', waiting],
    ['was refused here', refused],
  ])('P19 settles what %s', async (_name, begin) => {
    const account = await begin()
    hear(account, [], { first: 'Ada' })
    expect(status(account)).toBe('ready')
    expect(context(account)).toMatchObject({ pending: [], metadataProblem: null, attempts: 0 })
    expect(shown(account)).toEqual({ first: 'Ada' })
  })

  it.each([
    ['nothing waits', ready],
    ['changes wait', waiting],
  ])('P19 a refusal there is one here, where %s, and nothing is sent once more', async (_name, begin) => {
    const account = await begin()
    const sent = account.script.calls('saveMetadata').length
    hear(account, [refusedElsewhere], { country: 'ES' })
    expect(status(account)).toBe('unsaved')
    expect(shown(account)).toEqual({ country: 'ES', last: 'Lovelace' })
    expect(context(account).metadataProblem).toEqual(problem('metadata_invalid'))
    expect(account.script.calls('saveMetadata')).toHaveLength(sent)
    expect(told(account).at(-1)).toBe('metadata.refused')
  })

  it('P19 another try there is one here', async () => {
    const account = await refused()
    hear(account, [refusedElsewhere], { country: 'ES' })
    expect(status(account)).toBe('unsaved')
    expect(shown(account)).toEqual({ country: 'ES', last: 'Lovelace' })
    hear(account, [{ ...typedElsewhere, patch: { last: 'King' } }], { country: 'FR' })
    expect(status(account)).toBe('saving')
    expect(shown(account)).toEqual({ country: 'FR', last: 'King' })
  })

  it.each([
    ['while it is fetched', loading, 'loading'],
    ['while something is saved', saving, 'saving'],
    ['while something waits', waiting, 'waiting'],
  ] as const)('is noted %s', async (_name, begin, state) => {
    const account = await begin()
    hear(account, [typedElsewhere], { country: 'ES' })
    expect(status(account)).toBe(state)
    expect(shown(account)).toEqual({ country: 'ES', last: 'Lovelace' })
  })

  it('is noted where the metadata cannot be fetched', async () => {
    const account = await loading()
    account.script.fail('loadMetadata', error('metadata_not_provided'))
    await account.rest()
    hear(account, [typedElsewhere], { country: 'ES' })
    expect(status(account)).toBe('failed')
    expect(pending(account)).toEqual([{ last: 'Lovelace' }])
  })
})

describe('what is changed on another device', () => {
  const reloaded = async (now: UserMetadata, queue: readonly QueuedPatch[] = []) => {
    const account = await ready({ country: 'PT', first: 'Ada' })
    account.actor.send({ type: 'metadata.reload' })
    account.script.settle('loadMetadata', { metadata: now, pending: queue, writable: true })
    await account.rest()
    return account
  }
  const elsewhere = ({ actor }: Account) => selectChangedElsewhere(actor.getSnapshot())

  it('P19 is told by the names of its keys, until the person has taken note', async () => {
    const account = await reloaded({ country: 'ES', first: 'Ada' })
    const changes = { keys: ['country'], contested: [] }
    expect(account.facts).toContainEqual({ type: 'metadata.changedElsewhere', ...changes })
    expect(elsewhere(account)).toEqual(changes)
    account.actor.send({ type: 'metadata.acknowledge' })
    expect(elsewhere(account)).toBeNull()
  })

  it('P19 is not told where nothing was', async () => {
    const account = await reloaded({ first: 'Ada', country: 'PT' })
    expect(elsewhere(account)).toBeNull()
    expect(told(account)).toEqual(['metadata.loaded', 'metadata.loaded'])
  })

  it('P19 what is typed here wins, and that is told', async () => {
    const account = await reloaded({ country: 'ES', first: 'Ada' }, [{ patch: { country: 'FR' } }])
    expect(elsewhere(account)).toEqual({ keys: ['country'], contested: ['country'] })
    expect(shown(account)).toMatchObject({ country: 'FR' })
  })

  it('P19 since the last visit is news only where something typed here replaces it', async () => {
    const account = await loading()
    hear(account, [{ patch: { first: 'Al' } }], { country: 'PT', first: 'Ada' })
    const now = { country: 'ES', first: 'Augusta' }
    account.script.settle('loadMetadata', { metadata: now, pending: [{ patch: { first: 'Al' } }], writable: true })
    await account.rest()
    expect(elsewhere(account)).toEqual({ keys: ['first'], contested: ['first'] })
  })

  it('P19 is measured by what the tabs knew together, where a service says so', async () => {
    const account = await ready({ country: 'PT' })
    account.actor.send({ type: 'metadata.reload' })
    const now = { country: 'ES' }
    account.script.settle('loadMetadata', { metadata: now, known: now, pending: [], writable: true })
    await account.rest()
    expect(elsewhere(account), 'another tab had saved it').toBeNull()
  })

  it.each([
    ['the last one', []],
    ['one that others follow', [{ patch: { city: 'Porto' } }]],
  ])('P19 is told by a save, and added to what is not taken note of: %s', async (_name, queue) => {
    const account = await reloaded({ country: 'ES', first: 'Ada' })
    patch(account, { first: 'Al' })
    const saved: SavedMetadata = {
      patch: { first: 'Al' },
      before: { country: 'ES', first: 'Augusta', age: 3 },
      metadata: { country: 'ES', first: 'Al', age: 3 },
      pending: queue,
    }
    account.script.settle('saveMetadata', saved)
    await account.rest()
    const news = { keys: ['first', 'age'], contested: ['first'] }
    expect(account.facts).toContainEqual({ type: 'metadata.changedElsewhere', ...news })
    expect(elsewhere(account)).toEqual({ keys: ['country', 'first', 'age'], contested: ['first'] })
  })
})

describe('metadata that cannot be fetched', () => {
  const failed = async (code: 'network' | 'metadata_refused', retryAfter?: number) => {
    const account = await loading()
    account.script.fail('loadMetadata', error(code, retryAfter))
    await account.rest()
    return account
  }

  it('P19 is told', async () => {
    const account = await failed('network')
    expect(account.facts.at(-1)).toEqual({ type: 'metadata.failed', problem: problem('network') })
  })

  it('P19 is fetched again by itself, where that may help, not before the time that the API named', async () => {
    const account = await failed('network', 50_000)
    expect(account.waits()).toEqual([50_000])
    await account.advance(50_000)
    expect(status(account)).toBe('loading')
  })

  it('is left alone where it does not help', async () => {
    const account = await failed('metadata_refused')
    await account.advance(3_600_000)
    expect(status(account)).toBe('failed')
    expect(account.script.calls('loadMetadata')).toHaveLength(1)
  })

  it('P19 takes what is typed all the same, and is tried again for it', async () => {
    const account = await failed('network')
    patch(account, { first: 'Ada' })
    expect(status(account)).toBe('loading')
    expect(kept(account)).toEqual([{ first: 'Ada' }])
    expect(shown(account)).toEqual({ first: 'Ada' })
  })
})

describe('metadata that is to be looked at only', () => {
  it('P19 takes no change from the beginning, and says why', async () => {
    const readOnlyBecause = 'It is kept elsewhere.'
    const policy = { requestTimeout: 8_000, backoffFirst: 2_000, backoffMost: 32_000, readOnlyBecause }
    const account = scriptedAccount({ input: { policy } })
    const canPatch = () => account.actor.getSnapshot().can({ type: 'metadata.patch', patch: { a: 1 } })
    expect(canPatch()).toBe(false)
    expect(selectReadOnlyReason(account.actor.getSnapshot())).toBe(readOnlyBecause)
    account.script.settle('loadMetadata', { metadata: { a: 0 }, pending: [], writable: false })
    await account.rest()
    expect(canPatch()).toBe(false)
    account.actor.send({ type: 'metadata.reload' })
    account.script.fail('loadMetadata', error('network'))
    await account.rest()
    expect(status(account)).toBe('failed')
    expect(canPatch()).toBe(false)
  })

  it('is taken for writable only once the API has said so', async () => {
    const account = await loading()
    expect(selectIsWritable(account.actor.getSnapshot())).toBe(false)
    expect(selectIsWritable((await ready()).actor.getSnapshot())).toBe(true)
    expect(selectReadOnlyReason(account.actor.getSnapshot())).toBeNull()
  })
})

it('P17 names what is not saved', async () => {
  const account = await waiting()
  patch(account, { last: null })
  expect(selectUnsavedKeys(account.actor.getSnapshot())).toEqual(['first', 'last'])
})
