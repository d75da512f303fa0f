import { useLayoutEffect, type ReactNode } from 'react'
import { useSelector } from '@xstate/react'
import { selectMayLogInUnasked, type LoginRequest } from '../../machines/index.ts'
import { useSession, type SessionCommands } from './use-session.ts'
import type { SessionState } from './session-state.ts'

type StateOf<TStatus extends SessionState['status']> = Extract<SessionState, { readonly status: TStatus }>

/** What to show, or a function that says so from the state. */
type Content<TStatus extends SessionState['status']> =
  | ReactNode
  | ((session: StateOf<TStatus> & SessionCommands) => ReactNode)

/** A login that begins by itself. By redirect alone: browsers open a window within a click only. */
export interface GateLogin extends LoginRequest {
  readonly via?: 'redirect'
}

/** What a gate shows, by status. */
export interface SessionGateProps {
  /** Shown while someone is signed in, and while reconnecting unless `reconnecting` is given. */
  readonly children?: Content<'signedIn' | 'reconnecting'>
  /**
   * Sends whoever is signed out to log in, `true` by a plain redirect; `returnTo` is where the person is, unless it is given. Not
   * when the person chose to leave, was put out by a limit (`idle`, `ceiling`), when another person signed in in another tab, or
   * when a problem stands, such as a login that failed or `login_loop`: then `signedOut` is shown, whose `login()` asks for the
   * same. Default: nobody is sent anywhere.
   */
  readonly login?: true | GateLogin
  readonly restoring?: Content<'restoring'>
  /** Default: nothing; with `login`, a button, and what is wrong. */
  readonly signedOut?: Content<'signedOut'>
  readonly signingIn?: Content<'signingIn'>
  readonly signingOut?: Content<'signingOut'>
  /** Instead of the children while reconnecting; nothing is lost meanwhile, so most apps leave it out. */
  readonly reconnecting?: Content<'reconnecting'>
}

function show<TState>(content: ReactNode | ((state: TState) => ReactNode), state: TState): ReactNode {
  return typeof content === 'function' ? content(state) : content
}

type SignedOut = StateOf<'signedOut'> & SessionCommands

const askToLogIn = ({ problem, login }: SignedOut): ReactNode => (
  <>
    {problem && <p role="alert">{problem.message}</p>}
    <button type="button" onClick={() => login()}>
      Log in
    </button>
  </>
)

function placeOfPerson(): string {
  const { pathname, search, hash } = window.location
  return pathname + search + hash
}

interface SentToLoginProps {
  readonly session: SignedOut
  readonly request: GateLogin
  readonly content: Content<'signedOut'>
}

function SentToLogin({ session, request, content = askToLogIn }: SentToLoginProps): ReactNode {
  const { session: instance } = session
  const login = (own?: LoginRequest) => session.login({ returnTo: placeOfPerson(), ...request, ...own })
  const isDue = useSelector(instance.actor, selectMayLogInUnasked)
  // Before anything is painted. Looked at anew: another gate may have been first, and StrictMode does it twice.
  useLayoutEffect(() => {
    if (selectMayLogInUnasked(instance.getSnapshot())) login()
  })
  return isDue ? null : show(content, { ...session, login })
}

/** Shows its children to whoever is signed in, and something else by status to everyone else (default: nothing). */
export function SessionGate(props: SessionGateProps): ReactNode {
  const session = useSession()
  switch (session.status) {
    case 'signedIn':
      return show(props.children, session)
    case 'reconnecting':
      return props.reconnecting === undefined ? show(props.children, session) : show(props.reconnecting, session)
    case 'restoring':
      return show(props.restoring, session)
    case 'signedOut': {
      const { login, signedOut } = props
      if (login === undefined) return show(signedOut, session)
      return <SentToLogin session={session} request={login === true ? {} : login} content={signedOut} />
    }
    case 'signingIn':
      return show(props.signingIn, session)
    case 'signingOut':
      return show(props.signingOut, session)
  }
}
