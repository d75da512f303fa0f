import type { Taken } from './bundles.ts'

/** What an app takes of ours; each is a budget in `.size-limit.json`. React itself is not counted. */
export const ours: readonly Taken[] = [
  { name: 'session', code: `export { createSession } from 'sessionchart'` },
  {
    name: 'react',
    code: `export { createSession } from 'sessionchart'
export { SessionGate, SessionProvider, useAccessToken, useProfile, useSession, useUserMetadata } from 'sessionchart/react'`,
  },
  { name: 'visualizer', code: `export { SessionChart, chartModelOf } from 'sessionchart/visualizer'` },
]

/** The same of the clients that people choose today: what logs in, keeps the session, renews and logs out; without and with React. */
export const peers: readonly Taken[] = [
  { name: 'oidc-client-ts', code: `export { UserManager, WebStorageStateStore } from 'oidc-client-ts'` },
  {
    name: 'react-oidc-context',
    code: `export { AuthProvider, hasAuthParams, useAuth, withAuthenticationRequired } from 'react-oidc-context'
export { WebStorageStateStore } from 'oidc-client-ts'`,
  },
  { name: 'auth0-spa-js', code: `export { createAuth0Client } from '@auth0/auth0-spa-js'` },
  {
    name: 'auth0-react',
    code: `export { Auth0Provider, useAuth0, withAuthenticationRequired } from '@auth0/auth0-react'`,
  },
  { name: 'axa-oidc-client', code: `export { OidcClient } from '@axa-fr/oidc-client'` },
  {
    name: 'axa-react-oidc',
    code: `export { OidcProvider, OidcSecure, useOidc, useOidcUser } from '@axa-fr/react-oidc'`,
  },
  { name: 'keycloak-js', code: `export { default } from 'keycloak-js'` },
  { name: 'okta-auth-js', code: `export { OktaAuth } from '@okta/okta-auth-js'` },
  { name: 'msal-browser', code: `export { PublicClientApplication } from '@azure/msal-browser'` },
  {
    name: 'msal-react',
    code: `export { PublicClientApplication } from '@azure/msal-browser'
export { MsalProvider, useIsAuthenticated, useMsal } from '@azure/msal-react'`,
  },
  { name: 'supabase-auth-js', code: `export { AuthClient } from '@supabase/auth-js'` },
]
