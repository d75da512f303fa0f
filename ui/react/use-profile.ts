import { useCallback, useMemo } from 'react'
import { shallowEqual, useSelector } from '@xstate/react'
import {
  selectAccount,
  selectProfile,
  selectProfileProblem,
  selectProfileStatus,
  type AccountSnapshot,
  type Problem,
  type Profile,
  type ProfileStatus,
} from '../../machines/index.ts'
import { useSessionInstance } from './provider.tsx'
import { useHydrated } from './use-hydrated.ts'

/** The profile, where it is, and what is wrong with it. */
export interface ProfileState {
  /** The last one known, also while it reloads or cannot be fetched. */
  readonly profile: Profile | null
  /** `none`: nobody is signed in. */
  readonly status: ProfileStatus | 'none'
  /** Why it could not be fetched; the session is not touched by that. */
  readonly problem: Problem | null
}

const none: ProfileState = { profile: null, status: 'none', problem: null }

const selectProfileState = (snapshot: AccountSnapshot | undefined): ProfileState =>
  snapshot === undefined
    ? none
    : {
        profile: selectProfile(snapshot),
        status: selectProfileStatus(snapshot),
        problem: selectProfileProblem(snapshot),
      }

/** Who is signed in, from userinfo. */
export function useProfile(): ProfileState & { reload(): void } {
  const session = useSessionInstance()
  const hydrated = useHydrated()
  const account = useSelector(session.actor, selectAccount)
  const current = useSelector(account, selectProfileState, shallowEqual)
  const state = hydrated ? current : none
  const reload = useCallback(() => session.send({ type: 'profile.reload' }), [session])
  return useMemo(() => ({ ...state, reload }), [state, reload])
}
