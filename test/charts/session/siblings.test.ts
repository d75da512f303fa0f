import { describe, expect, it } from 'vitest'
import { renewedFacts, signedInSession, someFacts, someSession, testNow } from '../../../services/memory/index.ts'
import { access, context, error, quietSession, told, where } from '../../support/charts.ts'

const signedIn = ['active.access.authenticated', 'active.limits.within', 'active.stepUp.none']
const bob = { subject: 'bob', generation: 'login-2' }

describe('a renewal in another tab', () => {
  it('P10 is taken over, and the next one is planned by it', async () => {
    const session = await quietSession()
    await session.advance(200_000)
    const facts = renewedFacts(someFacts(), session.clock.now())
    session.script.say('watchSiblings', { type: 'sibling.renewed', facts })
    expect(where(session)).toEqual(signedIn)
    expect(context(session).facts).toEqual(facts)
    expect(session.facts.at(-1)).toEqual({ type: 'session.renewed', expiresAt: facts.expiresAt })
    await session.advance(239_999)
    expect(access(session)).toBe('authenticated')
    expect(session.script.calls('holdTurn')).toEqual([])
  })

  it('P7 is taken over also where it lasts less: the next renewal is due sooner than this tab had planned', async () => {
    const session = await quietSession()
    await session.advance(100_000)
    const now = session.clock.now()
    const facts = { ...someFacts(), revision: 2, storedAt: now, expiresAt: now + 60_000, renewAt: now + 48_000 }
    session.script.say('watchSiblings', { type: 'sibling.renewed', facts })
    await session.advance(47_999)
    expect(access(session)).toBe('authenticated')
    await session.advance(1)
    expect(access(session)).toBe('refreshing.early')
  })

  it.each([
    ['the same write', {}],
    ['an older write', { revision: 0 }],
    ['another login', { revision: 2, generation: 'login-2' }],
  ])('changes nothing when it is %s', async (_name, changes) => {
    const session = await quietSession()
    session.script.say('watchSiblings', { type: 'sibling.renewed', facts: { ...someFacts(), ...changes } })
    expect(context(session).facts).toEqual(someFacts())
    expect(told(session)).toEqual(['session.started'])
  })
})

describe('an end in another tab', () => {
  it('P11 logs this one out as well, told once', async () => {
    const session = await quietSession()
    session.script.say('watchSiblings', { type: 'sibling.ended', generation: 'login-1', reason: 'logout' })
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session)).toMatchObject({ facts: null, profile: null, problem: null })
    expect(session.facts.at(-1)).toEqual({ type: 'session.ended', reason: 'logout' })
    expect(session.script.calls('clearCredentials')).toEqual([])
    expect(session.script.calls('revokeTokens')).toEqual([])
  })

  it.each(['expired', 'revoked', 'login_required', 'invalid_client', 'ceiling', 'idle'] as const)(
    'P11 ends this one for the same reason: %s',
    async (reason) => {
      const session = await quietSession()
      session.script.say('watchSiblings', { type: 'sibling.ended', generation: 'login-1', reason })
      expect(where(session)).toEqual(['unauthenticated'])
      expect(context(session)).toMatchObject({ facts: null, signedOutReason: reason })
      expect(session.facts.at(-1)).toEqual({ type: 'session.ended', reason })
    },
  )

  it('leaves nothing of a login that had failed before', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'stepUp', via: 'popup' })
    session.actor.send({ type: 'stepUp.cancel' })
    session.script.say('watchSiblings', { type: 'sibling.ended', generation: 'login-1', reason: 'revoked' })
    expect(context(session)).toMatchObject({ problem: null, login: null })
  })

  it('P12 ends a renewal that is under way', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'token.required' })
    session.script.say('watchSiblings', { type: 'sibling.ended', generation: 'login-1', reason: 'logout' })
    expect(where(session)).toEqual(['loggedOut'])
    expect(session.script.isOpen('holdTurn')).toBe(false)
  })

  it('P12 does not touch a newer login', async () => {
    const session = await quietSession({ generation: 'login-2' })
    session.script.say('watchSiblings', { type: 'sibling.ended', generation: 'login-1', reason: 'logout' })
    expect(where(session)).toEqual(signedIn)
  })

  it('is no news to those who are signed out', async () => {
    const session = await signedInSession({ restored: { outcome: 'empty', reason: 'expired' } })
    session.script.say('watchSiblings', { type: 'sibling.ended', generation: 'login-1', reason: 'logout' })
    expect(where(session)).toEqual(['unauthenticated'])
    expect(told(session)).toEqual([])
  })
})

