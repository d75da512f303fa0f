import type { RenewalPolicy } from './types.ts'

export interface Failed {
  /** Failures in a row, from 1. */
  readonly attempts: number
  /** How long the old access token still works, ms; 0 or less: it has expired. */
  readonly left: number
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly chance: number
}

/**
 * How long to wait before the next try, ms. There is no hurry while the old access token works: then the waits may grow to a
 * quarter of what is left, so that a fleet of browsers does not come back all at once after an outage. Once it has expired, a
 * person waits: what fails for a moment only is tried again a quarter as late.
 */
export function waitAfterFailure(
  { attempts, left, chance }: Failed,
  { backoffFirst, backoffMost }: Pick<RenewalPolicy, 'backoffFirst' | 'backoffMost'>,
): number {
  const most = Math.max(backoffMost, left / 4)
  const first = left <= 0 ? backoffFirst / 4 : backoffFirst
  const step = Math.min(most, first * 2 ** Math.max(0, attempts - 1))
  const least = left <= 0 ? 0 : Math.min(step / 2, left)
  return least + (step - least) * chance
}
