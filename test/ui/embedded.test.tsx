// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { act, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { beforeEach, expect, it, vi } from 'vitest'
import { createActor, fromPromise, sendTo, setup } from 'xstate'
import { createSessionLogicOn } from '../../services/create-session.ts'
import { sessionFrom, type RestoreOutcome } from '../../services/index.ts'
import { someSession } from '../../services/memory/index.ts'
import { SessionGate, SessionProvider, useProfile } from '../../ui/react/index.ts'
import { openTab } from '../support/tab.ts'

// A machine of the app's invokes the session; its components are given `sessionFrom(actor)`.

const origin = 'https://app.example'

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.stubGlobal('fetch', () => Promise.reject(new Error('No network.')))
})

/** As stored just now: the real services behind it know nothing of it, and are asked for nothing. */
function alice(): RestoreOutcome {
  const storedAt = Date.now()
  const facts = { storedAt, renewAt: storedAt + 3_000_000, expiresAt: storedAt + 3_600_000 }
  return { outcome: 'found', ...someSession(facts) }
}

/** An app whose session is gone while it is closed, and another one when it opens again. */
function createShop(restore: () => RestoreOutcome) {
  const logic = createSessionLogicOn(openTab({ origin }), {
    authority: 'https://id.example',
    clientId: 'app',
    redirectUri: '/callback',
    vault: 'memory',
  })
  const restoreSession = fromPromise(() => Promise.resolve(restore()))
  return setup({ actors: { session: logic.provide({ actors: { restoreSession } }) } }).createMachine({
    initial: 'open',
    states: {
      open: {
        invoke: { src: 'session', id: 'session' },
        on: { close: 'closed', leave: { actions: sendTo('session', { type: 'logout' }) } },
      },
      closed: { on: { open: 'open' } },
    },
  })
}

function Name() {
  return <b>{useProfile().profile?.name}</b>
}

async function show(restore: () => RestoreOutcome) {
  const shop = createActor(createShop(restore))
  const session = () => {
    const { session: actor } = shop.getSnapshot().children
    if (actor === undefined) throw new Error('The shop is closed.')
    return sessionFrom(actor)
  }
  const view = document.createElement('main')
  const root = createRoot(view)
  const render = () =>
    act(async () =>
      root.render(
        <StrictMode>
          <SessionProvider session={session()}>
            <SessionGate restoring={<i>One moment</i>} signedOut={({ reason }) => <u>{reason}</u>}>
              <Name />
            </SessionGate>
          </SessionProvider>
        </StrictMode>,
      ),
    )
  return { shop, session, view, render, root }
}

it('a session within the app’s own machine is shown by the same components, which neither start nor stop it', async () => {
  const { shop, session, view, render, root } = await show(alice)
  await render()
  expect(view.innerHTML, 'not started by the provider').toBe('<i>One moment</i>')
  await act(async () => {
    shop.start()
    await session().ready
  })
  expect(view.innerHTML).toBe('<b>alice</b>')
  await act(async () => {
    shop.send({ type: 'leave' })
    await expect.poll(() => session().getSnapshot().hasTag('signedOut'), { timeout: 10_000 }).toBe(true)
  })
  expect(view.innerHTML).toBe('<u>logout</u>')
  const { actor } = session()
  await act(async () => root.unmount())
  expect(actor.getSnapshot().status).toBe('active')
  const over = session().dispose()
  shop.stop()
  await over
})

it('the next session of that machine is followed as soon as it is handed in', async () => {
  let times = 0
  const nobody: RestoreOutcome = { outcome: 'empty', reason: 'never' }
  const { shop, session, view, render, root } = await show(() => {
    times += 1
    return times === 1 ? alice() : nobody
  })
  shop.start()
  await render()
  await act(() => session().ready)
  expect(view.innerHTML).toBe('<b>alice</b>')
  const first = session()
  await act(async () => {
    shop.send({ type: 'close' })
    shop.send({ type: 'open' })
  })
  await render()
  await act(() => session().ready)
  expect(session()).not.toBe(first)
  expect(view.innerHTML).toBe('<u>never</u>')
  await expect(first.getAccessToken()).rejects.toMatchObject({ code: 'disposed' })
  await act(async () => root.unmount())
  const over = session().dispose()
  shop.stop()
  await over
})
