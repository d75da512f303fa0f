import type { KoaContextWithOIDC } from 'oidc-provider'

/** What Auth0 calls the scopes of the user API that a person's own token may have. */
export const userApiScopes = ['read:current_user', 'update:current_user_metadata', 'create:current_user_metadata']

export function audienceOf(issuer: string): string {
  return `${issuer}/api/v2/`
}

export function userApi(audience: string) {
  return { scope: userApiScopes.join(' '), audience, accessTokenFormat: 'opaque' as const }
}

/**
 * The audience of a login, put on its access tokens. It arrives as a resource indicator, which oidc-provider keeps on the
 * authorization code and on the refresh token: so it belongs to one login and to what is renewed from it, never to the
 * grant, which later logins of the same provider session share. It is an extra and not `aud`, because oidc-provider
 * refuses a token with `aud` at userinfo, while Auth0's works at both.
 */
export function audienceExtra(ctx: KoaContextWithOIDC) {
  const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken
  const resource = source?.resource
  const audience = Array.isArray(resource) ? resource[0] : resource
  return audience === undefined ? undefined : { audience }
}
