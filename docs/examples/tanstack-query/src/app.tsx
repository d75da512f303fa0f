import { SessionGate, useProfile, useSession } from 'sessionchart/react'
import { Notes } from './notes.tsx'

const wait = <output className="soft">One moment…</output>

function Greeting() {
  const { profile } = useProfile()
  const { logout } = useSession()
  return (
    <header className="row">
      <h1>{profile?.name ?? 'Welcome'}</h1>
      <button type="button" onClick={() => logout()}>
        Log out
      </button>
    </header>
  )
}

export function App() {
  return (
    <main>
      <SessionGate
        restoring={wait}
        signingIn={({ step, session }) =>
          step === 'inPopup' ? (
            <p className="card row">
              <span>Please log in in the window.</span>
              <button type="button" onClick={() => session.send({ type: 'login.cancel' })}>
                Cancel
              </button>
            </p>
          ) : (
            wait
          )
        }
        signingOut={wait}
        signedOut={({ login, problem, reason }) => (
          <section className="card">
            <h1>Notes</h1>
            <p>{reason === 'revoked' ? 'Your session was ended. Please log in again.' : 'Yours alone.'}</p>
            {problem && <p role="alert">{problem.message}</p>}
            {/* In a window: this page stays, and so would what it has fetched. See query-client.ts. */}
            <button type="button" className="primary" onClick={() => login({ via: 'popup' })}>
              Log in
            </button>
          </section>
        )}
      >
        <Greeting />
        <Notes />
      </SessionGate>
    </main>
  )
}
