import { shallowEqual, useSelector } from '@xstate/react'
import {
  selectRenewal,
  selectRenewalAttempts,
  selectRenewalProblem,
  selectRenewalStep,
  type Problem,
  type RenewalSnapshot,
  type RenewalStep,
} from '../../machines/index.ts'
import { useSessionInstance } from './provider.tsx'
import { useHydrated } from './use-hydrated.ts'

/** What a renewal under way is doing, and how its tries went. */
export interface RenewalState {
  readonly step: RenewalStep
  /** Why the last try failed; `null` when none did. */
  readonly problem: Problem | null
  /** Failures in a row. */
  readonly attempts: number
}

const selectRenewalState = (snapshot: RenewalSnapshot | undefined): RenewalState | null =>
  snapshot === undefined
    ? null
    : {
        step: selectRenewalStep(snapshot),
        problem: selectRenewalProblem(snapshot),
        attempts: selectRenewalAttempts(snapshot),
      }

/** What the renewal under way is doing; `null` when there is none. */
export function useRenewal(): RenewalState | null {
  const renewal = useSelector(useSessionInstance().actor, selectRenewal)
  const state = useSelector(renewal, selectRenewalState, shallowEqual)
  return useHydrated() ? state : null
}
