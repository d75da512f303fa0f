import type { Platform } from '../browser/platform.ts'
import type { AuthorizedFetch } from '../fetch.ts'
import type { Provider } from '../provider.ts'
import { claimsOf } from './claims.ts'
import type { Oidc } from './client.ts'
import { leaveProvider, revokeTokens } from './logout.ts'
import { renewTokens } from './renewal.ts'
import { loadProfile } from './userinfo.ts'

/** A provider by OpenID Connect. */
export function createOidcProvider(oidc: Oidc, platform: Platform, fetchWithToken: AuthorizedFetch): Provider {
  return {
    renew: (entry, beforeSpending) => renewTokens(oidc, entry, beforeSpending),
    loadProfile: (subject, signal) => loadProfile(oidc, fetchWithToken, subject, signal),
    loadClaims: async (subject, idToken, signal) => ({
      ...claimsOf(idToken),
      ...(await loadProfile(oidc, fetchWithToken, subject, signal)),
    }),
    revoke: (removed) => revokeTokens(oidc, removed),
    leave: (idToken, signal) => leaveProvider(oidc, platform, idToken, signal),
  }
}
