import { expect } from 'vitest'
import { joinSiblings } from '../../services/browser/siblings.ts'
import { createTurns, type Lease, type Turns } from '../../services/browser/turns.ts'
import { locksFor } from '../../services/vault/open.ts'
import type { Tab } from '../support/tab.ts'

export interface Asking {
  readonly lease: Lease
  readonly told: string[]
}

export function ask(turns: Turns, patience = 60_000): Asking {
  const told: string[] = []
  const lease = turns.ask(patience, { granted: () => told.push('granted'), refused: () => told.push('refused') })
  return { lease, told }
}

export const expectTold = (asking: Asking, ...told: string[]): Promise<void> =>
  expect.poll(() => asking.told, { interval: 5, timeout: 15_000 }).toEqual(told)

/** How long work that holds a turn is believed in, in tests; ms. */
export const longestWork = 60_000

const closings: (() => void)[] = []

/** The turns of this tab, as a session has them. */
export function turnsIn(tab: Tab, scope = 'scope'): Turns {
  const siblings = joinSiblings(scope, tab)
  const { locks, close } = locksFor({ kind: 'encrypted' }, tab)
  closings.push(() => {
    siblings.close()
    close()
  })
  return createTurns({ scope, platform: tab, siblings, locks, longestWork })
}

export function closeTurns(): void {
  for (const close of closings.splice(0)) close()
}

/** Work that ends when the test says so. */
export function work() {
  let end = (): void => {}
  const promise = new Promise<void>((resolve) => (end = resolve))
  return { promise, end }
}

/** Everything that waits for nothing but promises, messages and the database has happened. */
export const settle = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms))
