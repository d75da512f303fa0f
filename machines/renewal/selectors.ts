import type { SnapshotFrom } from 'xstate'
import type { Problem } from '../errors.ts'
import type { renewalMachine } from './machine.ts'
import type { RenewalContext } from './types.ts'

/** A snapshot of the renewal chart, for its selectors. */
export type RenewalSnapshot = SnapshotFrom<typeof renewalMachine>

/** What selectors read of such a snapshot. It has a name, which the compiler says to whoever gives them something else. */
export interface RenewalSnapshotLike {
  readonly context: RenewalContext
  matches(state: Parameters<RenewalSnapshot['matches']>[0]): boolean
}

/** What a renewal is doing, in the words of a view. */
export type RenewalStep = 'waitingForTurn' | 'renewing' | 'backingOff' | 'waitingForNetwork'

/** What the renewal is doing just now. */
export function selectRenewalStep(snapshot: RenewalSnapshotLike): RenewalStep {
  if (snapshot.matches('backingOff')) return 'backingOff'
  if (snapshot.matches('waitingForNetwork')) return 'waitingForNetwork'
  return snapshot.matches({ takingTurn: 'waiting' }) ? 'waitingForTurn' : 'renewing'
}

/** Why the last try failed; `null` when none did. */
export const selectRenewalProblem = (snapshot: RenewalSnapshotLike): Problem | null => snapshot.context.problem

/** Failures in a row. */
export const selectRenewalAttempts = (snapshot: RenewalSnapshotLike): number => snapshot.context.attempts
