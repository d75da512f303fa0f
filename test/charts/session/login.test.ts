import { describe, expect, it } from 'vitest'
import { scriptedSession, signedInSession, someFacts, someSession } from '../../../services/memory/index.ts'
import { context, error, problem, told, where, type ScriptedSession } from '../../support/charts.ts'

const signedIn = ['active.access.authenticated', 'active.limits.within', 'active.stepUp.none']
const nobody = { outcome: 'empty', reason: 'never' } as const
const signedOut = () => signedInSession({ restored: nobody })

async function outcome(session: ScriptedSession) {
  await session.rest()
  return { where: where(session), problem: context(session).problem?.code, fact: session.facts.at(-1) }
}

/** What every failure leads to: the vault is looked at again. */
const backAtTheVault = (code: string) => ({
  where: ['checkingStorage.looking'],
  problem: code,
  fact: { type: 'login.failed', problem: { code, message: expect.any(String) as string } },
})

describe.each([
  ['somebody who never was here', nobody],
  ['somebody who logged out', { outcome: 'empty', reason: 'logout' }],
] as const)('login by %s', (_name, restored) => {
  it('leaves for the page of the provider, with all that was asked for', async () => {
    const session = await signedInSession({ restored })
    session.actor.send({ type: 'login', returnTo: '/orders', prompt: 'login', extraParams: { organization: 'org_1' } })
    expect(where(session)).toEqual(['authenticating.redirecting'])
    expect(session.script.lastInput('redirectToLogin')).toEqual({
      request: { returnTo: '/orders', prompt: 'login', extraParams: { organization: 'org_1' } },
    })
    expect(session.actor.getSnapshot().hasTag('signingIn')).toBe(true)
  })

  it('P16 opens the popup while the click still counts', async () => {
    const session = await signedInSession({ restored })
    session.actor.send({ type: 'login', via: 'popup', loginHint: 'alice' })
    // No promise had time to take effect since the click.
    expect(session.script.lastInput('loginInPopup')).toEqual({ request: { via: 'popup', loginHint: 'alice' } })
    expect(where(session)).toEqual(['authenticating.inPopup'])
  })

  it('looks into the vault when the person logs in in another tab', async () => {
    const session = await signedInSession({ restored })
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession() })
    expect(where(session)).toEqual(['checkingStorage.looking'])
    session.script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await session.rest()
    expect(where(session)).toEqual(signedIn)
  })
})

describe('login by redirect', () => {
  it('stays where it is while the browser is on its way, and no longer than the policy says', async () => {
    const session = await signedOut()
    session.actor.send({ type: 'login' })
    session.script.settle('redirectToLogin', undefined)
    await session.advance(11_999)
    expect(where(session)).toEqual(['authenticating.redirecting'])
    await session.advance(1)
    expect(await outcome(session)).toEqual(backAtTheVault('login_timeout'))
  })

  it('goes back to the vault when the provider cannot be reached', async () => {
    const session = await signedOut()
    session.actor.send({ type: 'login' })
    session.script.fail('redirectToLogin', error('network'))
    expect(await outcome(session)).toEqual(backAtTheVault('network'))
  })

  it('goes back to the vault when the person returns by the back button', async () => {
    const session = await signedOut()
    session.actor.send({ type: 'login' })
    session.script.say('watchPage', { type: 'page.restored' })
    expect(await outcome(session)).toEqual(backAtTheVault('login_cancelled'))
    expect(session.script.calls('redirectToLogin')[0]?.state).toBe('left')
  })

  it('goes back to the vault when the app gives up', async () => {
    const session = await signedOut()
    session.actor.send({ type: 'login' })
    session.actor.send({ type: 'login.cancel' })
    expect(await outcome(session)).toEqual(backAtTheVault('login_cancelled'))
  })

  it('is signed in once the answer is exchanged, and tells where to go', async () => {
    const session = await signedInSession({ restored: { outcome: 'loginResponse' } })
    session.script.settle('completeLogin', { ...someSession(), returnTo: '/orders' })
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(session.facts).toEqual([
      { type: 'login.completed', returnTo: '/orders' },
      { type: 'session.started', subject: 'alice' },
    ])
    expect(context(session)).toMatchObject({ facts: someFacts(), login: null, problem: null })
  })

  it('P15 has a way on when the answer was used before', async () => {
    const session = await signedInSession({ restored: { outcome: 'loginResponse' } })
    session.script.fail('completeLogin', error('unknown_response'))
    expect(await outcome(session)).toEqual(backAtTheVault('unknown_response'))
    session.script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(context(session).problem).toEqual(problem('unknown_response'))
  })

  it.each([
    ['completing', 'completeLogin'],
    ['inPopup', 'loginInPopup'],
  ] as const)('P11 P15 looks which login was the last when another tab’s was heard of while %s', async (step, port) => {
    const session = await signedInSession({ restored: step === 'inPopup' ? nobody : { outcome: 'loginResponse' } })
    if (step === 'inPopup') session.actor.send({ type: 'login', via: 'popup' })
    const other = someSession({ generation: 'login-2' })
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...other })
    expect(where(session)).toEqual([`authenticating.${step}`])
    session.script.settle(port, { ...someSession(), returnTo: '/orders' })
    await session.rest()
    expect(where(session)).toEqual(['checkingStorage.looking'])
    expect(session.facts).toEqual([{ type: 'login.completed', returnTo: '/orders' }])
    session.script.settle('restoreSession', { outcome: 'found', ...other })
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(context(session)).toMatchObject({ facts: { generation: 'login-2' }, heardLogin: false, login: null })
  })

  it('does not wait for ever for the exchange', async () => {
    const session = await signedInSession({ restored: { outcome: 'loginResponse' } })
    await session.advance(30_000)
    expect(await outcome(session)).toEqual(backAtTheVault('login_timeout'))
    expect(session.script.calls('completeLogin')[0]?.state).toBe('left')
  })
})

