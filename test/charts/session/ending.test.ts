import { describe, expect, it } from 'vitest'
import { signedInSession, someSession, testNow } from '../../../services/memory/index.ts'
import { context, error, problem, quietSession, told, where, type ScriptedSession } from '../../support/charts.ts'

const leaving = async (from?: 'app' | 'provider') => {
  const session = await quietSession()
  session.actor.send(from === undefined ? { type: 'logout' } : { type: 'logout', from })
  return session
}

const step = async (session: ScriptedSession, port: 'clearCredentials' | 'revokeTokens' | 'leaveProvider') => {
  if (port === 'clearCredentials') session.script.settle(port, undefined)
  else session.script.settle(port, 'done')
  await session.rest()
}

describe('logging out', () => {
  it('P17 removes the credentials here and in all tabs first, and then speaks with the provider', async () => {
    const session = await leaving()
    expect(where(session)).toEqual(['ending.clearing'])
    expect(session.actor.getSnapshot().hasTag('signingOut')).toBe(true)
    expect(session.script.lastInput('clearCredentials')).toEqual({ generation: 'login-1', reason: 'logout' })
    expect(session.script.calls('revokeTokens')).toEqual([])
    await step(session, 'clearCredentials')
    expect(where(session)).toEqual(['ending.revoking'])
    expect(context(session)).toMatchObject({ facts: null, profile: null })
    await step(session, 'revokeTokens')
    expect(where(session)).toEqual(['loggedOut'])
    expect(session.script.calls('leaveProvider')).toEqual([])
  })

  it('P17 tells the end once, when the credentials are gone, and at last how each stage went', async () => {
    const session = await leaving()
    expect(told(session)).toEqual(['session.started'])
    await step(session, 'clearCredentials')
    expect(told(session)).toEqual(['session.started', 'session.ended'])
    expect(session.facts.at(-1)).toEqual({ type: 'session.ended', reason: 'logout' })
    await step(session, 'revokeTokens')
    expect(told(session)).toEqual(['session.started', 'session.ended', 'logout.finished'])
    expect(session.facts.at(-1)).toEqual({
      type: 'logout.finished',
      ending: {
        reason: 'logout',
        from: 'app',
        generation: 'login-1',
        clearing: 'done',
        revoking: 'done',
        leavingProvider: 'skipped',
        problems: {},
      },
    })
  })

  it('P17 leaves the provider as well when that was asked for', async () => {
    const session = await leaving('provider')
    await step(session, 'clearCredentials')
    await step(session, 'revokeTokens')
    expect(where(session)).toEqual(['ending.leavingProvider'])
    await step(session, 'leaveProvider')
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session).ending).toMatchObject({ from: 'provider', leavingProvider: 'done' })
  })

  it('P17 is logged out here when nothing at all works', async () => {
    const session = await leaving('provider')
    session.script.fail('clearCredentials', error('vault_unavailable'))
    await session.rest()
    session.script.fail('revokeTokens', error('offline'))
    await session.rest()
    session.script.fail('leaveProvider', error('offline'))
    await session.rest()
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session)).toMatchObject({
      facts: null,
      ending: {
        clearing: 'failed',
        revoking: 'failed',
        leavingProvider: 'failed',
        problems: {
          clearing: problem('vault_unavailable'),
          revoking: problem('offline'),
          leavingProvider: problem('offline'),
        },
      },
    })
    expect(session.facts.at(-1)).toEqual({ type: 'logout.finished', ending: context(session).ending })
    expect(told(session)).toEqual(['session.started', 'session.ended', 'logout.finished'])
  })

  it('P17 says what the provider does not offer, and stays in the app', async () => {
    const session = await leaving('provider')
    await step(session, 'clearCredentials')
    session.script.settle('revokeTokens', 'unsupported')
    await session.rest()
    session.script.settle('leaveProvider', 'unsupported')
    await session.rest()
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session).ending).toMatchObject({
      clearing: 'done',
      revoking: 'unsupported',
      leavingProvider: 'unsupported',
      problems: {},
    })
  })

  it('P17 has nothing to revoke where nothing was there', async () => {
    const session = await leaving()
    await step(session, 'clearCredentials')
    session.script.settle('revokeTokens', 'skipped')
    await session.rest()
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session).ending?.revoking).toBe('skipped')
  })

  it('P17 does not wait for ever for any stage', async () => {
    const session = await leaving('provider')
    await session.advance(4_000)
    expect(where(session)).toEqual(['ending.revoking'])
    expect(context(session)).toMatchObject({ facts: null, profile: null })
    expect(session.facts.at(-1)).toEqual({ type: 'session.ended', reason: 'logout' })
    await session.advance(4_000)
    expect(where(session)).toEqual(['ending.leavingProvider'])
    await session.advance(4_000)
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session).ending).toMatchObject({
      clearing: 'timedOut',
      revoking: 'timedOut',
      leavingProvider: 'timedOut',
    })
    const states = ['clearCredentials', 'revokeTokens', 'leaveProvider'] as const
    expect(states.map((port) => session.script.calls(port)[0]?.state)).toEqual(['left', 'left', 'left'])
  })

  it('is logged out when the person comes back from the logout page by the back button', async () => {
    const session = await leaving('provider')
    await step(session, 'clearCredentials')
    await step(session, 'revokeTokens')
    session.script.say('watchPage', { type: 'page.restored' })
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session).ending?.leavingProvider).toBe('skipped')
  })

  it('stops everything that a session needs', async () => {
    const session = await leaving()
    const open = session.script.calls().filter(({ state }) => state === 'listening' || state === 'waiting')
    expect(open.map(({ port }) => port)).toEqual(['watchSiblings', 'watchPage', 'clearCredentials'])
    expect(session.actor.getSnapshot().children.account).toBeUndefined()
    expect(session.waits()).toEqual([4_000])
  })

  it('lets the person log in again', async () => {
    const session = await leaving()
    await step(session, 'clearCredentials')
    await step(session, 'revokeTokens')
    session.actor.send({ type: 'login', via: 'popup' })
    session.script.settle('loginInPopup', someSession({ generation: 'login-2' }))
    await session.rest()
    expect(context(session)).toMatchObject({ facts: { generation: 'login-2' }, ending: null })
  })

  it('does not become a smaller one when it is asked for twice', async () => {
    const session = await leaving('provider')
    session.actor.send({ type: 'logout' })
    expect(session.script.calls('clearCredentials'), 'the mark says so already').toHaveLength(1)
    await step(session, 'clearCredentials')
    await step(session, 'revokeTokens')
    expect(where(session)).toEqual(['ending.leavingProvider'])
  })

  it('becomes a greater one when that is asked for in time', async () => {
    const session = await leaving()
    session.actor.send({ type: 'logout', from: 'provider' })
    await step(session, 'clearCredentials')
    await step(session, 'revokeTokens')
    expect(where(session)).toEqual(['ending.leavingProvider'])
  })
})

