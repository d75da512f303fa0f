import { SessionGate, useProfile, useSession } from 'sessionchart/react'

const wait = <output className="soft">One moment…</output>

const farewells: Partial<Record<string, string>> = {
  logout: 'You are logged out.',
  idle: 'You were away for long, so you were logged out.',
  expired: 'Your session has expired.',
  revoked: 'Your session was ended elsewhere.',
}

function Account() {
  const { profile } = useProfile()
  const session = useSession()
  const isEnding = (session.status === 'signedIn' || session.status === 'reconnecting') && session.limitNear !== null
  return (
    <section className="card">
      <div className="row">
        <h1>{profile?.name ?? 'Welcome'}</h1>
        <button type="button" onClick={() => session.logout()}>
          Log out
        </button>
      </div>
      <p className="soft">{profile?.email}</p>
      {session.status === 'reconnecting' && <output>Reconnecting… you can go on reading.</output>}
      {isEnding && (
        <p role="alert" className="row">
          <span>Are you still there?</span>
          <button type="button" onClick={() => session.session.send({ type: 'person.active', at: Date.now() })}>
            I am
          </button>
        </p>
      )}
    </section>
  )
}

export function App() {
  return (
    <main>
      <SessionGate
        restoring={wait}
        signingIn={wait}
        signingOut={wait}
        signedOut={({ login, problem, reason }) => (
          <section className="card">
            <h1>Your account</h1>
            <p>{farewells[reason] ?? 'Please log in.'}</p>
            {problem && <p role="alert">{problem.message}</p>}
            <button type="button" className="primary" onClick={() => login()}>
              Log in
            </button>
          </section>
        )}
      >
        <Account />
      </SessionGate>
    </main>
  )
}
