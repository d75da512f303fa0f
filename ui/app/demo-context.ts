import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Demo } from './boot.ts'
import type { LogState } from './event-log.ts'

export const DemoContext = createContext<Demo | null>(null)

export function useDemo(): Demo {
  const demo = useContext(DemoContext)
  if (demo === null) throw new Error('This part belongs inside <App>.')
  return demo
}

/** One value out of the log; renders again when that value changes. */
export function useLog<TValue>(select: (state: LogState) => TValue): TValue {
  const { log } = useDemo()
  const current = () => select(log.getState())
  return useSyncExternalStore(log.subscribe, current, current)
}
