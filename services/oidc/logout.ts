import { SessionError } from '../../machines/errors.ts'
import type { Platform } from '../browser/platform.ts'
import { isPassingStatus, readJson } from '../answers.ts'
import { request, unreachable } from '../http.ts'
import type { VaultEntry } from '../vault/types.ts'
import type { Oidc } from './client.ts'

/**
 * Revokes what a session leaves behind (RFC 7009): the refresh token, or else the access token. Any 2xx is a success, whatever
 * its body. Tried once: after a logout nothing is kept that could be revoked later.
 */
export async function revokeTokens(oidc: Oidc, { tokens }: VaultEntry): Promise<'done' | 'unsupported'> {
  const endpoint = await oidc.endpoint('revocation_endpoint')
  const what = `The provider ${oidc.authority}`
  if (endpoint === undefined) return 'unsupported'
  const isRefreshable = tokens.refreshToken !== undefined
  const response = await request(oidc, what, endpoint, {
    method: 'POST',
    credentials: 'omit',
    // A page that is about to leave must not cut this.
    keepalive: true,
    body: new URLSearchParams({
      token: tokens.refreshToken ?? tokens.accessToken,
      token_type_hint: isRefreshable ? 'refresh_token' : 'access_token',
      client_id: oidc.settings.clientId,
    }),
  })
  if (response.ok) return 'done'
  const { status } = response
  if (isPassingStatus(status))
    throw new SessionError('provider_unavailable', `${what} answered ${status} to the revocation.`, { status })
  const oauthError = await errorOf(what, response)
  // RFC 7009 section 2.2.1.
  if (oauthError === 'unsupported_token_type') return 'unsupported'
  throw new SessionError(
    oauthError === 'invalid_client' ? oauthError : 'invalid_response',
    `${what} refused the revocation with ${status}${oauthError === undefined ? '' : ` (${oauthError})`}.`,
    { status, ...(oauthError === undefined ? {} : { oauthError }) },
  )
}

/** The provider's own error code (RFC 6749 section 5.2); many a server answers with a page instead. */
async function errorOf(what: string, response: Response): Promise<string | undefined> {
  const { error } = await readJson(what, response).catch(() => ({ error: undefined }))
  return typeof error === 'string' && /^[\w.-]{1,60}$/.test(error) ? error : undefined
}

/**
 * Leaves for the provider's logout page (OpenID Connect RP-Initiated Logout 1.0), or for the one of the options where the
 * provider names none.
 */
export async function leaveProvider(
  oidc: Oidc,
  platform: Platform,
  idToken: string | undefined,
  signal: AbortSignal,
): Promise<'left' | 'unsupported'> {
  const { settings } = oidc
  // The person would end on an error page of the browser, having logged out here already.
  if (!oidc.isOnline()) throw unreachable(oidc, `The provider ${oidc.authority}`, null)
  const address = (await oidc.endpoint('end_session_endpoint')) === undefined ? settings.logoutPage : await standard()
  if (address === undefined) return 'unsupported'
  // Whoever has logged in again by now is not taken away.
  signal.throwIfAborted()
  platform.address.go(address)
  return 'left'

  async function standard(): Promise<string> {
    const { url } = await oidc.talk((client) =>
      client.createSignoutRequest({
        client_id: settings.clientId,
        ...(idToken === undefined ? {} : { id_token_hint: idToken }),
      }),
    )
    return url
  }
}
