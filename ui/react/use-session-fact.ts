import { useEffect } from 'react'
import type { SessionFact } from '../../machines/index.ts'
import type { FactOfType } from '../../services/index.ts'
import { useSessionInstance } from './provider.tsx'

/**
 * Calls `listener` whenever the session tells such a fact, from mount on: for navigation, messages, clearing a cache.
 * Facts that were told before are not told again.
 */
export function useSessionFact<TType extends SessionFact['type']>(
  type: TType,
  listener: (fact: FactOfType<TType>) => void,
): void {
  const session = useSessionInstance()
  useEffect(() => {
    const subscription = session.on(type, listener)
    return () => subscription.unsubscribe()
  }, [session, type, listener])
}
