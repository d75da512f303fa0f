import type { ReactNode } from 'react'
import { useSession, type SessionCommands } from './use-session.ts'
import type { SessionState } from './session-state.ts'

type StateOf<TStatus extends SessionState['status']> = Extract<SessionState, { readonly status: TStatus }>

/** What to show, or a function that says so from the state. */
type Content<TStatus extends SessionState['status']> =
  | ReactNode
  | ((session: StateOf<TStatus> & SessionCommands) => ReactNode)

export interface SessionGateProps {
  /** Shown while someone is signed in, and while reconnecting unless `reconnecting` is given. */
  readonly children?: Content<'signedIn' | 'reconnecting'>
  readonly restoring?: Content<'restoring'>
  readonly signedOut?: Content<'signedOut'>
  readonly signingIn?: Content<'signingIn'>
  readonly signingOut?: Content<'signingOut'>
  /** Instead of the children while reconnecting; nothing is lost meanwhile, so most apps leave it out. */
  readonly reconnecting?: Content<'reconnecting'>
}

function show<TState>(content: ReactNode | ((state: TState) => ReactNode), state: TState): ReactNode {
  return typeof content === 'function' ? content(state) : content
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
    case 'signedOut':
      return show(props.signedOut, session)
    case 'signingIn':
      return show(props.signingIn, session)
    case 'signingOut':
      return show(props.signingOut, session)
  }
}
