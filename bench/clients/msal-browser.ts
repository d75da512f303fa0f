import { PublicClientApplication } from '@azure/msal-browser'
import type { CreateClient } from './client.ts'

const scopes = ['openid', 'profile', 'email', 'offline_access']

/** In the mode that it has for other providers than Microsoft's. */
export const create: CreateClient = ({ issuer, clientId, redirectUri }) => {
  const client = new PublicClientApplication({
    auth: { clientId, authority: issuer, knownAuthorities: [new URL(issuer).host], redirectUri },
    cache: { cacheLocation: 'localStorage' },
    system: { protocolMode: 'OIDC' },
  })
  const account = () => client.getAllAccounts()[0] ?? null
  const token = async (forceRefresh: boolean) => {
    const found = account()
    if (found === null) throw new Error('nobody is signed in')
    return (await client.acquireTokenSilent({ scopes, account: found, forceRefresh })).accessToken
  }
  return {
    async open() {
      await client.initialize()
      await client.handleRedirectPromise()
      if (location.pathname === '/callback') history.replaceState(null, '', '/')
      return account()?.localAccountId ?? null
    },
    login: () => client.loginRedirect({ scopes }),
    token: () => token(false),
    renewed: () => token(true),
    user: () => Promise.resolve(account()?.localAccountId ?? null),
  }
}
