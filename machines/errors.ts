/**
 * Every way in which a session's work can fail, by the code on which callers switch. Messages are for people and may change;
 * codes are part of the public face.
 *
 * Set-up
 * - `invalid_option`: an option of `createSession` is missing or wrong. Mend the option that the message names.
 * - `no_page`: a session on a server or in a worker was asked for a token. Ask in the browser.
 * - `port_missing`: a chart was started without one of its services. Provide it, as the message says.
 *
 * The way to the provider
 * - `offline`: no answer, and the browser says that it has no network. Waits for the network.
 * - `network`: no answer at all: the provider is down, or it does not allow this origin (CORS). Tried again.
 * - `timeout`: an answer did not come in time. Tried again.
 * - `provider_unavailable`: 408, 429 or 5xx. Tried again, after `retryAfter` ms where the provider named a time.
 * - `invalid_response`: an answer that is not what the standard demands (HTML, broken JSON, a field missing).
 * - `issuer_mismatch`: the discovery document or an answer belongs to another issuer than `authority` (RFC 9207, RFC 8414).
 *
 * Verdicts on a session (RFC 6749 section 5.2, OpenID Connect Core 3.1.2.6)
 * - `invalid_grant`: the refresh token is revoked, expired or was used twice. A login is needed.
 * - `invalid_client`: the provider does not know this client, or not with this grant. Mend the registration.
 * - `login_required`: the provider wants the person to log in again, or more strongly; `oauthError` has its own code. Also the answer to
 *   a login with `prompt: 'none'` where the provider would have to ask the person.
 *
 * Asking for a token
 * - `no_credentials`: nobody is signed in. Start a login.
 * - `no_refresh_token`: a renewal is needed, and the provider gave no refresh token (scope `offline_access`).
 * - `large_min_ttl`: `minTtl` is not below the lifetime that the provider gives. Ask for less.
 * - `session_ended`: the session ended while a caller waited.
 * - `subject_changed`: another person signed in in another tab, or came back from a step-up. That one leaves the session as it was.
 * - `origin_refused`: `session.fetch` was asked to send the token to an origin that is not allowed.
 * - `aborted`: the caller's signal was aborted.
 * - `disposed`: the session was disposed.
 *
 * Login
 * - `login_denied`: the person or the provider said no (`access_denied`).
 * - `login_failed`: the provider answered with another error; the message holds it.
 * - `login_cancelled`: the person came back without an answer, or the app cancelled.
 * - `login_timeout`: no answer in the time allowed.
 * - `popup_blocked`: the browser opened no window. Call login within a click, or use the redirect.
 * - `popup_closed`: the window was closed before an answer came.
 * - `authentication_too_weak`: a step-up asked for `acrValues`, and the provider did something else (`acr`; RFC 9470).
 * - `login_loop`: several logins in a row, none by a click, came to nothing; they stop for a minute. A click goes on.
 * - `unknown_response`: the login response was used before, or was never asked for by this browser.
 *
 * An answer's ID token (OpenID Connect Core 3.1.3.7). Each is refused; at a login, try again or tell whoever runs the provider.
 * - `invalid_id_token`: it is missing, no JWT, or lacks what it must have.
 * - `algorithm_refused`: it is not signed by a public key (`none`, HMAC). Register the client for RS256, ES256 or the like.
 * - `signature_invalid`: none of the provider's keys has signed it.
 * - `audience_mismatch`: it is for another client (`aud`, `azp`).
 * - `id_token_expired`: it had expired when it came. Is the device's clock right?
 * - `issued_at_invalid`: it does not say when it was issued, or in the future.
 * - `nonce_mismatch`: it answers another request than this browser's.
 * - `access_token_mismatch`: it belongs to another access token (`at_hash`).
 * - `authentication_too_old`: the person signed in longer ago than `max_age` allows.
 * (And `issuer_mismatch`, `subject_mismatch`.)
 *
 * Storage
 * - `vault_unreadable`: what was kept cannot be read; it was put aside and the person has to log in again.
 * - `vault_unavailable`: this browser gives no storage (private mode, blocked, evicted).
 * - `store_failed`: renewed credentials could not be written yet; they are usable and writing is tried again.
 *
 * Profile and user metadata
 * - `subject_mismatch`: the provider answered about another person (OpenID Connect Core 5.3.2). Refused.
 * - `unauthorized`: the access token was refused, twice.
 * - `metadata_not_provided`: the session was made without a metadata adapter.
 * - `metadata_invalid`: what was to be saved breaks a rule of the API, or what came does not fit the schema; the key is named.
 * - `metadata_refused`: the API refused, with its own message (a missing scope, another user).
 *
 * - `unexpected`: a fault that none of these names; see `cause`.
 */
