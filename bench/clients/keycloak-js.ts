import Keycloak from 'keycloak-js'
import type { CreateClient } from './client.ts'

/** It asks for credentials by CORS, which Keycloak allows; the lab's provider, as most others, does not. */
function leaveCredentialsOut(): void {
  const send = window.fetch.bind(window)
  window.fetch = (input, init) => send(input, { ...init, credentials: 'omit' })
}

/** Keeps its tokens in memory; a page that is opened asks the provider, in a hidden frame. */
export const create: CreateClient = ({ issuer, clientId, redirectUri, lead }) => {
  leaveCredentialsOut()
  const keycloak = new Keycloak({ clientId, oidcProvider: issuer })
  const user = () => keycloak.idTokenParsed?.sub ?? null
  return {
    async open() {
      await keycloak.init({
        checkLoginIframe: false,
        ...(location.pathname === '/callback'
          ? {}
          : { onLoad: 'check-sso', silentCheckSsoRedirectUri: redirectUri, silentCheckSsoFallback: false }),
      })
      if (location.pathname === '/callback') history.replaceState(null, '', '/')
      return user()
    },
    login: () => keycloak.login({ redirectUri, scope: 'openid profile email offline_access' }),
    async token() {
      await keycloak.updateToken(lead)
      const { token } = keycloak
      if (token === undefined) throw new Error('nobody is signed in')
      return token
    },
    user: () => Promise.resolve(user()),
  }
}