describe('a session that ends for another reason', () => {
  const expired = () =>
    signedInSession({ restored: { outcome: 'found', ...someSession({ renewable: false, expiresAt: testNow }) } })

  it('goes through the same stages, and the reason is known', async () => {
    const session = await expired()
    await step(session, 'clearCredentials')
    await step(session, 'revokeTokens')
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session).signedOutReason).toBe('expired')
    expect(told(session)).toEqual(['session.ended', 'logout.finished'])
    expect(session.facts[0]).toEqual({ type: 'session.ended', reason: 'expired' })
  })

  it('never leaves the provider by itself', async () => {
    const session = await expired()
    await step(session, 'clearCredentials')
    await step(session, 'revokeTokens')
    expect(session.script.calls('leaveProvider')).toEqual([])
  })

  it('P12 counts as logged out when the person leaves meanwhile, and the mark says so', async () => {
    const session = await expired()
    expect(session.script.lastInput('clearCredentials').reason).toBe('expired')
    session.actor.send({ type: 'logout', from: 'provider' })
    expect(session.script.lastInput('clearCredentials').reason).toBe('logout')
    expect(session.facts).toEqual([])
    await step(session, 'clearCredentials')
    expect(session.facts).toEqual([{ type: 'session.ended', reason: 'logout' }])
    await step(session, 'revokeTokens')
    expect(where(session)).toEqual(['ending.leavingProvider'])
    await step(session, 'leaveProvider')
    expect(where(session)).toEqual(['loggedOut'])
  })
})

describe('a login in another tab while this one ends', () => {
  it.each(['clearing', 'revoking', 'leavingProvider'])('P11 is not lost: heard while %s', async (stage) => {
    const session = await leaving('provider')
    const hear = () => session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...other })
    const other = someSession({ generation: 'login-2' })
    if (stage === 'clearing') hear()
    await step(session, 'clearCredentials')
    if (stage === 'revoking') hear()
    await step(session, 'revokeTokens')
    if (stage === 'leavingProvider') hear()
    await step(session, 'leaveProvider')
    expect(where(session)).toEqual(['checkingStorage.looking'])
    session.script.settle('restoreSession', { outcome: 'found', ...other })
    await session.rest()
    expect(context(session)).toMatchObject({ facts: { generation: 'login-2' }, heardLogin: false, ending: null })
    expect(told(session)).toEqual(['session.started', 'session.ended', 'logout.finished', 'session.started'])
  })

  it('P11 is looked at once, also when it was undone by then', async () => {
    const session = await leaving()
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession({ generation: 'login-2' }) })
    await step(session, 'clearCredentials')
    await step(session, 'revokeTokens')
    session.script.settle('restoreSession', { outcome: 'empty', reason: 'logout' })
    await session.rest()
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session).heardLogin).toBe(false)
    expect(told(session).filter((type) => type === 'session.ended')).toHaveLength(1)
  })

  it('does not run in circles when what is found has passed its limit, and cannot be removed', async () => {
    const session = await leaving()
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession({ generation: 'login-2' }) })
    session.script.answer('restoreSession', { outcome: 'found', ...someSession({ ceilingAt: testNow }) })
    session.script.refuse('revokeTokens', error('network'))
    await step(session, 'clearCredentials')
    session.script.fail('clearCredentials', error('vault_unavailable'))
    await session.advance(60_000)
    expect(where(session)).toEqual(['unauthenticated'])
    expect(session.script.calls('restoreSession')).toHaveLength(2)
  })
})
