import { StrictMode, Suspense, use } from 'react'
import { createSession, selectAccount, selectProfile, snapshotForDisplay } from '../../../services/index.ts'
import {
  SessionGate,
  SessionProvider,
  useCan,
  useProfile,
  useRenewal,
  useUserMetadata,
} from '../../../ui/react/index.ts'

// An app as people write it: its session is made while the module is loaded, on the server as in the browser.

export const session = createSession({
  authority: 'https://id.example',
  clientId: 'app',
  redirectUri: '/callback',
  silentLogin: 'iframe',
  idleTimeout: 60_000,
})
session.on('login.completed', ({ returnTo = '/' }) => history.replaceState(null, '', returnTo))

function Details() {
  const { profile } = useProfile()
  const { status } = useUserMetadata()
  const renewal = useRenewal()
  const canLogOut = useCan({ type: 'logout' })
  return <p>{[profile?.name ?? 'nobody', status, renewal?.step ?? 'no renewal', String(canLogOut)].join(', ')}</p>
}

/** A snapshot that the app had stored, for display only. */
export type Stored = Parameters<typeof snapshotForDisplay>[0]

function nameIn(stored: Stored): string {
  const account = selectAccount(snapshotForDisplay(stored))?.getSnapshot()
  return (account === undefined ? null : selectProfile(account))?.name ?? 'nobody'
}

/** Waits for the session in the browser, and not on the server. */
function Ready() {
  use(session.ready)
  return <q>Ready</q>
}

function Late({ news }: { readonly news: Promise<string> }) {
  return <em>{use(news)}</em>
}

/**
 * `news`: something that the server waits for, while the rest of the page is on its way. In an element, because React looks for
 * `<html>` in what it waits for at the top.
 */
export function App({ news, stored }: { readonly news?: Promise<string>; readonly stored?: Stored }) {
  return (
    <StrictMode>
      <SessionProvider session={session}>
        <div>
          <SessionGate
            login
            restoring={<i>{stored === undefined ? 'One moment' : `One moment, ${nameIn(stored)}`}</i>}
            signedOut={({ reason }) => <u>{reason}</u>}
          >
            {({ subject }) => <b>{subject}</b>}
          </SessionGate>
          <Details />
          <Suspense fallback={<s>Wait</s>}>
            <Ready />
          </Suspense>
          {news !== undefined && (
            <Suspense fallback={<s>News…</s>}>
              <Late news={news} />
            </Suspense>
          )}
        </div>
      </SessionProvider>
    </StrictMode>
  )
}
