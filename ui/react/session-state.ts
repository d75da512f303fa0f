import { shallowEqual } from '@xstate/react'
import {
  selectEnding,
  selectFacts,
  selectIsRenewing,
  selectIsSteppingUp,
  selectIsUnsaved,
  selectIsUsable,
  selectLimitNear,
  selectLoginStep,
  selectProblem,
  selectSignedOutReason,
  selectStatus,
  type CredentialFacts,
  type Ending,
  type Limit,
  type LoginStep,
  type Problem,
  type SessionSnapshot,
  type SignedOutReason,
} from '../../machines/index.ts'

interface Present {
  /** `sub` of the ID token. */
  readonly subject: string
  readonly facts: CredentialFacts
  /** The limit that ends this session soon; `at`: epoch ms. */
  readonly limitNear: { readonly limit: Limit; readonly at: number } | null
  /** Whether the person is authenticating again in a window of its own (`stepUp` by popup). */
  readonly steppingUp: boolean
  /** Why the last login or step-up from within this session came to nothing. */
  readonly problem: Problem | null
}

/** Where a person is, by `status`. */
export type SessionState =
  | { readonly status: 'restoring' }
  | {
      readonly status: 'signedOut'
      /** Why; `logout`: the person chose to leave. */
      readonly reason: SignedOutReason | 'logout'
      /** Why the last login failed, or what is wrong with the storage. */
      readonly problem: Problem | null
      /** How the stages of the last end went, if one was seen by this page. */
      readonly ending: Ending | null
    }
  | { readonly status: 'signingIn'; readonly step: LoginStep }
  | ({
      readonly status: 'signedIn'
      /** Whether the access token can be used. */
      readonly usable: boolean
      readonly renewing: boolean
      /** Renewed and usable, but not written yet. */
      readonly unsaved: boolean
    } & Present)
  /** Still signed in; the access token cannot be used until a renewal succeeds, which is being tried. */
  | ({ readonly status: 'reconnecting' } & Present)
  | { readonly status: 'signingOut'; readonly ending: Ending | null }

export const restoring: SessionState = { status: 'restoring' }

export function selectSessionState(snapshot: SessionSnapshot): SessionState {
  const status = selectStatus(snapshot)
  const problem = selectProblem(snapshot)
  const facts = selectFacts(snapshot)
  switch (status) {
    case 'signedOut':
      return { status, reason: selectSignedOutReason(snapshot) ?? 'never', problem, ending: selectEnding(snapshot) }
    case 'signingIn':
      return { status, step: selectLoginStep(snapshot) ?? 'redirecting' }
    case 'signingOut':
      return { status, ending: selectEnding(snapshot) }
    case 'signedIn':
    case 'reconnecting': {
      if (facts === null) return restoring
      const present = {
        subject: facts.subject,
        facts,
        limitNear: selectLimitNear(snapshot),
        steppingUp: selectIsSteppingUp(snapshot),
        problem,
      }
      if (status === 'reconnecting') return { status, ...present }
      return {
        status,
        ...present,
        usable: selectIsUsable(snapshot),
        renewing: selectIsRenewing(snapshot),
        unsaved: selectIsUnsaved(snapshot),
      }
    }
    case 'restoring':
      return restoring
  }
}

/** The same to a view: equal in every field, and in the fields of those. */
export function isSameState(one: SessionState, other: SessionState): boolean {
  const [left, right] = [Object.entries(one), Object.entries(other)]
  const rights = new Map<string, unknown>(right)
  return (
    left.length === right.length &&
    left.every(([name, value]) => rights.has(name) && shallowEqual(value, rights.get(name)))
  )
}
