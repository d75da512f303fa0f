import { describe, expect, it } from 'vitest'
import { createScript, scriptedAccount } from '../../../services/memory/index.ts'
import { error, problem } from '../../support/charts.ts'

type Account = ReturnType<typeof scriptedAccount>

const alice = { sub: 'alice', name: 'Alice', email: 'alice@example.org' }
const context = ({ actor }: Account) => actor.getSnapshot().context
const status = ({ actor }: Account) => actor.getSnapshot().value.profile
const quiet = (account: Account) => {
  account.script.settle('loadMetadata', { metadata: {}, pending: [], writable: true })
  return account
}

describe('the profile', () => {
  it('P18 shows the one from the last visit while it is fetched', async () => {
    const account = scriptedAccount({ input: { profile: { sub: 'alice', name: 'Al' } } })
    expect(status(account)).toBe('loading')
    expect(context(account).profile?.name).toBe('Al')
    expect(account.script.lastInput('loadProfile')).toEqual({ subject: 'alice' })
    account.script.settle('loadProfile', alice)
    await account.rest()
    expect(status(account)).toBe('loaded')
    expect(context(account)).toMatchObject({ profile: alice, profileProblem: null })
    expect(account.facts).toEqual([{ type: 'profile.loaded' }])
  })

  it('P18 keeps the last one when it cannot be fetched, and says why', async () => {
    const account = scriptedAccount({ input: { profile: alice } })
    account.script.fail('loadProfile', error('subject_mismatch'))
    await account.rest()
    expect(status(account)).toBe('failed')
    expect(context(account)).toMatchObject({ profile: alice, profileProblem: problem('subject_mismatch') })
    expect(account.facts).toEqual([{ type: 'profile.failed', problem: problem('subject_mismatch') }])
  })

  it('does not wait for ever', async () => {
    const account = quiet(scriptedAccount())
    await account.advance(8_000)
    expect(status(account)).toBe('failed')
    expect(account.facts.at(-1)).toMatchObject({ type: 'profile.failed', problem: { code: 'timeout' } })
    expect(account.script.calls('loadProfile')[0]?.state).toBe('left')
  })

  it('P18 is kept while it is fetched afresh', async () => {
    const account = quiet(scriptedAccount())
    account.script.settle('loadProfile', alice)
    await account.rest()
    account.actor.send({ type: 'profile.reload' })
    expect(status(account)).toBe('loading')
    expect(context(account).profile).toEqual(alice)
    account.script.settle('loadProfile', { ...alice, name: 'Alice B.' })
    await account.rest()
    expect(context(account).profile?.name).toBe('Alice B.')
  })

  it.each(['profile.reload', 'network.online', 'page.resumed'] as const)('is tried again at %s', async (type) => {
    const account = scriptedAccount()
    account.script.fail('loadProfile', error('network'))
    await account.rest()
    account.actor.send({ type })
    expect(status(account)).toBe('loading')
    account.script.settle('loadProfile', alice)
    await account.rest()
    expect(context(account)).toMatchObject({ profile: alice, profileProblem: null })
  })

  it('is not fetched afresh only because the network is back or the person looks', async () => {
    const account = scriptedAccount()
    account.script.settle('loadProfile', alice)
    await account.rest()
    account.script.say('watchConditions', { type: 'network.online' })
    account.script.say('watchConditions', { type: 'page.resumed' })
    expect(account.script.calls('loadProfile')).toHaveLength(1)
  })

  it('can do without a watch', async () => {
    const script = createScript()
    script.refuse('watchConditions', error('unexpected'))
    const account = scriptedAccount({ script })
    script.settle('loadProfile', alice)
    await account.rest()
    expect(status(account)).toBe('loaded')
  })

  it('P18 has nothing to do with the metadata', async () => {
    const account = scriptedAccount()
    account.script.fail('loadProfile', error('provider_unavailable'))
    await account.rest()
    expect(account.actor.getSnapshot().value).toEqual({ profile: 'failed', metadata: 'loading' })
  })
})
