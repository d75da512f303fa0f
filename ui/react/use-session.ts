import { useMemo } from 'react'
import { useSelector } from '@xstate/react'
import type { LoginRequest, LogoutRequest, SessionRequest } from '../../machines/index.ts'
import type { Session } from '../../services/index.ts'
import { useSessionInstance } from './provider.tsx'
import { isSameState, restoring, selectSessionState, type SessionState } from './session-state.ts'
import { useHydrated } from './use-hydrated.ts'

/** The ways on from where a person is; always the same functions for one session. */
export interface SessionCommands {
  /** Starts a login; call it within the click when it is to open a window (`via: 'popup'`). */
  login(request?: LoginRequest): void
  cancelLogin(): void
  logout(request?: LogoutRequest): void
  /** Whether the chart would take this event now. In a handler; to show or disable a button, use `useCan`. */
  can(event: SessionRequest): boolean
  /** The session itself. */
  readonly session: Session
}

const commandsOf = (session: Session): SessionCommands => ({
  login: (request = {}) => session.send({ ...request, type: 'login' }),
  cancelLogin: () => session.send({ type: 'login.cancel' }),
  logout: (request = {}) => session.send({ ...request, type: 'logout' }),
  can: (event) => session.getSnapshot().can(event),
  session,
})

/**
 * Where the person is, by `status`, and the ways on. Renders again only when one of its fields changes; the functions stay
 * the same as long as the session does. On the server, and in the render that takes its markup over: `restoring`.
 */
export function useSession(): SessionState & SessionCommands {
  const session = useSessionInstance()
  const hydrated = useHydrated()
  const current = useSelector(session.actor, selectSessionState, isSameState)
  const state = hydrated ? current : restoring
  const commands = useMemo(() => commandsOf(session), [session])
  return useMemo(() => ({ ...state, ...commands }), [state, commands])
}

/** Whether the chart would take this event: renders again when that changes. For the enabled state of a button. */
export function useCan(event: SessionRequest): boolean {
  const { actor } = useSessionInstance()
  const can = useSelector(actor, (snapshot) => snapshot.can(event))
  return useHydrated() && can
}
