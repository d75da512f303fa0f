import { SessionError } from '../../machines/errors.ts'
import type { Platform } from '../browser/platform.ts'
import { passingProblem, isPassingStatus, request, unreachable } from '../http.ts'
import type { VaultEntry } from '../vault/types.ts'
import type { Oidc } from './client.ts'

/** Revokes what a session leaves behind (RFC 7009): the refresh token, or else the access token. Any 200 is a success, whatever its body. */
export async function revokeTokens(oidc: Oidc, { tokens }: VaultEntry): Promise<void> {
  const endpoint = await oidc.endpoint('revocation_endpoint')
  const what = `The provider ${oidc.authority}`
  if (endpoint === undefined) throw new SessionError('invalid_response', `${what} offers no revocation.`)
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
  if (isPassingStatus(response.status)) throw passingProblem(what, response, oidc.clock)
  if (!response.ok) {
    throw new SessionError('invalid_response', `${what} refused the revocation with ${response.status}.`, {
      status: response.status,
    })
  }
}

/** Leaves for the provider's logout page (OpenID Connect RP-Initiated Logout 1.0). */
export async function leaveProvider(oidc: Oidc, platform: Platform, idToken: string | undefined): Promise<void> {
  const { settings } = oidc
  // The person would end on an error page of the browser, having logged out here already.
  if (!oidc.isOnline()) throw unreachable(oidc, `The provider ${oidc.authority}`, null)
  if ((await oidc.endpoint('end_session_endpoint')) === undefined) {
    throw new SessionError('invalid_response', `The provider ${oidc.authority} offers no logout page.`)
  }
  const { url } = await oidc.talk(() =>
    oidc.client.createSignoutRequest({
      client_id: settings.clientId,
      ...(idToken === undefined ? {} : { id_token_hint: idToken }),
    }),
  )
  platform.address.go(url)
}
