import type { CheckId, Finding } from './finding.ts'
import { textIn, type Json } from './json.ts'

interface Known {
  readonly name: string
  readonly is: (issuer: URL, json: Json) => boolean
  /** Where a thing is set there, as docs/providers.md has it from the provider's own pages. */
  readonly hints: Partial<Readonly<Record<CheckId, string>>>
  /** What matters there and cannot be seen from outside. */
  readonly notes?: readonly string[]
}

const cors = (hint: string) => ({
  'cors.discovery': hint,
  'cors.keys': hint,
  'cors.token': hint,
  'cors.userinfo': hint,
  'cors.revocation': hint,
})

const providers: readonly Known[] = [
  {
    name: 'Auth0',
    is: ({ hostname }, json) => hostname.endsWith('.auth0.com') || textIn(json, 'mfa_challenge_endpoint') !== undefined,
    hints: {
      ...cors('Allowed Origins (CORS) of the application; origins of callback URLs are allowed already.'),
      'client.redirect': 'Allowed Callback URLs of the application.',
      'client.public': 'application type Single Page Application, authentication method None.',
      'keys.signing': 'sign ID tokens with RS256.',
      'refresh.grant': 'Refresh Token Rotation of the application, and Allow Offline Access of the API.',
      'logout.redirect': 'Allowed Logout URLs of the application, or of the tenant.',
      'logout.page':
        "RP-Initiated Logout End Session Endpoint Discovery of the tenant; or `logoutPage: 'auth0'`, for /v2/logout.",
    },
    notes: [
      'Turn on Refresh Token Rotation of the application, with an overlap period of some seconds.',
      'Turn on Allow Offline Access in the API that is the audience, or no refresh token comes.',
    ],
  },
  {
    name: 'Keycloak',
    is: ({ pathname }) => /\/realms\/[^/]+\/?$/.test(pathname),
    hints: {
      ...cors('Web origins of the client.'),
      'client.redirect': 'Valid redirect URIs of the client.',
      'client.public': 'Client authentication off.',
      'logout.redirect': 'Valid post logout redirect URIs of the client.',
      'pkce.supported': 'PKCE method S256 of the client.',
      'pkce.demanded': 'PKCE method S256 of the client.',
    },
    notes: [
      "Turn on the realm's Revoke Refresh Token: without it a refresh token is good again and again.",
      'For offline_access a person needs the realm role of that name.',
    ],
  },
  {
    name: 'Okta',
    is: ({ hostname }) => /\.okta(?:preview|-emea)?\.com$/.test(hostname),
    hints: {
      ...cors('a Trusted Origin of type CORS.'),
      'client.redirect': 'sign-in redirect URIs of the application.',
      'client.public': 'an OIDC Single-Page Application.',
      'refresh.grant': 'grant type Refresh Token of the application.',
      'logout.redirect': 'sign-out redirect URIs of the application.',
    },
    notes: ['Refresh tokens are rotated by default, with a grace period of 30 s; see that it is still so.'],
  },
  {
    name: 'Microsoft Entra ID',
    is: ({ hostname }) => hostname === 'login.microsoftonline.com',
    hints: {
      'cors.token': 'register the redirect URI with type `spa`.',
      'client.redirect': 'redirect URIs of the app registration, with type `spa`.',
      'discovery.issuer': "name the tenant's GUID in the authority: `common` and `organizations` cannot be used.",
      'logout.revocation': 'there is none; refresh tokens of single-page apps end after 24 hours.',
      'logout.redirect': 'it has to be among the redirect URIs of the app registration.',
    },
    notes: ['Refresh tokens of single-page apps end 24 hours after the login, whatever is renewed in between.'],
  },
  {
    name: 'Amazon Cognito',
    is: ({ hostname }) => /^cognito-idp\..+\.amazonaws\.com$/.test(hostname),
    hints: {
      'client.redirect': 'callback URLs of the app client.',
      'client.public': 'an app client without a secret.',
      'refresh.scope': 'offline_access is none of its scopes; a refresh token comes without it.',
      'logout.redirect': 'sign-out URLs of the app client.',
    },
    notes: [
      'Turn on refresh token rotation of the app client: it is off unless turned on.',
      'Its logout page takes client_id and logout_uri, not what the standard says: log out from the app, then send people there.',
    ],
  },
  {
    name: 'Google',
    is: ({ hostname }) => hostname === 'accounts.google.com',
    hints: {
      'client.public': 'it wants a secret of web clients, so a page alone cannot use it: put another provider between.',
    },
  },
  {
    name: 'better-auth',
    is: (_issuer, json) => (textIn(json, 'authorization_endpoint') ?? '').endsWith('/api/auth/oauth2/authorize'),
    hints: {
      ...cors('it leaves CORS to whoever embeds it: answer OPTIONS there, and allow authorization.'),
      'dpop.supported': 'whoever embeds it allows the header DPoP, and exposes DPoP-Nonce.',
      'logout.redirect': 'post_logout_redirect_uris of the client, and enable_end_session: true.',
      'client.redirect': "redirect_uris of the client; for http on this machine `application_type: 'native'`.",
      'client.public': "`token_endpoint_auth_method: 'none'` of the client.",
    },
  },
  {
    name: 'django-oauth-toolkit',
    is: (_issuer, json) => /\/o\/authorize\/?$/.test(textIn(json, 'authorization_endpoint') ?? ''),
    hints: {
      ...cors('django-cors-headers, its middleware before CommonMiddleware.'),
      'client.public': 'client type public, of the Application.',
      'keys.signing': 'algorithm RS256 of the Application, and OIDC_RSA_PRIVATE_KEY.',
      'refresh.scope': 'leave it out: a refresh token comes without it.',
      'logout.page': 'OIDC_RP_INITIATED_LOGOUT_ENABLED, in later versions than 1.7.',
      'pkce.demanded': 'PKCE_REQUIRED.',
    },
    notes: [
      'It names no revocation endpoint up to 1.7: keep ACCESS_TOKEN_EXPIRE_SECONDS short, and set REFRESH_TOKEN_EXPIRE_SECONDS.',
    ],
  },
]

interface Hinted {
  readonly findings: readonly Finding[]
  readonly notes: readonly string[]
  readonly provider?: string
}

/** Says where the provider at hand has what is to be set, if it is a known one. */
export function withHints(findings: readonly Finding[], json: Json): Hinted {
  const issuer = textIn(json, 'issuer') ?? ''
  // Entra's issuer for several tenants holds braces, which URL takes.
  const known = URL.canParse(issuer) ? providers.find(({ is }) => is(new URL(issuer), json)) : undefined
  if (known === undefined) return { findings, notes: [] }
  const { name: provider, hints, notes = [] } = known
  const hinted = findings.map((one) => {
    const hint = one.verdict === 'ok' ? undefined : hints[one.id]
    return hint === undefined ? one : { ...one, set: [one.set, `${provider}: ${hint}`].filter(Boolean).join(' ') }
  })
  return { findings: hinted, notes, provider }
}
