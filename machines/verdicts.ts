import type { Problem, SessionErrorCode } from './errors.ts'
import type { Verdict } from './facts.ts'

/** The provider's word on the grant, the person or the client: no other failure of a renewal says anything about the session. */
const verdicts: ReadonlyMap<SessionErrorCode, Verdict> = new Map([
  ['invalid_grant', 'revoked'],
  ['login_required', 'login_required'],
  ['invalid_client', 'invalid_client'],
])

export const isVerdict = ({ code }: Problem): boolean => verdicts.has(code)

/** Why the session has ended, after a problem that is a verdict. */
export const reasonOfVerdict = ({ code }: Problem): Verdict => verdicts.get(code) ?? 'revoked'
