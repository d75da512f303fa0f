import type { SnapshotFrom } from 'xstate'
import { selectUnsavedKeys } from '../account/selectors.ts'
import type { Problem } from '../errors.ts'
import type { CredentialFacts, Limit, SignedOutReason } from '../facts.ts'
import { nearestLimit } from './limits.ts'
import type { sessionMachine } from './machine.ts'
import type { Ending, SessionContext, SessionTag } from './types.ts'

/** A snapshot of the session chart, for its selectors; it holds facts about credentials, and no token. */
export type SessionSnapshot = SnapshotFrom<typeof sessionMachine>

/** What selectors read of such a snapshot. It has a name, which the compiler says to whoever gives them something else. */
export interface SessionSnapshotLike {
  readonly context: SessionContext
  readonly children: SessionSnapshot['children']
  hasTag(tag: SessionTag): boolean
  matches(state: Parameters<SessionSnapshot['matches']>[0]): boolean
}

/** Where a person is, in the words of a view. */
export type SessionStatus = 'restoring' | 'signedOut' | 'signingIn' | 'signedIn' | 'reconnecting' | 'signingOut'

const statuses: readonly SessionStatus[] = ['signedOut', 'signingIn', 'signedIn', 'reconnecting', 'signingOut']

/** Where a person is, in the words of a view. */
export function selectStatus(snapshot: SessionSnapshotLike): SessionStatus {
  return statuses.find((status) => snapshot.hasTag(status)) ?? 'restoring'
}

/** Facts about the credentials; `null` when nobody is signed in. */
export const selectFacts = (snapshot: SessionSnapshotLike): CredentialFacts | null => snapshot.context.facts

/** Whether the chart would let the access token be used; the clock has the last word. */
export const selectIsUsable = (snapshot: SessionSnapshotLike): boolean => snapshot.hasTag('usable')

/** Whether a renewal is under way. */
export const selectIsRenewing = (snapshot: SessionSnapshotLike): boolean => snapshot.hasTag('renewing')

/** Renewed, usable, and not written yet. */
export const selectIsUnsaved = (snapshot: SessionSnapshotLike): boolean =>
  snapshot.matches({ active: { access: 'unsaved' } })

/** Why nobody is signed in; `logout` when the person chose to leave; `null` while someone is, or it is not known. */
export function selectSignedOutReason(snapshot: SessionSnapshotLike): SignedOutReason | 'logout' | null {
  if (snapshot.matches('loggedOut')) return 'logout'
  return snapshot.matches('unauthenticated') ? snapshot.context.signedOutReason : null
}

/** Why the last login failed, or what is wrong with the storage. */
export const selectProblem = (snapshot: SessionSnapshotLike): Problem | null => snapshot.context.problem

/** The person left, was put out by a limit of the app's, or somebody else has come: whoever wants in has to say so. */
const reasonsToAsk: readonly (SignedOutReason | 'logout' | null)[] = [
  'logout',
  'idle',
  'ceiling',
  'subject_changed',
  null,
]

/**
 * Whether an app may send the person to log in without being asked to: nobody is signed in, no problem stands (a login that
 * failed would fail again, in circles), and the reason leaves it open.
 */
export const selectMayLogInUnasked = (snapshot: SessionSnapshotLike): boolean =>
  selectProblem(snapshot) === null && !reasonsToAsk.includes(selectSignedOutReason(snapshot))

/** The end that is under way or was the last, with the outcome of each stage. */
export const selectEnding = (snapshot: SessionSnapshotLike): Ending | null => snapshot.context.ending

/** The limit that is near, when the person was warned of one. `at`: epoch ms. */
export function selectLimitNear(snapshot: SessionSnapshotLike): { readonly limit: Limit; readonly at: number } | null {
  return snapshot.matches({ active: { limits: 'warned' } }) ? nearestLimit(snapshot.context) : null
}

/** Whether the person is authenticating again in a window of its own. */
export const selectIsSteppingUp = (snapshot: SessionSnapshotLike): boolean =>
  snapshot.matches({ active: { stepUp: 'inPopup' } })

/** The running chart of profile and metadata; `undefined` when nobody is signed in. */
export const selectAccount = (snapshot: SessionSnapshotLike) => snapshot.children.account

/**
 * The names of metadata keys whose changes are not saved yet, and go with the session when the person logs out; empty when
 * there are none. For asking before `logout` is sent; what was typed and not handed over yet only the app knows.
 */
export function selectUnsavedChanges(snapshot: SessionSnapshotLike): readonly string[] {
  const account = selectAccount(snapshot)?.getSnapshot()
  return account === undefined ? [] : selectUnsavedKeys(account)
}

/** The running renewal, if there is one. */
export const selectRenewal = (snapshot: SessionSnapshotLike) => snapshot.children.renewal

/** How a login goes on: in this window, in one of its own, taking the answer in, or handing it to another window. */
export type LoginStep = 'redirecting' | 'inPopup' | 'completing' | 'relaying'

/** `null` when nobody is logging in. */
export function selectLoginStep(snapshot: SessionSnapshotLike): LoginStep | null {
  if (snapshot.matches('relaying')) return 'relaying'
  const steps = ['redirecting', 'inPopup', 'completing'] as const
  return steps.find((step) => snapshot.matches({ authenticating: step })) ?? null
}
