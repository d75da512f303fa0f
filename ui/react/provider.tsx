import { createContext, useContext, useEffect, type ReactNode } from 'react'
import type { Session } from '../../services/index.ts'

const SessionContext = createContext<Session | null>(null)

/** The session to give, and to whom. */
export interface SessionProviderProps {
  readonly session: Session
  readonly children?: ReactNode
}

/**
 * Gives a session to the components below and starts it once they are mounted; a session that was started before stays
 * as it is. It is never disposed here: whoever made it also ends it (`await session.dispose()`), so that StrictMode,
 * which mounts twice, and a view that comes and goes do no harm to it.
 */
export function SessionProvider({ session, children }: SessionProviderProps) {
  useEffect(() => session.start(), [session])
  // With `.Provider` for React 18; React 19 takes both.
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>
}

/** The session itself, for whatever the hooks do not cover. Always the same object. */
export function useSessionInstance(): Session {
  const session = useContext(SessionContext)
  // Plain JavaScript may have forgotten the `session`.
  if (!session) {
    throw new Error('This hook was used outside a <SessionProvider session={…}>: wrap your app in one.')
  }
  return session
}
