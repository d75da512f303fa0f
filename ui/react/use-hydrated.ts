import { useSyncExternalStore } from 'react'

const never = () => () => {}

/**
 * False on the server and while React takes over the server's markup, true from then on. A session may be restored by
 * that time; the first render must show what the server showed all the same.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
