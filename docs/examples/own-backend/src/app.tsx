import { SessionGate, useProfile, useSession } from 'sessionchart/react'
import { SettingsForm } from './settings.tsx'

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
        signingIn={wait}
        signingOut={wait}
        signedOut={({ login, problem }) => (
          <section className="card">
            <h1>Settings that follow you</h1>
            <p>Kept at a backend of one’s own, wherever you log in.</p>
            {problem && <p role="alert">{problem.message}</p>}
            <button type="button" className="primary" onClick={() => login()}>
              Log in
            </button>
          </section>
        )}
      >
        <Greeting />
        <SettingsForm />
      </SessionGate>
    </main>
  )
}
