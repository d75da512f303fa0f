import type { Problem } from '../../../machines/index.ts'
import type { SessionCommands } from '../../react/index.ts'
import { placeInApp } from '../boot.ts'
import { LoopPicture } from '../parts/loop-picture.tsx'
import { isHarmless, loginProblemWords } from '../words.ts'

interface SignedOutProps {
  readonly problem: Problem | null
  readonly login: SessionCommands['login']
}

function LoginProblem({ problem }: { readonly problem: Problem }) {
  const { title, text } = loginProblemWords(problem)
  const isQuiet = isHarmless(problem)
  return (
    <div className="notice" data-tone={isQuiet ? 'calm' : 'bad'} role={isQuiet ? 'status' : 'alert'}>
      <strong>{title}</strong>
      <span>{text}</span>
      {!isQuiet && (
        <details>
          <summary>Details</summary>
          <code className="wrap">
            {problem.code}: {problem.message}
          </code>
        </details>
      )}
    </div>
  )
}

export function SignedOut({ problem, login }: SignedOutProps) {
  return (
    <div className="welcome">
      <div className="welcome-words">
        <h1 tabIndex={-1}>Log in once. Stay&nbsp;signed&nbsp;in.</h1>
        <p className="lead">
          Sessionchart keeps a session in your browser: it comes back with you, renews itself before it expires, and
          ends everywhere when you leave.
        </p>
        <LoopPicture />
      </div>
      <section className="card welcome-card" aria-labelledby="login-title">
        <h2 id="login-title">Try it</h2>
        <p className="soft">
          The login page belongs to a local OpenID provider. It shows the people you can log in as, and their passwords.
        </p>
        {problem && <LoginProblem problem={problem} />}
        <div className="column">
          <button
            type="button"
            className="button primary large"
            onClick={() => login({ via: 'redirect', returnTo: placeInApp() })}
          >
            Log in
          </button>
          <button
            type="button"
            className="button large"
            onClick={() => login({ via: 'popup', returnTo: placeInApp() })}
          >
            Log in in a window
          </button>
        </div>
        <p className="soft small">
          The first one leaves this page and comes back; the second one opens a small window, and this page stays as it
          is.
        </p>
      </section>
    </div>
  )
}
