import { SessionError } from '../../machines/errors.ts'
import type { Profile } from '../../machines/facts.ts'
import type { AuthorizedFetch } from '../fetch.ts'
import { isPassingStatus, passingProblem, readJson, readText } from '../answers.ts'
import type { Oidc } from './client.ts'
import { checkUserinfoClaims } from './id-token.ts'

/**
 * The claims of userinfo (OpenID Connect Core 5.3), of this subject and no other; also where the provider signs them (5.3.2).
 * Throws `subject_mismatch`, `issuer_mismatch`, `audience_mismatch`, `algorithm_refused`, `signature_invalid`; and the codes of a
 * request.
 */
export async function loadProfile(
  oidc: Oidc,
  fetchWithToken: AuthorizedFetch,
  subject: string,
  signal: AbortSignal,
): Promise<Profile> {
  const what = `The provider ${oidc.authority}`
  const endpoint = await oidc.endpoint('userinfo_endpoint')
  if (endpoint === undefined) throw new SessionError('invalid_response', `${what} offers no userinfo.`)
  const response = await fetchWithToken(endpoint, {
    signal,
    headers: { Accept: 'application/json, application/jwt' },
  })
  if (isPassingStatus(response.status)) throw passingProblem(what, response, oidc.clock)
  if (response.status === 401)
    throw new SessionError('unauthorized', `${what} refused the access token at userinfo.`, { status: 401 })
  if (!response.ok)
    throw new SessionError('invalid_response', `${what} answered ${response.status} at userinfo.`, {
      status: response.status,
    })
  const claims = isJwt(response) ? await readSigned(oidc, what, response) : await readJson(what, response)
  if (claims['sub'] !== subject) {
    throw new SessionError(
      'subject_mismatch',
      `${what} told the profile of another person at userinfo. It was refused.`,
    )
  }
  return { ...claims, sub: subject }
}

const isJwt = ({ headers }: Response): boolean => /^application\/jwt\b/i.test(headers.get('Content-Type') ?? '')

async function readSigned(oidc: Oidc, what: string, response: Response): Promise<Readonly<Record<string, unknown>>> {
  const { claims } = await oidc.keys.verify(await readText(what, response), 'userinfo')
  checkUserinfoClaims(oidc, claims, (await oidc.metadata()).issuer)
  return claims
}
