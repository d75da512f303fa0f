import { ErrorResponse, ErrorTimeout } from 'oidc-client-ts'
import { SessionError, type SessionErrorCode } from '../../machines/errors.ts'
import { isPassingStatus } from '../answers.ts'
import { unreachable, type HttpTools } from '../http.ts'
import type { LastAnswer } from './token-endpoint.ts'

/** Answers that end a session, or could, by their OAuth error code. */
const verdicts: ReadonlyMap<string, SessionErrorCode> = new Map(
  Object.entries({
    invalid_grant: 'invalid_grant',
    invalid_client: 'invalid_client',
    unauthorized_client: 'invalid_client',
    login_required: 'login_required',
    interaction_required: 'login_required',
    consent_required: 'login_required',
    account_selection_required: 'login_required',
    // Auth0's, at a renewal: the refresh token is good, but the person has to show a second factor.
    mfa_required: 'login_required',
    access_denied: 'login_denied',
    temporarily_unavailable: 'provider_unavailable',
    server_error: 'provider_unavailable',
  } as const),
)

/** What to do about codes that leave that open; only what is sent with DPoP can meet them. */
const mends: ReadonlyMap<string, string> = new Map([
  ['invalid_dpop_proof', " Is this device's clock right?"],
  ['use_dpop_nonce', ' Its header DPoP-Nonce does not reach this page: it must be exposed by CORS.'],
])

/**
 * Turns whatever oidc-client-ts throws into our codes. Its own errors are never handed on as a cause: an `ErrorResponse` of a
 * renewal carries the form that was sent, refresh token included.
 */
export function toOidcError(
  oidc: Pick<HttpTools, 'isOnline'> & { readonly authority: string },
  error: unknown,
  /** Of the token endpoint, where it was asked. */
  answer: LastAnswer | null = null,
): SessionError {
  if (error instanceof SessionError) return error
  const what = `The provider ${oidc.authority}`
  if (answer !== null && isPassingStatus(answer.status)) {
    // Whatever its body says: a verdict comes with 400 or 401.
    const { status, retryAfter } = answer
    const details = { status, ...(retryAfter === undefined ? {} : { retryAfter }) }
    return new SessionError('provider_unavailable', `${what} answered ${status}; it is tried again.`, details)
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new SessionError('timeout', `${what} did not answer in time.`)
  }
  if (error instanceof ErrorResponse) {
    const code = error.error ?? 'unknown'
    const description = error.error_description ? `: ${error.error_description}` : ''
    const mend = mends.get(code) ?? ''
    const message = `${what} answered "${code}"${description}.${mend}`
    const details = {
      ...(answer === null ? {} : { status: answer.status }),
      ...(error.error === null ? {} : { oauthError: error.error }),
    }
    return new SessionError(verdicts.get(code) ?? 'login_failed', message, details)
  }
  if (error instanceof DOMException) {
    // Neither a request nor an answer: this browser keeps no login state.
    return new SessionError(
      'vault_unavailable',
      `The browser's storage does not take the state of a login (${error.name}). Allow this site to store data, or make room.`,
      { cause: error },
    )
  }
  if (error instanceof ErrorTimeout) return new SessionError('timeout', `${what} did not answer in time.`)
  if (error instanceof TypeError) {
    // `fetch` says by a TypeError that there was no answer, each browser in its own words; any other one is a fault of code.
    return /fetch|network|load failed|terminated|body stream/i.test(error.message)
      ? unreachable(oidc, what, error)
      : new SessionError('unexpected', `Something unforeseen went wrong (${error.message}).`, { cause: error })
  }
  const message = error instanceof Error ? error.message : String(error)
  return errorOfMessage(what, message)
}

const codesOfClaims: ReadonlyMap<string, SessionErrorCode> = new Map([
  ['nonce in id_token', 'nonce_mismatch'],
  ['sub in id_token', 'subject_mismatch'],
  ['azp in id_token', 'audience_mismatch'],
  ['azp not in id_token', 'audience_mismatch'],
])

/** oidc-client-ts tells the rest by text only. */
function errorOfMessage(what: string, message: string): SessionError {
  const status = Number(/\((\d{3})\)/.exec(message)?.[1] ?? Number.NaN)
  if (isPassingStatus(status))
    return new SessionError('provider_unavailable', `${what} answered ${status}; it is tried again.`, { status })
  if (/No matching state|No state in response|State does not match/.test(message)) {
    return new SessionError(
      'unknown_response',
      'This login response was used before, or was not asked for by this browser. Start the login again.',
    )
  }
  if (/mismatch on settings|Expected code/.test(message)) {
    return new SessionError('unknown_response', 'This login response belongs to another login. Start the login again.')
  }
  if (/secure context/.test(message)) {
    return new SessionError(
      'login_failed',
      'This page cannot log anyone in: browsers give what it takes (Web Crypto) to https and localhost only.',
    )
  }
  if (/id_token|ID Token|Invalid token/i.test(message)) {
    // The rest of the text may quote the token itself.
    const claim = /^(?:nonce|sub|auth_time|azp) (?:not )?in id_token/.exec(message)?.[0]
    return new SessionError(
      codesOfClaims.get(claim ?? '') ?? 'invalid_id_token',
      `${what} sent an ID token that is not for this login (${claim ?? 'it is no JWT, or names no subject'}). It was refused.`,
    )
  }
  if (/Content-Type/.test(message)) {
    const type = /Content-Type: ([^,]+)/.exec(message)?.[1] ?? 'another type'
    return new SessionError(
      'invalid_response',
      `${what} answered with ${type}, where JSON was expected. Check "authority".`,
    )
  }
  if (!Number.isNaN(status)) {
    return new SessionError('invalid_response', `${what} answered ${status}. Check "authority".`, { status })
  }
  return new SessionError('invalid_response', `${what} gave an answer that cannot be used.`)
}
