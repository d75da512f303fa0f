import { Auth0Client } from '@auth0/auth0-spa-js'
import type { CreateClient } from './client.ts'

/** Auth0's own servers allow its header by CORS; the lab's provider, as most others, does not. */
function leaveHeaderOut(): void {
  const send = window.fetch.bind(window)
  window.fetch = (input, init) => {
    const headers = new Headers(init?.headers)
    headers.delete('auth0-client')
    return send(input, { ...init, headers })
  }
}

/** `cacheLocation: 'localstorage'` with refresh tokens is what it offers for staying signed in without third-party cookies. */
export const create: CreateClient = ({ issuer, clientId, redirectUri }) => {
  leaveHeaderOut()
  const client = new Auth0Client({
    domain: issuer,
    clientId,
    cacheLocation: 'localstorage',
    useRefreshTokens: true,
    authorizationParams: { redirect_uri: redirectUri, scope: 'openid profile email offline_access' },
  })
  const user = async () => (await client.getUser())?.sub ?? null
  return {
    async open() {
      if (location.pathname === '/callback') {
        await client.handleRedirectCallback()
        history.replaceState(null, '', '/')
      } else await client.checkSession()
      return user()
    },
    login: () => client.loginWithRedirect(),
    async token() {
      const token = await client.getTokenSilently()
      if (token === undefined) throw new Error('nobody is signed in')
      return token
    },
    user,
  }
}
