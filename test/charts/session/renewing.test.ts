import { describe, expect, it } from 'vitest'
import { renewedFacts, someFacts, someSession, testNow } from '../../../services/memory/index.ts'
import {
  access,
  context,
  error,
  problem,
  quietSession,
  renew,
  told,
  untilRequest,
  where,
  type ScriptedSession,
} from '../../support/charts.ts'

/** The access token has expired, and its renewal is under way. */
async function lateSession(changes = {}) {
  const session = await quietSession(changes)
  await session.advance(240_000)
  await session.advance(60_000)
  expect(access(session)).toBe('refreshing.late')
  return session
}

describe('a renewal ahead of the expiry', () => {
  const earlySession = async () => {
    const session = await quietSession()
    await session.advance(240_000)
    return session
  }

  it('goes unnoticed: the person stays signed in, and the token usable', async () => {
    const session = await earlySession()
    const snapshot = session.actor.getSnapshot()
    expect([...snapshot.tags].toSorted()).toEqual(['renewing', 'signedIn', 'usable'])
    const written = await renew(session)
    expect(access(session)).toBe('authenticated')
    expect(context(session).facts).toEqual(written)
    expect(session.facts.at(-1)).toEqual({ type: 'session.renewed', expiresAt: written.expiresAt })
    expect(told(session)).toEqual(['session.started', 'session.renewed'])
  })

  it('is followed by the next one, when that is due', async () => {
    const session = await earlySession()
    await session.advance(2_000)
    await renew(session)
    await session.advance(239_999)
    expect(access(session)).toBe('authenticated')
    await session.advance(1)
    expect(access(session)).toBe('refreshing.early')
    expect(session.script.lastInput('holdTurn').facts.revision).toBe(2)
  })

  it('keeps the account chart running', async () => {
    const session = await earlySession()
    const before = session.actor.getSnapshot().children.account
    await renew(session)
    expect(session.actor.getSnapshot().children.account).toBe(before)
    expect(session.script.calls('loadProfile')).toHaveLength(1)
    expect(session.script.isOpen('watchActivity')).toBe(true)
  })

  it('gives its turn and its watch back when it is over', async () => {
    const session = await earlySession()
    await renew(session)
    expect(session.script.calls('holdTurn').map(({ state }) => state)).toEqual(['disposed'])
    const [, watch] = session.script.calls('watchConditions')
    expect(watch).toMatchObject({ machine: 'renewal', state: 'disposed' })
  })

  it('becomes late at the expiry, without a second request', async () => {
    const session = await earlySession()
    await untilRequest(session)
    await session.advance(60_000 - 45_000 - 1)
    expect(access(session)).toBe('refreshing.early')
    await session.advance(45_001)
    expect(access(session)).toBe('refreshing.late')
    expect(session.script.calls('requestTokens')).toHaveLength(1)
    expect(told(session)).toEqual(['session.started', 'session.reconnecting'])
  })

  it('P6 waits on where the timer came before the clock', async () => {
    const session = await earlySession()
    session.shiftClock(-1_000)
    await session.advance(60_000)
    expect(access(session)).toBe('refreshing.early')
    await session.advance(1_000)
    expect(access(session)).toBe('refreshing.late')
  })

  it.each([
    ['the person comes back after it expired', 60_000, { type: 'page.resumed' }, 'late'],
    ['the person comes back before it expired', 59_999, { type: 'page.resumed' }, 'early'],
    ['a resource server refused the old token', 0, { type: 'token.refused', revision: 1 }, 'late'],
    ['a resource server refused a token before that', 0, { type: 'token.refused', revision: 0 }, 'early'],
  ] as const)('%s: %s ms later it is %j', async (_name, ms, event, step) => {
    const session = await earlySession()
    session.shiftClock(ms)
    session.actor.send(event)
    expect(access(session)).toBe(`refreshing.${step}`)
    expect(session.script.calls('holdTurn')).toHaveLength(1)
  })

  it('P10 takes over what another tab has renewed', async () => {
    const session = await earlySession()
    const facts = renewedFacts(someFacts(), session.clock.now())
    session.script.say('watchConditions', { type: 'sibling.renewed', facts })
    await session.rest()
    expect(access(session)).toBe('authenticated')
    expect(context(session).facts).toEqual(facts)
    expect(session.facts.at(-1)).toEqual({ type: 'session.renewed', expiresAt: facts.expiresAt })
    expect(session.script.calls('requestTokens')).toEqual([])
  })
})

