// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it, vi } from 'vitest'
import { sessionIn, type SessionPlace } from '../model/index.ts'
import { SessionProvider, useSession } from '../../ui/react/index.ts'

// What `sessionchart/testing` is for: an app's own view, in whatever state, in one line.

function Greeting() {
  const session = useSession()
  return <p>{session.status === 'signedOut' ? `signed out: ${session.reason}` : session.status}</p>
}

async function show(place: SessionPlace) {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const session = await sessionIn(place)
  const view = document.createElement('main')
  const root = createRoot(view)
  act(() =>
    root.render(
      <SessionProvider session={session}>
        <Greeting />
      </SessionProvider>,
    ),
  )
  return { session, text: () => view.textContent, close: () => act(() => root.unmount()) }
}

it.each<readonly [SessionPlace, string]>([
  ['checkingStorage.looking', 'restoring'],
  ['unauthenticated', 'signed out: never'],
  ['loggedOut', 'signed out: logout'],
  ['authenticating.inPopup', 'signingIn'],
  ['active.access.authenticated', 'signedIn'],
  ['active.access.refreshing.late', 'reconnecting'],
  ['ending.revoking', 'signingOut'],
])('an app that is put into %s shows "%s"', async (place, shown) => {
  const { text, close } = await show(place)
  expect(text()).toBe(shown)
  close()
})

it('the app follows as the session goes on', async () => {
  const { session, text, close } = await show('ending.revoking')
  await act(async () => {
    session.script.settle('revokeTokens', 'done')
    await session.rest()
  })
  expect(text()).toBe('signed out: logout')
  close()
})
