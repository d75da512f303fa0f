import { describe, expect, it } from 'vitest'
import { context, kept, patch, pending, refused, shown, status, waiting } from '../../support/account.ts'
import { error, problem } from '../../support/charts.ts'

describe('a change that the API refuses', () => {
  it('P19 is kept for another try, with the words of the API', async () => {
    const account = await refused()
    expect(status(account)).toBe('unsaved')
    expect(shown(account)).toEqual({ country: 'PT', first: 'Ada' })
    expect(context(account).metadataProblem).toEqual(problem('metadata_refused'))
    expect(account.facts.at(-1)).toEqual({ type: 'metadata.refused', problem: problem('metadata_refused') })
    expect(account.waits()).toEqual([])
  })

  it('can be mended by the next one', async () => {
    const account = await refused()
    patch(account, { first: 'Augusta' })
    expect(status(account)).toBe('saving')
    expect(pending(account)).toEqual([{ first: 'Augusta' }])
    expect(kept(account)).toEqual([{ first: 'Ada' }, { first: 'Augusta' }])
  })

  it.each([
    ['was refused', refused],
    ['has to wait', waiting],
  ])('can be tried again when it %s', async (_name, begin) => {
    const account = await begin()
    account.actor.send({ type: 'metadata.retry' })
    expect(status(account)).toBe('saving')
    expect(account.script.calls('forgetSetbacks').map(({ input }) => input)).toEqual([{ subject: 'alice' }])
  })

  it('is not tried again by itself', async () => {
    const account = await refused()
    account.script.say('watchConditions', { type: 'network.online' })
    await account.advance(3_600_000)
    expect(status(account)).toBe('unsaved')
  })
})

describe('giving changes up', () => {
  it.each([
    ['that wait', waiting],
    ['that were refused', refused],
  ])('P19 rolls back changes %s, on disk as well', async (_name, begin) => {
    const account = await begin()
    account.actor.send({ type: 'metadata.discard' })
    expect(status(account)).toBe('discarding')
    expect(shown(account)).toEqual({ country: 'PT' })
    expect(context(account)).toMatchObject({ pending: [], metadataProblem: null, attempts: 0 })
    expect(account.script.lastInput('discardPatches')).toEqual({ subject: 'alice' })
    account.script.settle('discardPatches', undefined)
    await account.rest()
    expect(status(account)).toBe('loading')
  })

  it.each(['fails', 'hangs'] as const)('goes on when forgetting them on disk %s', async (how) => {
    const account = await refused()
    account.actor.send({ type: 'metadata.discard' })
    if (how === 'fails') account.script.fail('discardPatches', error('store_failed'))
    else await account.advance(8_000)
    await account.rest()
    expect(status(account)).toBe('loading')
    account.script.settle('loadMetadata', { metadata: { country: 'PT' }, pending: [], writable: true })
    await account.rest()
    expect(status(account)).toBe('ready')
    expect(account.script.calls('saveMetadata')).toHaveLength(1)
  })
})
