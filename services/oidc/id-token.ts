import { SessionError, type SessionErrorCode } from '../../machines/errors.ts'
import { fromBase64Url, toBase64Url } from '../base64url.ts'
import { inTime } from '../http.ts'
import type { Oidc } from './client.ts'
import type { VerifiedJwt } from './keys.ts'

/** What an ID token must agree with. */
export interface IdTokenExpectation {
  readonly idToken: string
  /** That came with it, for `at_hash`. */
  readonly accessToken: string
  /** The provider's name for itself, by its discovery document. */
  readonly issuer: string
  /** `max_age` of the authorization request, s. */
  readonly maxAge?: number | undefined
  /** Of the session that is renewed. */
  readonly subject?: string
}

/**
 * How wrong a device's clock may be, s. Clocks that are set by hand in another time zone are hours off, and their owners have to
 * get in as well. Freshness does not hang on it: nonce, code and TLS bind an ID token to this very request.
 */
const clockTolerance = 24 * 60 * 60
/** How long after a sign-in its ID token may be issued, beyond `max_age`, s: people read consent pages. */
const slack = 300

/**
 * Checks an ID token as OpenID Connect Core 3.1.3.7 (a login) and 12.2 (a renewal) demand; the nonce is compared by
 * oidc-client-ts. Returns the claims. Throws `invalid_id_token`, `algorithm_refused`, `signature_invalid`, `issuer_mismatch`,
 * `audience_mismatch`, `subject_mismatch`, `id_token_expired`, `issued_at_invalid`, `access_token_mismatch`,
 * `authentication_too_old`; and the codes of a request, where the provider's keys cannot be had.
 */
export async function checkIdToken(oidc: Oidc, expected: IdTokenExpectation): Promise<VerifiedJwt['claims']> {
  const verified = await oidc.keys.verify(expected.idToken, 'an ID token')
  checkClaims(oidc, verified.claims, expected)
  await checkAccessTokenHash(oidc, verified, expected.accessToken)
  return verified.claims
}

/**
 * The same for a renewal, whose refresh token is spent already: what it brought must not be lost, nor wait, for want of keys.
 * It came from the token endpoint itself, by TLS, which the standard takes for a signature there (Core 3.1.3.7, number 6); so
 * where the keys cannot be had, the claims alone decide.
 */
export async function checkRenewedIdToken(oidc: Oidc, expected: IdTokenExpectation): Promise<void> {
  try {
    await inTime({ timeout: keyPatience }, 'The key set of the provider', checkIdToken(oidc, expected))
  } catch (error) {
    if (!(error instanceof SessionError) || !wantOfKeys.has(error.code)) throw error
    checkClaims(oidc, claimsOf(oidc, expected.idToken), expected)
  }
}

/** How long a renewal waits for keys once it has its answer, ms. They were loaded before, unless the provider has new ones. */
const keyPatience = 3_000
const wantOfKeys: ReadonlySet<SessionErrorCode> = new Set([
  'network',
  'offline',
  'timeout',
  'provider_unavailable',
  'invalid_response',
])

type Claims = VerifiedJwt['claims']

function claimsOf(oidc: Oidc, idToken: string): Claims {
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(fromBase64Url(idToken.split('.')[1] ?? '')))
    if (typeof claims === 'object' && claims !== null) return claims as Claims
  } catch {
    // Told below.
  }
  throw refusal(oidc)('invalid_id_token', 'is not a JWT')
}

const refusal =
  (oidc: Oidc) =>
  (code: SessionErrorCode, problem: string): SessionError =>
    new SessionError(code, `The provider ${oidc.authority} sent an ID token that ${problem}. It was refused.`)

/** All but signature and hash. */
function checkClaims(oidc: Oidc, claims: Claims, { issuer, maxAge, subject }: IdTokenExpectation): void {
  const refuse = refusal(oidc)
  const { clientId } = oidc.settings
  const now = oidc.clock.now() / 1000
  const { iss, sub, aud, azp, exp, iat, auth_time: authTime } = claims

  if (iss !== issuer) throw refuse('issuer_mismatch', 'comes from another issuer')
  if (typeof sub !== 'string' || sub === '') throw refuse('invalid_id_token', 'names no subject')
  if (subject !== undefined && sub !== subject) throw refuse('subject_mismatch', 'is about another person')

  const audience: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audience.includes(clientId)) throw refuse('audience_mismatch', `is not for this client, "${clientId}"`)
  if (azp === undefined ? audience.length > 1 : azp !== clientId)
    throw refuse('audience_mismatch', `was given to another client than "${clientId}" ("azp")`)

  if (!isTime(exp)) throw refuse('invalid_id_token', 'names no expiry')
  if (!isTime(iat)) throw refuse('issued_at_invalid', 'does not say when it was issued')
  // By the provider's own clock, and by this device's.
  if (exp <= iat || now >= exp + clockTolerance)
    throw refuse('id_token_expired', "has expired; is this device's clock right?")
  if (now < iat - clockTolerance)
    throw refuse('issued_at_invalid', "was issued in the future; is this device's clock right?")

  if (maxAge === undefined) return
  if (!isTime(authTime)) throw refuse('authentication_too_old', 'does not say when the person signed in, though asked')
  // By the provider's clock, which told both.
  if (iat > authTime + maxAge + slack)
    throw refuse('authentication_too_old', `is about a sign-in of more than ${maxAge} s ago`)
}

/** Seconds since 1970. */
const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** `at_hash` (Core 3.1.3.6): optional from the token endpoint, and binding where it is there. */
async function checkAccessTokenHash(
  oidc: Oidc,
  { algorithm, claims }: VerifiedJwt,
  accessToken: string,
): Promise<void> {
  const claimed = claims['at_hash']
  if (claimed === undefined) return
  const digest = await crypto.subtle.digest(hashOf(algorithm), new TextEncoder().encode(accessToken))
  const half = new Uint8Array(digest, 0, digest.byteLength / 2)
  if (claimed !== toBase64Url(half))
    throw refusal(oidc)('access_token_mismatch', 'belongs to another access token ("at_hash")')
}

/** The one that the signature uses; Ed25519 has SHA-512 within (RFC 8032). */
const hashOf = (algorithm: string): string => `SHA-${/^..(256|384|512)$/.exec(algorithm)?.[1] ?? '512'}`
