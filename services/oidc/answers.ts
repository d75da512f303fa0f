import type { SigninResponse } from 'oidc-client-ts'
import { SessionError } from '../../machines/errors.ts'
import type { NewLogin } from '../credentials/types.ts'
import type { TokenAnswer } from '../credentials/facts.ts'
import type { Oidc } from './client.ts'

/** A token response (RFC 6749 section 5.1), checked for what we rely on. Throws `invalid_response`. */
export function readTokenAnswer(oidc: Oidc, response: SigninResponse): TokenAnswer {
  const bad = (what: string): SessionError =>
    new SessionError('invalid_response', `The provider ${oidc.authority} sent a token response ${what}.`)
  // oidc-client-ts hands on what came, whatever its types say.
  const { access_token, token_type, refresh_token, id_token, scope, expires_in } = response as Partial<SigninResponse>
  if (typeof access_token !== 'string' || access_token === '') throw bad('without an access token')
  const tokenType = oidc.settings.dpop ? 'DPoP' : 'Bearer'
  if (typeof token_type !== 'string' || token_type.toLowerCase() !== tokenType.toLowerCase())
    throw bad(`with a token type that is not ${tokenType}. Check the option "dpop" against this client's registration`)
  const expiresIn = Number(expires_in)
  return {
    accessToken: access_token,
    tokenType,
    ...(Number.isFinite(expiresIn) && expires_in != null ? { expiresIn: Math.max(0, expiresIn) } : {}),
    ...(typeof refresh_token === 'string' && refresh_token !== '' ? { refreshToken: refresh_token } : {}),
    ...(typeof id_token === 'string' && id_token !== '' ? { idToken: id_token } : {}),
    ...(typeof scope === 'string' && scope !== '' ? { scope } : {}),
  }
}

/** What a login begins with, from the answer to its code exchange. */
export function readNewLogin(oidc: Oidc, response: SigninResponse): NewLogin {
  const answer = readTokenAnswer(oidc, response)
  const claims = response.profile as Readonly<Record<string, unknown>> | undefined
  const subject = claims?.['sub']
  if (answer.idToken === undefined || claims === undefined || typeof subject !== 'string') {
    throw new SessionError(
      'invalid_id_token',
      `The provider ${oidc.authority} sent no ID token. Ask for the scope "openid".`,
    )
  }
  return {
    answer,
    subject,
    scope: oidc.settings.scope,
    ceilingAt: ceilingOf(claims, oidc),
    profile: { ...claims, sub: subject },
  }
}

/** How long before the end that the provider names the session ends here, ms: docs/decisions/010-session-expiry.md. */
const ceilingLeeway = 30_000
/** What is greater is no number of seconds since 1970 but one of milliseconds. */
const mostSeconds = 10_000_000_000

/** The earlier of the provider's `session_expiry` claim (epoch s), less the leeway, and our own greatest age; epoch ms. */
function ceilingOf(claims: Readonly<Record<string, unknown>>, { settings, clock }: Oidc): number | undefined {
  const claimed = claims['session_expiry']
  const isSeconds = typeof claimed === 'number' && claimed > 0 && claimed < mostSeconds
  const provided = isSeconds ? claimed * 1000 - ceilingLeeway : Infinity
  const own = settings.maxSessionAge === undefined ? Infinity : clock.now() + settings.maxSessionAge
  const ceiling = Math.min(provided, own)
  return Number.isFinite(ceiling) ? ceiling : undefined
}
