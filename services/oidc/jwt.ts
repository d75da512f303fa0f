import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet } from 'jose'
import { SessionError } from '../../machines/errors.ts'
import { isPassingStatus, passingProblem, readJson, request } from '../http.ts'
import type { Oidc } from './client.ts'

/** Signatures that whoever can check them cannot make (RFC 7518 section 3.1, RFC 8037): `none` and shared secrets are out. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/**
 * The claims of a JWT that the provider signed for this client (RFC 7519): signature by one of the provider's keys, `iss`, `aud`
 * and, where they are given, `exp` and `nbf` on this machine's clock, with a leeway of a minute. Throws `invalid_response`,
 * `issuer_mismatch`, or what a request can fail with. `where`: what messages call it.
 */
export async function verifyJwt(oidc: Oidc, jwt: string, where: string): Promise<Readonly<Record<string, unknown>>> {
  const { issuer, jwks_uri: keysAt } = await oidc.metadata()
  const keys = createLocalJWKSet(await loadKeys(oidc, keysAt))
  try {
    const { payload } = await jwtVerify(jwt, keys, {
      issuer,
      audience: oidc.settings.clientId,
      algorithms,
      clockTolerance: 60,
      currentDate: new Date(oidc.clock.now()),
      requiredClaims: ['iss', 'aud'],
    })
    return payload
  } catch (error) {
    throw refusal(where, error)
  }
}

async function loadKeys(oidc: Oidc, address: string | undefined): Promise<JSONWebKeySet> {
  const what = `The provider ${oidc.authority}`
  if (address === undefined) throw new SessionError('invalid_response', `${what} names no keys (jwks_uri).`)
  const response = await request(oidc, what, address)
  if (isPassingStatus(response.status)) throw passingProblem(what, response, oidc.clock)
  const { keys } = await readJson(what, response)
  if (!response.ok || !Array.isArray(keys))
    throw new SessionError('invalid_response', `${what} answered ${response.status} without keys at jwks_uri.`)
  // What makes no key is refused by jose.
  return { keys: keys as JSONWebKeySet['keys'] }
}

/** jose's own errors hold the claims: their message alone is handed on. */
function refusal(where: string, error: unknown): SessionError {
  const why = error instanceof errors.JOSEError ? error.message : 'it cannot be read'
  const isOfAnother = error instanceof errors.JWTClaimValidationFailed && error.claim === 'iss'
  return new SessionError(
    isOfAnother ? 'issuer_mismatch' : 'invalid_response',
    `${where} is not signed by the provider for this client: ${why}. It was refused.`,
  )
}
