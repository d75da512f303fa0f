import { describe, expect, it } from 'vitest'
import type { RestoreOutcome, SilentLogin } from '../../../machines/index.ts'
import { createScript, scriptedSession, someFacts, someSession, testNow } from '../../../services/memory/index.ts'
import { access, context, error, problem, quietAccount, told, where } from '../../support/charts.ts'

const nobody = { outcome: 'empty', reason: 'never' } as const
const signedIn = ['active.access.authenticated', 'active.limits.within', 'active.stepUp.none']
const expired = { expiresAt: testNow - 1, renewAt: testNow - 1, storedAt: testNow - 300_000, renewable: false }

async function opened(silentLogin: SilentLogin, restored: RestoreOutcome = nobody) {
  const script = createScript()
  quietAccount({ script })
  const session = scriptedSession({ script, policy: { silentLogin, idleTimeout: 600_000 }, restored })
  await session.rest()
  return session
}

const ways = [
  ['iframe', 'inFrame', 'loginInFrame'],
  ['redirect', 'redirecting', 'redirectSilently'],
] as const

describe.each(ways)('asking the provider at opening: %s', (silentLogin, step, port) => {
  it('is tried where nobody is signed in here, and shows as looking', async () => {
    const session = await opened(silentLogin)
    expect(where(session)).toEqual([`askingProvider.${step}`])
    expect(session.script.isOpen(port)).toBe(true)
    expect(session.actor.getSnapshot().hasTag('restoring')).toBe(true)
    expect(told(session)).toEqual([])
  })

  it.each(['never', 'expired', 'revoked', 'login_required', 'storage_lost'] as const)(
    'is tried after an end that nobody wanted, and the reason stays: %s',
    async (reason) => {
      const session = await opened(silentLogin, { outcome: 'empty', reason })
      session.script.fail(port, error('login_required'))
      await session.rest()
      session.script.settle('restoreSession', nobody)
      await session.rest()
      expect(where(session)).toEqual(['unauthenticated'])
      expect(context(session).signedOutReason).toBe(reason)
    },
  )

  it.each(['logout', 'idle', 'ceiling'] as const)('is not tried after %s', async (reason) => {
    const session = await opened(silentLogin, { outcome: 'empty', reason })
    expect(where(session)).toEqual([reason === 'logout' ? 'loggedOut' : 'unauthenticated'])
    expect(session.script.calls(port)).toEqual([])
  })

  it('is not tried where what has expired can be renewed', async () => {
    const session = await opened(silentLogin, { outcome: 'found', ...someSession({ ...expired, renewable: true }) })
    expect(access(session)).toBe('refreshing.late')
    expect(session.script.calls(port)).toEqual([])
  })

  it('is not tried where someone is signed in, nor when that session ends later', async () => {
    const session = await opened(silentLogin, { outcome: 'found', ...someSession() })
    session.script.say('watchSiblings', { type: 'sibling.ended', generation: 'login-1', reason: 'revoked' })
    expect(where(session)).toEqual(['unauthenticated'])
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession() })
    session.script.settle('restoreSession', nobody)
    await session.rest()
    expect(where(session)).toEqual(['unauthenticated'])
    expect(session.script.calls(port)).toEqual([])
  })

  it('is an answer, no failure, when the provider would have to ask the person', async () => {
    const session = await opened(silentLogin)
    session.script.fail(port, error('login_required'))
    await session.rest()
    session.script.settle('restoreSession', nobody)
    await session.rest()
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session)).toMatchObject({ problem: null, signedOutReason: 'never' })
    expect(session.facts).toEqual([{ type: 'silentLogin.ended' }])
    expect(session.script.calls(port)).toHaveLength(1)
  })

  it.each([
    { type: 'sibling.ended', generation: 'login-1', reason: 'revoked' },
    { type: 'sibling.loggedIn', ...someSession() },
    { type: 'sibling.renewed', facts: someFacts() },
  ] as const)('is not tried any more once $type came while this tab looked', async (news) => {
    const session = scriptedSession({ policy: { silentLogin } })
    session.script.say('watchSiblings', news)
    session.script.answer('restoreSession', nobody)
    session.script.settle('restoreSession', nobody)
    await session.rest()
    expect(where(session)).toEqual(['unauthenticated'])
    expect(session.script.calls(port)).toEqual([])
  })

  it.each(['network', 'invalid_response', 'login_loop'] as const)(
    'is told, and no alarm, when it fails: %s',
    async (code) => {
      const session = await opened(silentLogin)
      session.script.fail(port, error(code))
      await session.rest()
      session.script.settle('restoreSession', nobody)
      await session.rest()
      expect(where(session)).toEqual(['unauthenticated'])
      expect(context(session).problem).toBeNull()
      expect(session.facts).toEqual([{ type: 'silentLogin.ended', problem: problem(code) }])
    },
  )

  it('is bounded', async () => {
    const session = await opened(silentLogin)
    await session.advance(8_999)
    expect(where(session)).toEqual([`askingProvider.${step}`])
    await session.advance(1)
    expect(where(session)).toEqual(['checkingStorage.looking'])
    expect(session.facts).toMatchObject([{ type: 'silentLogin.ended', problem: { code: 'timeout' } }])
    expect(session.script.isOpen(port)).toBe(false)
  })

  it('gives way to the person who does not want to wait', async () => {
    for (const via of ['popup', 'redirect'] as const) {
      const session = await opened(silentLogin)
      session.actor.send({ type: 'login', via, loginHint: 'alice' })
      expect(where(session)).toEqual([via === 'popup' ? 'authenticating.inPopup' : 'authenticating.redirecting'])
      const asked = session.script.lastInput(via === 'popup' ? 'loginInPopup' : 'redirectToLogin')
      expect(asked).toEqual({ request: { via, loginHint: 'alice' } })
      expect(session.script.isOpen(port)).toBe(false)
    }
  })

  it('gives way to a logout, and to a login in another tab', async () => {
    const leaving = await opened(silentLogin)
    leaving.actor.send({ type: 'logout' })
    expect(where(leaving)).toEqual(['ending.clearing'])
    expect(leaving.script.lastInput('clearCredentials')).toEqual({ generation: null, reason: 'logout' })
    leaving.script.settle('clearCredentials', undefined)
    leaving.script.answer('revokeTokens', 'done')
    await leaving.rest()
    expect(where(leaving)).toEqual(['loggedOut'])
    expect(leaving.facts.at(-1)).toMatchObject({ type: 'logout.finished', ending: { reason: 'logout', from: 'app' } })
    const lost = { outcome: 'empty', reason: 'storage_lost', problem: problem('vault_unreadable') } as const
    const joining = await opened(silentLogin, lost)
    expect(context(joining).problem).toEqual(problem('vault_unreadable'))
    joining.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession() })
    joining.script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await joining.rest()
    expect(where(joining)).toEqual(signedIn)
    expect(context(joining).problem).toBeNull()
  })

  it('comes before the end of a session that has expired and cannot be renewed', async () => {
    const session = await opened(silentLogin, { outcome: 'found', ...someSession(expired) })
    expect(where(session)).toEqual([`askingProvider.${step}`])
    session.script.fail(port, error('login_required'))
    await session.rest()
    session.script.settle('restoreSession', { outcome: 'found', ...someSession(expired) })
    await session.rest()
    expect(where(session)).toEqual(['ending.clearing'])
    expect(session.script.lastInput('clearCredentials')).toEqual({ generation: 'login-1', reason: 'expired' })
  })
})

