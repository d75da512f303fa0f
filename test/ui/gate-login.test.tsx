// @vitest-environment happy-dom
import { act, StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  asSession,
  createScript,
  scriptedSession,
  someSession,
  type ScriptedFace,
} from '../../services/memory/index.ts'
import type { RestoreOutcome, SignedOutReason } from '../../machines/index.ts'
import {
  SessionGate,
  SessionProvider,
  type LoginStep,
  type SessionCommands,
  type SessionGateProps,
} from '../../ui/react/index.ts'
import { error, problem, quietAccount } from '../support/charts.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** An app behind gates, in StrictMode, opened where nobody is signed in. */
async function open(restored: RestoreOutcome, gate: ReactNode) {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  window.history.replaceState(null, '', '/orders?page=2#last')
  const script = createScript()
  quietAccount({ script })
  const session = asSession(scriptedSession({ script }))
  const view = document.createElement('main')
  const root = createRoot(view)
  act(() =>
    root.render(
      <StrictMode>
        <SessionProvider session={session}>{gate}</SessionProvider>
      </StrictMode>,
    ),
  )
  closers.push(() => act(() => root.unmount()))
  const rest = () => act(() => session.rest())
  script.settle('restoreSession', restored)
  await rest()
  return { session, script, view, rest, logins: () => loginsOf(session) }
}

const loginsOf = ({ script }: ScriptedFace) => script.calls('redirectToLogin').map(({ input }) => input.request)

const gate = (props: Partial<SessionGateProps> = {}) => (
  <SessionGate login signingIn={({ step }) => <i>{step}</i>} {...props}>
    <b>secret</b>
  </SessionGate>
)
const empty = (reason: SignedOutReason | 'logout'): RestoreOutcome => ({ outcome: 'empty', reason })

describe('a gate with a login', () => {
  it.each(['never', 'expired', 'revoked', 'login_required', 'storage_lost'] as const)(
    'sends whoever is signed out (%s) to log in, once, back to where the person is',
    async (reason) => {
      const { view, logins } = await open(empty(reason), gate())
      expect(logins()).toEqual([{ returnTo: '/orders?page=2#last' }])
      expect(view.innerHTML).toBe('<i>redirecting</i>')
    },
  )

  it('asks for what it was told to ask for', async () => {
    const { logins } = await open(empty('never'), gate({ login: { returnTo: '/', acrValues: 'mfa' } }))
    expect(logins()).toEqual([{ returnTo: '/', acrValues: 'mfa' }])
  })

  it('logs in once where there are several', async () => {
    const { logins } = await open(
      empty('never'),
      <>
        {gate()}
        {gate()}
      </>,
    )
    expect(logins()).toHaveLength(1)
  })

  it.each(['logout', 'idle', 'ceiling', 'subject_changed'] as const)(
    'leaves it to the person after %s, with a button that does the same',
    async (reason) => {
      const { view, rest, logins } = await open(empty(reason), gate())
      expect(logins()).toEqual([])
      expect(view.textContent).toBe('Log in')
      act(() => view.querySelector('button')?.click())
      await rest()
      expect(logins()).toEqual([{ returnTo: '/orders?page=2#last' }])
    },
  )

  it('does not log in after a logout from within', async () => {
    const { script, session, view, rest, logins } = await open({ outcome: 'found', ...someSession() }, gate())
    expect(view.textContent).toBe('secret')
    act(() => session.send({ type: 'logout' }))
    script.settle('clearCredentials', undefined)
    await rest()
    script.settle('revokeTokens', 'done')
    await rest()
    expect([view.textContent, logins()]).toEqual(['Log in', []])
  })

  it.each(['network', 'login_denied', 'login_loop'] as const)(
    'stops when a login failed (%s), and says why',
    async (code) => {
      const { script, view, rest, logins } = await open(empty('never'), gate())
      script.answer('restoreSession', empty('never'))
      script.fail('redirectToLogin', error(code))
      await rest()
      expect(logins()).toHaveLength(1)
      expect(view.querySelector('[role=alert]')?.textContent).toBe(`This is ${code}.`)
      act(() => view.querySelector('button')?.click())
      await rest()
      expect(logins()).toHaveLength(2)
    },
  )

  it('does not begin again when the person comes back from the provider by the back button', async () => {
    const { script, view, rest, logins } = await open(empty('never'), gate())
    expect(view.innerHTML).toBe('<i>redirecting</i>')
    script.answer('restoreSession', empty('never'))
    act(() => script.say('watchPage', { type: 'page.restored' }))
    await rest()
    expect(script.calls('redirectToLogin')).toHaveLength(1)
    expect(view.querySelector('[role=alert]')?.textContent).toBe('The login was cancelled.')
    act(() => view.querySelector('button')?.click())
    await rest()
    expect(logins()).toEqual([{ returnTo: '/orders?page=2#last' }, { returnTo: '/orders?page=2#last' }])
  })

  it('does not begin again when the person gives up while the page is being left', async () => {
    const cancel = ({ step, cancelLogin }: SessionCommands & { readonly step: LoginStep }) => (
      <button onClick={cancelLogin}>{step}</button>
    )
    const { script, view, rest, logins } = await open(empty('never'), gate({ signingIn: cancel }))
    script.answer('restoreSession', empty('never'))
    expect(view.textContent).toBe('redirecting')
    act(() => view.querySelector('button')?.click())
    await rest()
    expect(script.calls('redirectToLogin')).toHaveLength(1)
    expect(logins()).toHaveLength(1)
    expect(view.textContent).toBe('The login was cancelled.Log in')
  })

  it('stops when the storage is out of order, with content of the app’s own that knows the problem', async () => {
    const { view, logins } = await open(
      { outcome: 'empty', reason: 'never', problem: problem('vault_unavailable') },
      gate({ signedOut: (session) => <u>{session.problem?.code}</u> }),
    )
    expect([view.innerHTML, logins()]).toEqual(['<u>vault_unavailable</u>', []])
  })

  it('never shows the content for signed out on the way to the login', async () => {
    const signedOut = vi.fn<() => null>(() => null)
    const { logins } = await open(empty('never'), gate({ signedOut }))
    expect(logins()).toHaveLength(1)
    expect(signedOut).not.toHaveBeenCalled()
  })
})

it('a gate without a login sends nobody anywhere, and shows nothing by default', async () => {
  const { view, logins } = await open(
    empty('never'),
    <SessionGate>
      <b>secret</b>
    </SessionGate>,
  )
  expect([view.innerHTML, logins()]).toEqual(['', []])
})

it('a gate takes no login by a window: nobody clicks for it', () => {
  // @ts-expect-error Type '"popup"' is not assignable to type '"redirect"'.
  const props: SessionGateProps = { login: { via: 'popup' } }
  expect(props.login).toBeTypeOf('object')
})
