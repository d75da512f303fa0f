import { describe, expect, it } from 'vitest'
import {
  createScript,
  scriptedSession,
  signedInSession,
  someFacts,
  someSession,
  testNow,
} from '../../../services/memory/index.ts'
import { access, context, error, problem, told, where } from '../../support/charts.ts'

const found = (changes = {}) => ({ outcome: 'found', ...someSession(changes) }) as const
const signedIn = ['active.access.authenticated', 'active.limits.within', 'active.stepUp.none']
const expired = { expiresAt: testNow - 1, renewAt: testNow - 60_000, storedAt: testNow - 300_000 }

describe('opening the app', () => {
  it('looks into the vault and at the address before it says anything', async () => {
    const session = scriptedSession()
    await session.rest()
    expect(where(session)).toEqual(['checkingStorage.looking'])
    expect(session.script.calls().map(({ port }) => port)).toEqual(['watchSiblings', 'watchPage', 'restoreSession'])
    expect(session.actor.getSnapshot().hasTag('restoring')).toBe(true)
    expect(session.facts).toEqual([])
  })

  it('P1 is signed in at once with an access token that is usable, without a request', async () => {
    const session = await signedInSession()
    expect(where(session)).toEqual(signedIn)
    expect(told(session)).toEqual(['session.started'])
    expect(session.facts[0]).toEqual({ type: 'session.started', subject: 'alice' })
    expect(context(session)).toMatchObject({ facts: someFacts(), profile: { sub: 'alice' }, problem: null })
    expect(session.script.calls('requestTokens')).toEqual([])
    expect(session.script.isOpen('watchActivity')).toBe(true)
  })

  it('begins to renew when the access token has expired and can be renewed', async () => {
    const session = await signedInSession({ restored: found(expired) })
    expect(where(session)).toContain('active.access.refreshing.late')
    expect(session.actor.getSnapshot().hasTag('reconnecting')).toBe(true)
    expect(told(session)).toEqual(['session.started', 'session.reconnecting'])
    expect(session.script.lastInput('holdTurn')).toEqual({ facts: someFacts(expired) })
  })

  it('renews by itself when the renewal is due already', async () => {
    const session = await signedInSession({ restored: found({ renewAt: testNow }) })
    expect(where(session)).toContain('active.access.authenticated')
    await session.advance(0)
    expect(where(session)).toContain('active.access.refreshing.early')
  })

  it('P8 ends a session that has expired and cannot be renewed', async () => {
    const session = await signedInSession({ restored: found({ ...expired, renewable: false }) })
    expect(where(session)).toEqual(['ending.clearing'])
    expect(session.script.lastInput('clearCredentials')).toEqual({ generation: 'login-1', reason: 'expired' })
    expect(told(session)).toEqual([])
  })

  it('P9 ends a session whose ceiling passed while the app was closed, though its token would still do', async () => {
    const session = await signedInSession({ restored: found({ ceilingAt: testNow }) })
    expect(where(session)).toEqual(['ending.clearing'])
    expect(session.script.lastInput('clearCredentials')).toEqual({ generation: 'login-1', reason: 'ceiling' })
  })

  it('P9 ends a session that was idle too long while the app was closed, however new its token is', async () => {
    const session = await signedInSession({
      policy: { idleTimeout: 3_600_000 },
      restored: { ...found(), lastActiveAt: testNow - 3_600_000 },
    })
    expect(where(session)).toEqual(['ending.clearing'])
    expect(context(session).ending).toMatchObject({ reason: 'idle', generation: 'login-1' })
  })

  it('counts idleness from now when nobody knows when the person was last active', async () => {
    const { facts, profile } = someSession()
    const session = await signedInSession({
      policy: { idleTimeout: 3_600_000 },
      restored: { outcome: 'found', facts, profile },
    })
    expect(context(session).lastActiveAt).toBe(testNow)
    expect(where(session)).toEqual(signedIn)
  })

  it.each([
    'never',
    'expired',
    'revoked',
    'login_required',
    'invalid_client',
    'ceiling',
    'idle',
    'subject_changed',
    'storage_lost',
  ] as const)('knows why nobody is signed in: %s', async (reason) => {
    const session = await signedInSession({ restored: { outcome: 'empty', reason } })
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session)).toMatchObject({ signedOutReason: reason, facts: null, problem: null })
    expect(told(session)).toEqual([])
  })

  it('stays logged out over a reload', async () => {
    const session = await signedInSession({ restored: { outcome: 'empty', reason: 'logout' } })
    expect(where(session)).toEqual(['loggedOut'])
    expect(told(session)).toEqual([])
  })

  it('P20 reports a vault that cannot be read, and can log in again', async () => {
    const restored = { outcome: 'empty', reason: 'storage_lost', problem: problem('vault_unreadable') } as const
    const session = await signedInSession({ restored })
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session)).toMatchObject({ signedOutReason: 'storage_lost', problem: problem('vault_unreadable') })
    expect(session.actor.getSnapshot().can({ type: 'login' })).toBe(true)
  })

  it('P20 is signed out with the problem named when the vault fails', async () => {
    const session = scriptedSession()
    session.script.fail('restoreSession', error('vault_unavailable'))
    await session.rest()
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session)).toMatchObject({ signedOutReason: 'storage_lost', problem: problem('vault_unavailable') })
  })

  it('does not wait for ever for a storage that does not answer', async () => {
    const session = scriptedSession()
    await session.advance(4_999)
    expect(where(session)).toEqual(['checkingStorage.looking'])
    await session.advance(1)
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session)).toMatchObject({ signedOutReason: 'storage_lost', problem: { code: 'vault_unavailable' } })
    expect(session.script.calls('restoreSession')[0]?.state).toBe('left')
  })

  it('does not quote a foreign error, which may hold a request', async () => {
    const session = scriptedSession()
    session.script.fail('restoreSession', new TypeError('https://provider.example/?code=secret-code'))
    await session.rest()
    expect(context(session).problem).toEqual({ code: 'unexpected', message: expect.stringContaining('TypeError') })
    expect(JSON.stringify(session.actor.getSnapshot())).not.toContain('secret-code')
  })

  it.each(['sibling.loggedIn', 'sibling.renewed', 'sibling.ended'] as const)(
    'P11 looks again when %s arrives while it looks',
    async (type) => {
      const session = scriptedSession()
      await session.advance(3_000)
      const news = {
        'sibling.loggedIn': { type: 'sibling.loggedIn', ...someSession() },
        'sibling.renewed': { type: 'sibling.renewed', facts: someFacts() },
        'sibling.ended': { type: 'sibling.ended', generation: 'login-1', reason: 'logout' },
      } as const
      session.script.say('watchSiblings', news[type])
      await session.rest()
      expect(session.script.calls('restoreSession').map(({ state }) => state)).toEqual(['left', 'waiting'])
      expect(session.waits()).toEqual([5_000])
      session.script.settle('restoreSession', found())
      await session.rest()
      expect(where(session)).toEqual(signedIn)
    },
  )

  it('P12 removes whatever is kept, unseen, when the person leaves while it looks', async () => {
    const session = scriptedSession()
    session.actor.send({ type: 'logout', from: 'provider' })
    expect(where(session)).toEqual(['ending.clearing'])
    expect(session.script.lastInput('clearCredentials')).toEqual({ generation: null, reason: 'logout' })
    expect(context(session).ending?.from).toBe('provider')
  })

  it('goes on without the watches when they fail', async () => {
    const script = createScript()
    script.refuse('watchSiblings', error('unexpected'))
    script.refuse('watchPage', error('unexpected'))
    script.refuse('watchActivity', error('unexpected'))
    const next = await signedInSession({ script })
    expect(where(next)).toEqual(signedIn)
    expect(next.actor.getSnapshot().status).toBe('active')
  })
})

