// @vitest-environment happy-dom
import * as React from 'react'
import { act, StrictMode, type ComponentType } from 'react'
import * as jsx from 'react/jsx-runtime'
import { createRoot } from 'react-dom/client'
import * as router from 'react-router'
import { afterEach, expect, test, vi } from 'vitest'
import * as zod from 'zod'
import { SessionError } from '../../machines/errors.ts'
import { selectStatus } from '../../machines/index.ts'
import type { RestoreOutcome } from '../../machines/session/types.ts'
import * as sessionchart from '../../services/index.ts'
import * as react from '../../ui/react/index.ts'
import { someSession, testNow, type ScriptedFace } from '../model/index.ts'
import { runRecipe } from './run.ts'
import { scripted } from './scripted.ts'

// The recipes with components, drawn in StrictMode, with a session on scripted services.

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

const modules = {
  react: React,
  'react/jsx-runtime': jsx,
  'react-router': router,
  zod,
  sessionchart,
  'sessionchart/react': react,
}

/** What the component shows, and what a person does with it. */
async function show(component: unknown, session: ScriptedFace) {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const Component = component as ComponentType
  const view = document.createElement('main')
  const root = createRoot(view)
  closers.push(() => act(() => root.unmount()))
  const rest = () => act(() => session.rest())
  await act(async () =>
    root.render(
      <StrictMode>
        <react.SessionProvider session={session}>
          <Component />
        </react.SessionProvider>
      </StrictMode>,
    ),
  )
  await rest()
  const happen = async (change: () => void) => {
    await act(async () => change())
    await rest()
  }
  return {
    text: () => view.textContent,
    happen,
    click: (selector: string, number = 0) =>
      happen(() => view.querySelectorAll<HTMLElement>(selector)[number]?.click()),
  }
}

const nobody: RestoreOutcome = { outcome: 'empty', reason: 'never' }
const alice: RestoreOutcome = { outcome: 'found', ...someSession() }

const Orders = () => 'The orders'
const Home = () => 'The front page'

async function atOrders(restored: RestoreOutcome, path: string) {
  window.history.replaceState(null, '', path)
  const session = await scripted({ restored })
  const { App } = await runRecipe('A guarded route', 0, modules, { session, Orders, Home })
  return { session, ...(await show(App, session)) }
}

test('A guarded route: who is signed out is sent away, to come back to where they were', async () => {
  const { session, text } = await atOrders(nobody, '/orders?page=2')
  expect(session.script.lastInput('redirectToLogin').request).toMatchObject({ returnTo: '/orders?page=2' })
  expect(text()).not.toContain('The orders')
})

test('A guarded route: who comes back goes on where they were, and who is signed in sees it', async () => {
  const { session, text, happen } = await atOrders({ outcome: 'loginResponse' }, '/callback')
  expect(text()).toBe('One moment…')
  await happen(() => session.script.settle('completeLogin', { ...someSession(), returnTo: '/orders' }))
  expect(text()).toBe('The orders')
  expect(window.location.pathname).toBe('/orders')
})

test('A guarded route: after a logout nobody is sent away', async () => {
  const { session, text } = await atOrders({ outcome: 'empty', reason: 'logout' }, '/orders')
  expect(session.script.calls('redirectToLogin')).toEqual([])
  expect(text()).toContain('Log in')
})

test('A login in a window of its own', async () => {
  const session = await scripted({ restored: nobody })
  const { LoginButton } = await runRecipe('A login in a window of its own', 0, modules, {})
  const { text, click, happen } = await show(LoginButton, session)
  await click('button')
  const blocked = new SessionError('popup_blocked', 'The browser opened no login window.')
  await happen(() => session.script.fail('loginInPopup', blocked))
  await happen(() => session.script.settle('restoreSession', nobody))
  expect(text()).toBe('Log inLog in on this page')
  await click('button', 1)
  expect(session.script.isOpen('redirectToLogin')).toBe(true)
  expect(text()).toBe('')
})

test('User metadata, typed by a schema', async () => {
  const session = await scripted({ restored: alice })
  const { Preferences } = await runRecipe('User metadata, typed by a schema', 0, modules, {})
  const { text, click, happen } = await show(Preferences, session)
  await click('input')
  expect(session.script.lastInput('keepPatch').patch).toEqual({ newsletter: true })
  expect(text()).toContain('Saving…')
  await happen(() => session.script.fail('saveMetadata', new SessionError('metadata_refused', 'Not with us.')))
  expect(text()).toContain('Not with us. Try again')
  await click('button')
  expect(session.script.isOpen('saveMetadata')).toBe(true)
})

test('"Still there?": who moves stays, and who reaches the greatest age logs in again', async () => {
  const { StillThere } = await runRecipe('"Still there?"', 0, modules, {})
  const idle = await scripted({ restored: alice, policy: { idleTimeout: 600_000 } })
  const { text, happen } = await show(StillThere, idle)
  await act(() => idle.advance(540_000))
  // Its token has run out by then, and nobody renews it.
  expect(selectStatus(idle.getSnapshot())).toBe('reconnecting')
  expect(text()).toMatch(/^You will be logged out at .*\. Move the mouse to stay\.$/)
  await happen(() => idle.script.say('watchActivity', { type: 'person.active', at: idle.clock.now() }))
  expect(text()).toBe('')

  const old = await scripted({ restored: { outcome: 'found', ...someSession({ ceilingAt: testNow + 30_000 }) } })
  const { text: textOf, click } = await show(StillThere, old)
  await act(() => old.advance(1))
  expect(textOf()).toMatch(/^This session ends at /)
  await click('button')
  expect(old.script.isOpen('redirectToLogin')).toBe(true)
})

test('Errors: what is told in toasts', async () => {
  const toast = vi.fn<(text: string) => void>()
  const { Toasts } = await runRecipe('Errors', 1, modules, { toast })
  const after = async (change: (session: ScriptedFace) => void) => {
    const session = await scripted({ restored: alice })
    await (await show(Toasts, session)).happen(() => change(session))
    return toast.mock.calls.flat()
  }
  expect(await after((session) => session.send({ type: 'logout' }))).toEqual([])
  const ended = { type: 'sibling.ended', generation: 'login-1', reason: 'revoked' } as const
  expect(await after(({ script }) => script.say('watchSiblings', ended))).toEqual(['You were signed out.'])
})

test('Suspense and transitions', async () => {
  const session = await scripted({})
  const OrderList = ({ of }: { readonly of: string }) => `Orders of ${of}`
  const { Page } = await runRecipe('Suspense and transitions', 0, modules, { OrderList })
  const { text, happen } = await show(Page, session)
  expect(text()).toBe('One moment…')
  await happen(() => session.script.settle('restoreSession', alice))
  expect(text()).toBe('Orders of alice')
})