describe('login by popup', () => {
  const inPopup = async () => {
    const session = await signedOut()
    session.actor.send({ type: 'login', via: 'popup' })
    return session
  }

  it('is signed in when the window has its answer', async () => {
    const session = await inPopup()
    session.script.settle('loginInPopup', someSession())
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(told(session)).toEqual(['login.completed', 'session.started'])
    expect(session.facts[0]).toEqual({ type: 'login.completed' })
  })

  it.each(['popup_blocked', 'popup_closed', 'login_denied', 'unknown_response', 'invalid_id_token'] as const)(
    'P16 tells %s by its own code, and can log in again',
    async (code) => {
      const session = await inPopup()
      session.script.fail('loginInPopup', error(code))
      expect(await outcome(session)).toEqual(backAtTheVault(code))
      session.script.settle('restoreSession', nobody)
      await session.rest()
      expect(where(session)).toEqual(['unauthenticated'])
      expect(context(session)).toMatchObject({ problem: problem(code), login: null, signedOutReason: 'never' })
      session.actor.send({ type: 'login', via: 'popup' })
      expect(context(session).problem).toBeNull()
    },
  )

  it('goes back to the vault when the person or the app gives up', async () => {
    const session = await inPopup()
    session.actor.send({ type: 'login.cancel' })
    expect(await outcome(session)).toEqual(backAtTheVault('login_cancelled'))
    expect(session.script.calls('loginInPopup')[0]?.state).toBe('left')
  })

  it('does not wait for ever for a window', async () => {
    const session = await inPopup()
    await session.advance(120_000)
    expect(await outcome(session)).toEqual(backAtTheVault('login_timeout'))
  })
})

describe('a login that fails', () => {
  it.each(['redirect', 'popup'] as const)('leaves a session that was there before: by %s', async (via) => {
    const session = await signedInSession()
    session.actor.send({ type: 'login', via })
    expect(where(session)).toEqual([via === 'popup' ? 'authenticating.inPopup' : 'authenticating.redirecting'])
    session.script.fail(via === 'popup' ? 'loginInPopup' : 'redirectToLogin', error('login_denied'))
    expect(await outcome(session)).toEqual(backAtTheVault('login_denied'))
    session.script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await session.rest()
    expect(where(session)).toEqual(signedIn)
    expect(context(session)).toMatchObject({ facts: someFacts(), login: null, problem: problem('login_denied') })
  })

  it('does not make the reason forgotten for which the session had ended', async () => {
    const session = await signedInSession({ restored: { outcome: 'empty', reason: 'revoked' } })
    session.actor.send({ type: 'login', via: 'popup' })
    session.actor.send({ type: 'login.cancel' })
    session.script.settle('restoreSession', nobody)
    await session.rest()
    expect(context(session)).toMatchObject({ signedOutReason: 'revoked', problem: { code: 'login_cancelled' } })
  })

  it.each([
    ['never', 'unauthenticated'],
    ['logout', 'loggedOut'],
  ] as const)('is not spoken of any more once the person logged in in another tab: %s', async (reason, state) => {
    const restored = { outcome: 'empty', reason } as const
    const session = await signedInSession({ restored })
    session.actor.send({ type: 'login', via: 'popup' })
    session.script.fail('loginInPopup', error('popup_closed'))
    await session.rest()
    session.script.settle('restoreSession', restored)
    await session.rest()
    expect(where(session)).toEqual([state])
    expect(context(session).problem).toEqual(problem('popup_closed'))
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession() })
    session.script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await session.rest()
    expect(context(session).problem).toBeNull()
  })

  it('tells the end of a session that another tab ended meanwhile', async () => {
    const session = await signedInSession()
    session.actor.send({ type: 'login', via: 'popup' })
    session.actor.send({ type: 'login.cancel' })
    session.script.settle('restoreSession', { outcome: 'empty', reason: 'logout' })
    await session.rest()
    expect(where(session)).toEqual(['loggedOut'])
    expect(context(session)).toMatchObject({ facts: null, profile: null, login: null })
    expect(session.facts.at(-1)).toEqual({ type: 'session.ended', reason: 'logout' })
  })
})

describe('logging out in the middle of a login', () => {
  it.each(['redirecting', 'inPopup', 'completing'] as const)(
    'P12 removes whatever is kept by then: %s',
    async (step) => {
      const session =
        step === 'completing'
          ? await signedInSession({ restored: { outcome: 'loginResponse' } })
          : await signedInSession()
      if (step !== 'completing') session.actor.send({ type: 'login', via: step === 'inPopup' ? 'popup' : 'redirect' })
      expect(where(session)).toEqual([`authenticating.${step}`])
      session.actor.send({ type: 'logout' })
      expect(where(session)).toEqual(['ending.clearing'])
      expect(session.script.lastInput('clearCredentials')).toEqual({ generation: null, reason: 'logout' })
      const left = { redirecting: 'redirectToLogin', inPopup: 'loginInPopup', completing: 'completeLogin' } as const
      expect(session.script.isOpen(left[step])).toBe(false)
      session.script.settle('clearCredentials', undefined)
      session.script.answer('revokeTokens', 'done')
      await session.rest()
      expect(where(session)).toEqual(['loggedOut'])
      expect(session.facts.at(-1)).toMatchObject({ type: 'logout.finished', ending: { reason: 'logout', from: 'app' } })
    },
  )
})

it('does not log in while it does not know yet who is there', () => {
  expect(scriptedSession().actor.getSnapshot().can({ type: 'login' })).toBe(false)
})