describe('a window that holds an answer of the provider', () => {
  it('completes the login when the answer is for this window', async () => {
    const session = await signedInSession({ restored: { outcome: 'loginResponse' } })
    expect(where(session)).toEqual(['authenticating.completing'])
    expect(session.script.isOpen('completeLogin')).toBe(true)
  })

  it('hands the answer to the window that waits, and nothing else', async () => {
    const session = await signedInSession({ restored: { outcome: 'relay' } })
    expect(where(session)).toEqual(['relaying'])
    expect(session.actor.getSnapshot().hasTag('signingIn')).toBe(true)
    session.script.settle('relayLoginResponse', undefined)
    await session.rest()
    expect(where(session)).toEqual(['relaying'])
    expect(session.script.calls('completeLogin')).toEqual([])
  })

  it('says so when nobody waits for the answer', async () => {
    const session = await signedInSession({ restored: { outcome: 'relay' } })
    session.script.fail('relayLoginResponse', error('unknown_response'))
    await session.rest()
    session.script.settle('restoreSession', { outcome: 'empty', reason: 'never' })
    await session.rest()
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session).problem).toEqual(problem('unknown_response'))
  })

  it('becomes a window like any other when nobody waits for the answer: whoever is signed in here is, in it too', async () => {
    const session = await signedInSession({ restored: { outcome: 'relay' } })
    session.script.fail('relayLoginResponse', error('unknown_response'))
    await session.rest()
    session.script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await session.rest()
    expect(access(session)).toBe('authenticated')
  })

  it('becomes a window like any other when it is still open', async () => {
    const session = await signedInSession({ restored: { outcome: 'relay' } })
    session.script.settle('relayLoginResponse', undefined)
    await session.advance(30_000)
    expect(where(session)).toEqual(['checkingStorage.looking'])
  })
})
