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
  type SessionSnapshot,
} from '../../../machines/index.ts'

/** What a view can tell of a session, in words; two snapshots that read the same look the same. */
export function viewOf(session: SessionSnapshot): string {
  const facts = selectFacts(session)
  const ending = selectEnding(session)
  const status = selectStatus(session)
  const isIn = status === 'signedIn' || status === 'reconnecting'
  const isLeftOut =
    status === 'signedOut' && ending?.reason === 'logout' && ['failed', 'timedOut'].includes(ending.revoking)
  const limit = selectLimitNear(session)?.limit
  return [
    status,
    selectSignedOutReason(session),
    isLeftOut && 'provider not told',
    selectLoginStep(session),
    status === 'signingOut' && ending?.reason,
    status === 'signedIn' && !selectIsUsable(session) && 'not usable',
    isIn && facts?.renewable === false && 'not renewable',
    status === 'signedIn' && selectIsRenewing(session) && 'renewing',
    selectIsUnsaved(session) && 'unsaved',
    limit !== undefined && `near its end (${limit})`,
    selectIsSteppingUp(session) && 'stepping up',
    (isIn || status === 'signedOut') && selectProblem(session)?.code,
  ]
    .filter(Boolean)
    .join(', ')
}