export type SessionErrorCode =
  | 'invalid_option'
  | 'no_page'
  | 'port_missing'
  | 'offline'
  | 'network'
  | 'timeout'
  | 'provider_unavailable'
  | 'invalid_response'
  | 'issuer_mismatch'
  | 'invalid_grant'
  | 'invalid_client'
  | 'login_required'
  | 'no_credentials'
  | 'no_refresh_token'
  | 'large_min_ttl'
  | 'session_ended'
  | 'subject_changed'
  | 'origin_refused'
  | 'aborted'
  | 'disposed'
  | 'login_denied'
  | 'login_failed'
  | 'login_cancelled'
  | 'login_timeout'
  | 'popup_blocked'
  | 'popup_closed'
  | 'authentication_too_weak'
  | 'login_loop'
  | 'unknown_response'
  | 'invalid_id_token'
  | 'algorithm_refused'
  | 'signature_invalid'
  | 'audience_mismatch'
  | 'id_token_expired'
  | 'issued_at_invalid'
  | 'nonce_mismatch'
  | 'access_token_mismatch'
  | 'authentication_too_old'
  | 'vault_unreadable'
  | 'vault_unavailable'
  | 'store_failed'
  | 'subject_mismatch'
  | 'unauthorized'
  | 'metadata_not_provided'
  | 'metadata_invalid'
  | 'metadata_refused'
  | 'unexpected'

export interface SessionErrorDetails {
  readonly cause?: unknown
  /** How long to wait before another try, in ms, where the other side named a time (`Retry-After`). */
  readonly retryAfter?: number
  /** The HTTP status of the answer, where there was one. */
  readonly status?: number
  /** The provider's own error code, where it gave one (RFC 6749 section 5.2, OpenID Connect Core 3.1.2.6), e.g. `mfa_required`. */
  readonly oauthError?: string
}

/** The one error class. Switch on `code`, never on `message`. Holds no token, neither itself nor in its message. */
export class SessionError extends Error {
  override readonly name = 'SessionError'
  readonly code: SessionErrorCode
  readonly retryAfter: number | undefined
  readonly status: number | undefined
  readonly oauthError: string | undefined

  constructor(code: SessionErrorCode, message: string, details: SessionErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.retryAfter = details.retryAfter
    this.status = details.status
    this.oauthError = details.oauthError
  }
}

/** What charts keep of an error: plain data, safe to print and to persist. */
export interface Problem {
  readonly code: SessionErrorCode
  readonly message: string
  /** ms; see `SessionError.retryAfter`. */
  readonly retryAfter?: number
  /** See `SessionErrorDetails.oauthError`. */
  readonly oauthError?: string
}

/** Turns whatever was thrown into a `Problem`. The text of foreign errors is left out, for it may quote a request. */
export function toProblem(error: unknown): Problem {
  if (!(error instanceof SessionError)) {
    const name = error instanceof Error ? error.name : typeof error
    return { code: 'unexpected', message: `Something unforeseen went wrong (${name}).` }
  }
  const { code, message, retryAfter, oauthError } = error
  return {
    code,
    message,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(oauthError === undefined ? {} : { oauthError }),
  }
}

/** The rejection of a port that was not provided: says which one, and how to provide it. */
export function missingPort(machine: string, port: string): SessionError {
  return new SessionError(
    'port_missing',
    `The ${machine} chart has no service "${port}". ` +
      `Start it with createSession(), or provide it: ${machine}Machine.provide({ actors: { ${port}: … } }).`,
  )
}
