import { OktaAuth } from '@okta/okta-auth-js'
import type { CreateClient } from './client.ts'

/** Okta's own servers allow its header by CORS; the lab's provider, as most others, does not. */
function leaveHeaderOut(): void {
  const send = window.fetch.bind(window)
  window.fetch = (input, init) => {
    const headers = new Headers(init?.headers)
    headers.delete('x-okta-user-agent-extended')
    return send(input, { ...init, headers, credentials: 'omit' })
  }
}

/** `devMode` is its own switch for an issuer without https. Kept in localStorage, which is its default. */
export const create: CreateClient = ({ issuer, clientId, redirectUri, lead }) => {
  leaveHeaderOut()
  const client = new OktaAuth({
    issuer,
    clientId,
    redirectUri,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    devMode: true,
    authorizeUrl: `${issuer}/authorize`,
    tokenUrl: `${issuer}/oauth/token`,
    userinfoUrl: `${issuer}/userinfo`,
    tokenManager: { storage: 'localStorage', expireEarlySeconds: lead },
  })
  const user = async () => (await client.tokenManager.getTokens()).idToken?.claims.sub ?? null
  return {
    async open() {
      if (client.isLoginRedirect()) {
        const { tokens } = await client.token.parseFromUrl()
        client.tokenManager.setTokens(tokens)
        history.replaceState(null, '', '/')
      }
      await client.start()
      return (await client.isAuthenticated()) ? user() : null
    },
    login: () => client.signInWithRedirect(),
    async renewed() {
      const token = await client.tokenManager.renew('accessToken')
      if (token === undefined || !('accessToken' in token)) throw new Error('nobody is signed in')
      return String(token.accessToken)
    },
    async token() {
      const token = await client.getOrRenewAccessToken()
      if (token === null) throw new Error('nobody is signed in')
      return token
    },
    user,
  }
}
