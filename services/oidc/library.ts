import { OidcClient, type StateStore } from 'oidc-client-ts'
import type { Platform } from '../browser/platform.ts'
import type { Dpop } from '../dpop/dpop.ts'
import type { Settings } from '../options.ts'
import { watchTokenEndpoint, type TokenEndpointWatch } from './token-endpoint.ts'

/** oidc-client-ts, with what it stands on. */
interface Client {
  readonly client: OidcClient
  readonly tokenEndpoint: TokenEndpointWatch
}

interface ClientParts {
  readonly settings: Settings
  readonly platform: Platform
  readonly dpop: Dpop | null
  readonly states: StateStore
}

export function createClient({ settings, platform, dpop, states }: ClientParts): Client {
  const client = new OidcClient({
    authority: settings.authority,
    client_id: settings.clientId,
    redirect_uri: settings.redirectUri,
    ...(settings.postLogoutRedirectUri === undefined
      ? {}
      : { post_logout_redirect_uri: settings.postLogoutRedirectUri }),
    response_type: 'code',
    scope: settings.scope,
    // The profile is the account chart's business; the login does not wait for it.
    loadUserInfo: false,
    requestTimeoutInSeconds: settings.requestTimeout / 1000,
    fetchRequestCredentials: 'omit',
    stateStore: states,
    // What is remembered of a login longer than this is removed when another one begins, in any tab: people may be at a login page,
    // and look for a code in their mail, while other tabs ask silently.
    staleStateAgeInSeconds: 60 * 60,
  })
  return { client, tokenEndpoint: watchTokenEndpoint(client, platform.clock, dpop) }
}
