/** Paths as at Auth0, so that nobody gets used to those of oidc-provider: clients are to read them from discovery. */
export const routes = {
  authorization: '/authorize',
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  userinfo: '/userinfo',
  end_session: '/oidc/logout',
  jwks: '/.well-known/jwks.json',
}

/** Auth0's own, which no discovery document names. */
export const auth0LogoutPath = '/v2/logout'

export const endpoints = [
  'authorization',
  'interaction',
  'token',
  'userinfo',
  'discovery',
  'jwks',
  'revocation',
  'end_session',
  'api',
  'page',
] as const

/** What a request was for, in the request log and for faults. */
export type Endpoint = (typeof endpoints)[number]

export const userApiPath = '/api/v2/'

export function endpointOf(path: string): Endpoint {
  if (path === routes.token) return 'token'
  if (path === routes.revocation) return 'revocation'
  if (path === routes.userinfo) return 'userinfo'
  if (path === routes.jwks) return 'jwks'
  if (path.startsWith(userApiPath)) return 'api'
  if (path.startsWith(routes.authorization)) return 'authorization'
  if (path.startsWith(routes.end_session) || path === auth0LogoutPath) return 'end_session'
  if (path.startsWith('/interaction/')) return 'interaction'
  if (path.startsWith('/.well-known/')) return 'discovery'
  return 'page'
}
