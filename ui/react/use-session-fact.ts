import { useEffect, useRef } from 'react'
import type { SessionFact } from '../../machines/index.ts'
import type { FactOfType } from '../../services/index.ts'
import { useSessionInstance } from './provider.tsx'

/**
 * Calls `listener` whenever the session tells such a fact, from mount on: for navigation, messages, clearing a cache.
 * Facts that were told before are not told again. The listener may be another one at every render: the last one is called.
 */
export function useSessionFact<TType extends SessionFact['type']>(
  type: TType,
  listener: (fact: FactOfType<TType>) => void,
): void {
  const session = useSessionInstance()
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => {
    const subscription = session.on(type, (fact) => latest.current(fact))
    return () => subscription.unsubscribe()
  }, [session, type])
}
