// @vitest-environment happy-dom
import { act, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import { sessionIn, type SessionPlace } from '../model/index.ts'
import { SessionGate, SessionProvider, useCan, useProfile, useRenewal, useUserMetadata } from '../../ui/react/index.ts'
import type { Session } from '../../services/index.ts'

function Details() {
  const { profile } = useProfile()
  const { status } = useUserMetadata()
  const renewal = useRenewal()
  const canLogOut = useCan({ type: 'logout' })
  return <p>{[profile?.name ?? 'nobody', status, renewal?.step ?? 'no renewal', String(canLogOut)].join(', ')}</p>
}

const page = (session: Session) => (
  <StrictMode>
    <SessionProvider session={session}>
      <SessionGate
        login
        restoring={<i>One moment</i>}
        signedOut={({ reason }) => <u>{reason}</u>}
        signingIn={({ step }) => <u>{step}</u>}
        signingOut={<u>Bye</u>}
      >
        {({ subject }) => <b>{subject}</b>}
      </SessionGate>
      <Details />
    </SessionProvider>
  </StrictMode>
)

// The server knows of no session; the browser's may have come anywhere by the time its script takes the markup over.
it.each<readonly [SessionPlace, string]>([
  ['checkingStorage.looking', '<i>One moment</i><p>nobody, none, no renewal, true</p>'],
  ['loggedOut', '<u>logout</u><p>nobody, none, no renewal, false</p>'],
  ['unauthenticated', '<u>redirecting</u><p>nobody, none, no renewal, true</p>'],
  ['authenticating.completing', '<u>completing</u><p>nobody, none, no renewal, true</p>'],
  ['active.access.authenticated', '<b>alice</b><p>alice, ready, no renewal, true</p>'],
  ['active.access.refreshing.late', '<b>alice</b><p>alice, ready, waitingForTurn, true</p>'],
  ['ending.revoking', '<u>Bye</u><p>nobody, none, no renewal, true</p>'],
])('a session in %s takes the markup of the server over without a mismatch', async (place, shown) => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
  const onRecoverableError = vi.fn<(error: unknown) => void>()
  const view = document.createElement('main')
  view.innerHTML = renderToString(page(await sessionIn('active.access.authenticated')))
  const fromServer = view.querySelector('p')
  expect(view.innerHTML).toBe('<i>One moment</i><p>nobody, none, no renewal, false</p>')

  const session = await sessionIn(place)
  const root = await act(async () => {
    const hydrated = hydrateRoot(view, page(session), { onRecoverableError })
    await session.rest()
    return hydrated
  })
  expect(view.innerHTML.replaceAll('<!-- -->', '')).toBe(shown)
  // The same element: nothing was thrown away and made anew.
  expect(view.querySelector('p')).toBe(fromServer)
  expect(onRecoverableError).not.toHaveBeenCalled()
  expect(complaints.mock.calls).toEqual([])
  act(() => root.unmount())
})
