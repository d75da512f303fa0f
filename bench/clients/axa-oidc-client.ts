import { OidcClient } from '@axa-fr/oidc-client'
import type { CreateClient } from './client.ts'

/** Without its service worker, which is an option; kept in localStorage, so that it outlives the tab. */
export const create: CreateClient = ({ issuer, clientId, redirectUri, lead }) => {
  const client = OidcClient.getOrCreate(() => window.fetch.bind(window))({
    authority: issuer,
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    storage: localStorage,
    refresh_time_before_tokens_expiration_in_second: lead,
  })
  const user = () => {
    const sub: unknown = client.tokens?.idTokenPayload?.sub
    return typeof sub === 'string' ? sub : null
  }
  return {
    async open() {
      if (location.pathname === '/callback') {
        await client.loginCallbackAsync()
        history.replaceState(null, '', '/')
      } else await client.tryKeepExistingSessionAsync()
      return user()
    },
    login: async () => void (await client.loginAsync('/')),
    async renewed() {
      await client.renewTokensAsync()
      return client.tokens.accessToken
    },
    async token() {
      const { tokens } = await client.getValidTokenAsync()
      if (tokens === null || tokens === undefined) throw new Error('nobody is signed in')
      return tokens.accessToken
    },
    user: () => Promise.resolve(user()),
  }
}