describe('asking the provider at opening', () => {
  it('signs in by a frame whoever is signed in at the provider', async () => {
    const session = await opened('iframe')
    session.script.settle('loginInFrame', someSession())
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(told(session)).toEqual(['login.completed', 'session.started'])
    expect(context(session)).toMatchObject({ facts: someFacts(), problem: null })
  })

  it('by redirect, the page that comes back signs in, and says where the person was', async () => {
    const restored = { outcome: 'loginResponse', isSilent: true, returnTo: '/orders' } as const
    const session = await opened('redirect', restored)
    expect(where(session)).toEqual(['askingProvider.completing'])
    session.script.settle('completeLogin', { ...someSession(), returnTo: '/orders' })
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(session.facts[0]).toEqual({ type: 'login.completed', returnTo: '/orders' })
    expect(context(session)).toMatchObject({ facts: someFacts(), profile: { sub: 'alice' }, login: null })
  })

  it('by redirect, an answer that cannot be used is told with what is wrong, and no alarm', async () => {
    const session = await opened('redirect', { outcome: 'loginResponse', isSilent: true, returnTo: '/orders' })
    session.script.fail('completeLogin', error('invalid_response'))
    await session.rest()
    expect(where(session)).toEqual(['checkingStorage.looking'])
    expect(session.facts).toEqual([
      { type: 'silentLogin.ended', problem: problem('invalid_response'), returnTo: '/orders' },
    ])
    expect(context(session).problem).toBeNull()
  })

  it('by redirect, the page that comes back with nobody says where the person was, and does not ask again', async () => {
    const restored = { outcome: 'loginResponse', isSilent: true, returnTo: '/orders' } as const
    const session = await opened('redirect', restored)
    session.script.fail('completeLogin', error('login_required'))
    await session.rest()
    session.script.settle('restoreSession', nobody)
    await session.rest()
    expect(where(session)).toEqual(['unauthenticated'])
    expect(session.facts).toEqual([{ type: 'silentLogin.ended', returnTo: '/orders' }])
    expect(session.script.calls('redirectSilently')).toEqual([])
    expect(context(session)).toMatchObject({ problem: null, login: null })
  })

  it('by redirect, an answer that cannot be exchanged in time is told, and no alarm', async () => {
    const session = await opened('redirect', { outcome: 'loginResponse', isSilent: true })
    await session.advance(30_000)
    expect(where(session)).toEqual(['checkingStorage.looking'])
    expect(session.facts).toMatchObject([{ type: 'silentLogin.ended', problem: { code: 'timeout' } }])
  })

  it('ends where the page comes back with the back button', async () => {
    const session = await opened('redirect')
    session.script.say('watchPage', { type: 'page.restored' })
    expect(where(session)).toEqual(['checkingStorage.looking'])
    expect(session.facts).toEqual([{ type: 'silentLogin.ended' }])
    session.script.settle('restoreSession', nobody)
    await session.rest()
    expect(where(session)).toEqual(['unauthenticated'])
  })

  it('is not done after a login that failed, nor in a page that only hands an answer over', async () => {
    const failed = await opened('iframe', { outcome: 'loginResponse' })
    failed.script.fail('completeLogin', error('login_denied'))
    await failed.rest()
    failed.script.settle('restoreSession', nobody)
    await failed.rest()
    expect(where(failed)).toEqual(['unauthenticated'])
    expect(failed.facts).toEqual([{ type: 'login.failed', problem: problem('login_denied') }])
    const relaying = await opened('iframe', { outcome: 'relay' })
    await relaying.advance(30_000)
    relaying.script.settle('restoreSession', nobody)
    await relaying.rest()
    expect(where(relaying)).toEqual(['unauthenticated'])
    expect(relaying.script.calls('loginInFrame')).toEqual([])
  })

  it('is not done where the storage cannot be read', async () => {
    const session = scriptedSession({ policy: { silentLogin: 'iframe' } })
    session.script.fail('restoreSession', error('vault_unavailable'))
    await session.rest()
    expect(where(session)).toEqual(['unauthenticated'])
    expect(context(session).problem).toEqual(problem('vault_unavailable'))
  })
})
