import { Outlet } from 'react-router'
import { SessionGate } from 'sessionchart/react'

const wait = <output className="soft">One moment…</output>

/**
 * Shows the page to whoever is signed in, and sends everyone else to log in and back to this very page. Not after a logout,
 * nor in circles: then it says so, and leaves the next step to the person.
 */
export function Guard() {
  return (
    <SessionGate
      login
      restoring={wait}
      signingIn={wait}
      signingOut={wait}
      signedOut={({ login, problem, reason }) => (
        <section className="card">
          <h1>{reason === 'logout' ? 'You are logged out' : 'Please log in'}</h1>
          {problem && <p role="alert">{problem.message}</p>}
          <button type="button" className="primary" onClick={() => login()}>
            Log in
          </button>
        </section>
      )}
    >
      <Outlet />
    </SessionGate>
  )
}
