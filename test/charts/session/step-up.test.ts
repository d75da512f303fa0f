import { describe, expect, it } from 'vitest'
import { scriptedSession, someSession, testNow } from '../../../services/memory/index.ts'
import { access, context, error, problem, quietAccount, quietSession, told, where } from '../../support/charts.ts'

const signedIn = ['active.access.authenticated', 'active.limits.within', 'active.stepUp.none']
const inPopup = ['active.access.authenticated', 'active.limits.within', 'active.stepUp.inPopup']
const stronger = () => someSession({ generation: 'login-2', expiresAt: testNow + 600_000, renewAt: testNow + 500_000 })

const steppingUp = async () => {
  const session = await quietSession()
  session.actor.send({ type: 'stepUp', via: 'popup', acrValues: 'mfa' })
  return session
}

describe('authenticating again from within a session, in a window', () => {
  it('leaves the app as it is meanwhile', async () => {
    const session = await steppingUp()
    expect(where(session)).toEqual(inPopup)
    expect(session.script.lastInput('stepUpInPopup')).toEqual({
      request: { via: 'popup', acrValues: 'mfa' },
      subject: 'alice',
    })
    expect(session.actor.getSnapshot().hasTag('usable')).toBe(true)
    expect(context(session).facts?.generation).toBe('login-1')
  })

  it('takes the new credentials over, tells it, and starts nothing anew', async () => {
    const session = await steppingUp()
    session.script.settle('stepUpInPopup', { ...stronger(), returnTo: '/transfer' })
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(context(session)).toMatchObject({ facts: stronger().facts, login: null, problem: null })
    expect(session.waits()).toContain(500_000)
    expect(told(session)).toEqual(['session.started', 'login.completed'])
    expect(session.facts.at(-1)).toEqual({ type: 'login.completed', returnTo: '/transfer' })
    expect(session.script.calls('loadProfile')).toHaveLength(1)
  })

  it('takes over from a renewal of the old credentials', async () => {
    const session = await steppingUp()
    await session.advance(110_000)
    session.actor.send({ type: 'token.refused', revision: 1 })
    expect(access(session)).toBe('refreshing.late')
    session.script.settle('stepUpInPopup', stronger())
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(session.script.isOpen('holdTurn')).toBe(false)
  })

  it('counts the limits from then on', async () => {
    const session = await quietSession({ ceilingAt: testNow + 90_000 })
    session.actor.send({ type: 'stepUp', via: 'popup' })
    await session.advance(60_000)
    expect(where(session)).toContain('active.limits.warned')
    const { facts, profile } = stronger()
    session.script.settle('stepUpInPopup', { facts: { ...facts, ceilingAt: testNow + 900_000 }, profile })
    await session.rest()
    expect(where(session)).toEqual(signedIn)
  })

  it.each(['popup_blocked', 'popup_closed', 'login_denied', 'subject_changed'] as const)(
    'leaves the session as it was: %s',
    async (code) => {
      const session = await steppingUp()
      session.script.fail('stepUpInPopup', error(code))
      await session.rest()
      expect(where(session)).toEqual(signedIn)
      expect(context(session)).toMatchObject({ facts: { generation: 'login-1' }, problem: problem(code) })
      expect(session.facts.at(-1)).toEqual({ type: 'login.failed', problem: problem(code) })
    },
  )

  it('leaves the session as it was when the app gives up', async () => {
    const session = await steppingUp()
    session.actor.send({ type: 'stepUp.cancel' })
    expect(where(session)).toEqual(signedIn)
    expect(session.facts.at(-1)).toMatchObject({ type: 'login.failed', problem: { code: 'login_cancelled' } })
    expect(session.script.isOpen('stepUpInPopup')).toBe(false)
  })

  it('leaves the session as it was when the window is open too long', async () => {
    const session = await steppingUp()
    await session.advance(120_000)
    expect(where(session)).toEqual(signedIn)
    expect(session.facts.at(-1)).toMatchObject({ type: 'login.failed', problem: { code: 'login_timeout' } })
  })

  it('opens one window, not two', async () => {
    const session = await steppingUp()
    expect(session.actor.getSnapshot().can({ type: 'stepUp', via: 'popup' })).toBe(false)
  })

  it('goes on when the person logs in anew in another tab, and can still be denied', async () => {
    const session = await steppingUp()
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...stronger() })
    expect(where(session)).toEqual(inPopup)
    expect(session.script.calls('stepUpInPopup')).toHaveLength(1)
    session.script.fail('stepUpInPopup', error('login_denied'))
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(context(session).facts?.generation).toBe('login-2')
  })

  it('ends with the session', async () => {
    const session = await steppingUp()
    session.actor.send({ type: 'logout' })
    expect(where(session)).toEqual(['ending.clearing'])
    expect(session.script.isOpen('stepUpInPopup')).toBe(false)
  })

  it('is not spoken of any more after the session ended', async () => {
    const session = await steppingUp()
    session.script.fail('stepUpInPopup', error('login_denied'))
    await session.rest()
    session.actor.send({ type: 'logout' })
    session.script.answer('revokeTokens', 'done')
    session.script.settle('clearCredentials', undefined)
    await session.rest()
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session)).toMatchObject({ problem: null, login: null })
  })
})

describe('authenticating again from within a session, by redirect', () => {
  it('leaves for the page of the provider, and says who has to come back', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'stepUp', maxAge: 0, returnTo: '/transfer' })
    expect(where(session)).toEqual(['authenticating.redirecting'])
    expect(session.script.lastInput('redirectToLogin')).toEqual({
      request: { maxAge: 0, returnTo: '/transfer' },
      subject: 'alice',
    })
  })

  it.each([
    ['redirect', 'redirectToLogin'],
    ['popup', 'loginInPopup'],
  ] as const)('a login from within a session may be anyone’s, as it was asked for: by %s', async (via, port) => {
    const session = await quietSession()
    session.actor.send({ type: 'login', via, returnTo: '/orders' })
    expect(session.script.lastInput(port)).toEqual({ request: { via, returnTo: '/orders' } })
  })

  it.each(['login_denied', 'subject_changed', 'authentication_too_weak'] as const)(
    'leaves the session as it was, and says where the person was going: %s',
    async (code) => {
      const session = scriptedSession({ restored: { outcome: 'loginResponse', returnTo: '/transfer' } })
      await session.rest()
      session.script.fail('completeLogin', error(code))
      await session.rest()
      expect(session.facts.at(-1)).toEqual({ type: 'login.failed', problem: problem(code), returnTo: '/transfer' })
      quietAccount(session)
      session.script.settle('restoreSession', { outcome: 'found', ...someSession() })
      await session.rest()
      expect(where(session)).toEqual(signedIn)
      expect(context(session)).toMatchObject({ facts: { generation: 'login-1' }, problem: problem(code) })
    },
  )
})