describe('a renewal that comes late', () => {
  it('P8 waits for as long as it takes, and throws nothing away', async () => {
    const session = await lateSession()
    session.script.greet('holdTurn', { type: 'turn.granted' })
    session.script.answer('recheckVault', { outcome: 'same' })
    session.script.refuse('requestTokens', error('provider_unavailable'))
    await session.advance(24 * 3_600_000)
    expect(access(session)).toBe('refreshing.late')
    expect(context(session).facts).toEqual(someFacts())
    expect(session.script.calls('clearCredentials')).toEqual([])
    expect(session.actor.getSnapshot().tags).toEqual(new Set(['renewing', 'reconnecting']))
  }, 60_000)

  it('P8 is signed in again by itself when the provider is back', async () => {
    const session = await lateSession()
    await untilRequest(session)
    session.script.fail('requestTokens', error('offline'))
    await session.rest()
    session.script.say('watchConditions', { type: 'network.online' })
    await renew(session)
    expect(access(session)).toBe('authenticated')
    expect(told(session)).toEqual(['session.started', 'session.reconnecting', 'session.renewed'])
  })

  it('P8 ends the session on a confirmed verdict, told once', async () => {
    const session = await lateSession()
    await untilRequest(session)
    session.script.fail('requestTokens', error('invalid_grant'))
    await session.rest()
    expect(access(session)).toBe('refreshing.late')
    session.script.settle('confirmVerdict', { outcome: 'rejected', problem: problem('invalid_grant') })
    await session.rest()
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session)).toMatchObject({ facts: null, profile: null, signedOutReason: 'revoked' })
    expect(told(session).filter((type) => type === 'session.ended')).toHaveLength(1)
    expect(session.facts.at(-1)).toEqual({
      type: 'session.ended',
      reason: 'revoked',
      problem: problem('invalid_grant'),
    })
    expect(session.script.calls('clearCredentials')).toEqual([])
    expect(session.script.isOpen('watchActivity')).toBe(false)
    expect(session.actor.getSnapshot().children.account).toBeUndefined()
  })

  it.each(['login_required', 'invalid_client'] as const)('P8 says so where the verdict is %s', async (code) => {
    const session = await lateSession()
    await untilRequest(session)
    session.script.fail('requestTokens', error(code))
    await session.rest()
    session.script.settle('confirmVerdict', { outcome: 'rejected', problem: problem(code) })
    await session.rest()
    expect(context(session).signedOutReason).toBe(code)
    expect(session.facts.at(-1)).toEqual({ type: 'session.ended', reason: code, problem: problem(code) })
  })

  it('P12 looks again when the vault holds another login', async () => {
    const session = await lateSession()
    session.script.grantTurn()
    await session.rest()
    session.script.settle('recheckVault', { outcome: 'discarded' })
    await session.rest()
    expect(where(session)).toEqual(['checkingStorage.looking'])
    const other = someSession({ generation: 'login-2', expiresAt: testNow + 900_000, storedAt: session.clock.now() })
    session.script.settle('restoreSession', { outcome: 'found', ...other })
    await session.rest()
    expect(access(session)).toBe('authenticated')
    expect(context(session).facts?.generation).toBe('login-2')
  })

  it.each([
    ['the person left in another tab', { outcome: 'empty', reason: 'logout' }, 'loggedOut', 'logout'],
    ['the browser removed it', { outcome: 'empty', reason: 'never' }, 'unauthenticated', 'storage_lost'],
    ['it was revoked in another tab', { outcome: 'empty', reason: 'revoked' }, 'unauthenticated', 'revoked'],
  ] as const)('tells the end when the vault holds no login any more: %s', async (_name, restored, state, reason) => {
    const session = await lateSession()
    session.script.grantTurn()
    await session.rest()
    session.script.settle('recheckVault', { outcome: 'discarded' })
    await session.rest()
    session.script.settle('restoreSession', restored)
    await session.rest()
    expect(where(session)).toEqual([state])
    expect(session.facts.at(-1)).toEqual({ type: 'session.ended', reason })
  })

  it.each(['fails', 'hangs'] as const)('tells the end when the vault %s after that', async (how) => {
    const session = await lateSession()
    session.script.grantTurn()
    await session.rest()
    session.script.settle('recheckVault', { outcome: 'discarded' })
    await session.rest()
    if (how === 'fails') session.script.fail('restoreSession', error('vault_unavailable'))
    await session.advance(5_000)
    expect(where(session)).toEqual(['unauthenticated'])
    expect(session.facts.at(-1)).toEqual({ type: 'session.ended', reason: 'storage_lost' })
  })
})

describe('credentials that have expired when they come', () => {
  it('do not make the chart ask for the next ones without a pause', async () => {
    const session: ScriptedSession = await lateSession()
    const { script, clock } = session
    script.greet('holdTurn', { type: 'turn.granted' })
    script.answer('recheckVault', { outcome: 'same' })
    script.answer('requestTokens', undefined)
    script.answer('commitTokens', ({ facts }) => ({
      outcome: 'renewed',
      facts: { ...facts, revision: facts.revision + 1, expiresAt: clock.now(), storedAt: clock.now() },
    }))
    script.grantTurn()
    await session.rest()
    expect(access(session)).toBe('recovering')
    expect(context(session).facts?.revision).toBe(2)
    await session.advance(60_000)
    expect(script.calls('requestTokens')).toHaveLength(4)
  })
})