describe('a login in another tab', () => {
  const anew = () => someSession({ generation: 'login-2', expiresAt: testNow + 900_000, renewAt: testNow + 800_000 })

  it('P11 of the same person is taken over, and the account goes on', async () => {
    const session = await quietSession()
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...anew() })
    expect(where(session)).toEqual(signedIn)
    expect(context(session).facts).toEqual(anew().facts)
    expect(session.waits()).toContain(800_000)
    expect(session.script.calls('loadProfile')).toHaveLength(1)
    expect(told(session)).toEqual(['session.started'])
  })

  it('P12 of the same person ends a renewal of the old credentials', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'token.refused', revision: 1 })
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...anew() })
    expect(where(session)).toEqual(signedIn)
    expect(session.script.isOpen('holdTurn')).toBe(false)
  })

  it('is no news when it is the login that this tab has', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'token.required' })
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession() })
    expect(access(session)).toBe('refreshing.early')
  })

  it('P13 of another person ends this one, and removes nothing of theirs', async () => {
    const session = await quietSession()
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession(bob) })
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session)).toMatchObject({ facts: null, profile: null, signedOutReason: 'subject_changed' })
    expect(session.facts.at(-1)).toEqual({ type: 'session.ended', reason: 'subject_changed' })
    expect(session.script.calls('clearCredentials')).toEqual([])
  })

  it.each([
    ['end', ['unauthenticated']],
    ['follow', signedIn],
  ] as const)(
    'P13 of another person that is found after a login here has failed: policy "%s"',
    async (policy, then) => {
      const session = await quietSession({}, { policy: { onSubjectChange: policy } })
      session.actor.send({ type: 'login', via: 'popup' })
      session.script.fail('loginInPopup', error('popup_closed'))
      await session.rest()
      session.script.settle('restoreSession', { outcome: 'found', ...someSession(bob) })
      await session.rest()
      expect(where(session)).toEqual(then)
      const ends = session.facts.filter(({ type }) => type === 'session.ended')
      expect(ends).toEqual(policy === 'end' ? [{ type: 'session.ended', reason: 'subject_changed' }] : [])
      expect(context(session)).toMatchObject(
        policy === 'end'
          ? { facts: null, profile: null, signedOutReason: 'subject_changed' }
          : { facts: { subject: 'bob' }, profile: { sub: 'bob' } },
      )
      expect(session.script.calls('clearCredentials')).toEqual([])
    },
  )

  it('P13 of another person is followed when the app asked for that', async () => {
    const session = await quietSession({}, { policy: { onSubjectChange: 'follow' } })
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession(bob) })
    expect(where(session)).toEqual(['checkingStorage.looking'])
    expect(session.actor.getSnapshot().hasTag('usable')).toBe(false)
    session.script.settle('restoreSession', { outcome: 'found', ...someSession(bob) })
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(session.facts.filter(({ type }) => type === 'session.started')).toEqual([
      { type: 'session.started', subject: 'alice' },
      { type: 'session.started', subject: 'bob' },
    ])
    expect(session.script.lastInput('loadProfile')).toEqual({ subject: 'bob' })
  })

  it('P12 can be left while this tab is following', async () => {
    const session = await quietSession({}, { policy: { onSubjectChange: 'follow' } })
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession(bob) })
    session.actor.send({ type: 'logout' })
    // Not alice's generation: what the vault holds is bob's.
    expect(session.script.lastInput('clearCredentials')).toEqual({ generation: null, reason: 'logout' })
  })
})
