// @vitest-environment happy-dom
import { act, StrictMode, Suspense, use, useDeferredValue, useState, useTransition, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it, vi } from 'vitest'
import {
  asSession,
  createScript,
  scriptedSession,
  someSession,
  type ScriptedFace,
} from '../../services/memory/index.ts'
import { SessionGate, SessionProvider, useSessionInstance, useUserMetadata } from '../../ui/react/index.ts'
import { quietAccount } from '../support/charts.ts'

// What React's own means do with a session: nothing of ours stands between.

function open(app: (session: ScriptedFace) => ReactNode) {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const script = createScript()
  quietAccount({ script })
  const session = asSession(scriptedSession({ script }))
  const view = document.createElement('main')
  const root = createRoot(view)
  const rest = () => act(() => session.rest())
  return {
    view,
    rest,
    session,
    script,
    close: () => act(() => root.unmount()),
    render: () =>
      act(async () =>
        root.render(
          <StrictMode>
            <SessionProvider session={session}>{app(session)}</SessionProvider>
          </StrictMode>,
        ),
      ),
    restore: async () => {
      script.settle('restoreSession', { outcome: 'found', ...someSession() })
      await rest()
    },
    /** What is shown, without what React has hidden. */
    text: () =>
      [...view.childNodes]
        .filter((node) => !(node instanceof HTMLElement) || node.style.display !== 'none')
        .map((node) => node.textContent)
        .join(''),
  }
}

function Orders() {
  use(useSessionInstance().ready)
  return <SessionGate restoring="never seen">{({ subject }) => `Orders of ${subject}`}</SessionGate>
}

it('use(session.ready) leaves it to a boundary of the app’s what is shown until the vault was read', async () => {
  const { view, text, render, restore, close } = open(() => (
    <Suspense fallback={<b>The whole page</b>}>
      <Orders />
    </Suspense>
  ))
  await render()
  expect(text()).toBe('The whole page')
  await restore()
  expect(text()).toBe('Orders of alice')
  expect(view.innerHTML).not.toContain('never seen')
  close()
})

it('a transition to such a screen keeps the one that was until the vault was read', async () => {
  function Screens() {
    const [screen, show] = useState('home')
    const [isPending, startTransition] = useTransition()
    return (
      <Suspense fallback="a flash">
        <button onClick={() => startTransition(() => show('orders'))}>{isPending ? 'Opening' : 'Open'}</button>
        {screen === 'home' ? <i>Home</i> : <Orders />}
      </Suspense>
    )
  }
  const { view, text, render, restore, close } = open(() => <Screens />)
  await render()
  expect(text()).toBe('OpenHome')
  await act(async () => view.querySelector('button')?.click())
  expect(text()).toBe('OpeningHome')
  await restore()
  expect(text()).toBe('OpenOrders of alice')
  close()
})

it('what is told by a hook is told at once; deferred, it keeps what was there while something is fetched by it', async () => {
  let arrive = (_: string): void => {}
  const anywhere = Promise.resolve('-')
  const inNorway = new Promise<string>((resolve) => (arrive = resolve))
  const Shops = ({ country }: { readonly country: unknown }) => <i>{use(country === 'Norway' ? inNorway : anywhere)}</i>
  function Both() {
    const country = useUserMetadata().metadata?.['country']
    const deferred = useDeferredValue(country)
    return (
      <>
        <Suspense fallback="at once: nothing. ">
          <Shops country={country} />
        </Suspense>
        <Suspense fallback="deferred: nothing. ">
          <Shops country={deferred} />
        </Suspense>
      </>
    )
  }
  const { text, rest, session, script, render, restore, close } = open(() => <Both />)
  await render()
  await restore()
  expect(text()).toBe('--')
  script.hold('saveMetadata')
  await act(async () => session.send({ type: 'metadata.patch', patch: { country: 'Norway' } }))
  await rest()
  expect(text()).toBe('at once: nothing. -')
  await act(async () => arrive('Oslo'))
  expect(text()).toBe('OsloOslo')
  close()
})
