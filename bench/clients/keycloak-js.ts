import Keycloak from 'keycloak-js'
import { claimsOf, encode, withFields } from './answers.ts'
import type { CreateClient } from './client.ts'

/** Keycloak's tokens are JWTs, and this client reads them; other providers' are opaque. So theirs are carried in one. */
const dressed = (claims: object): string => `${encode({ alg: 'none' })}.${encode(claims)}.`

function accessToken(token: string, answer: object): string {
  const iat = Math.floor(Date.now() / 1000)
  const lifetime = 'expires_in' in answer ? Number(answer.expires_in) : 0
  return dressed({ carried: token, iat, exp: iat + lifetime })
}

/**
 * What it takes of Keycloak that the lab's provider, as most others, does not have: credentials allowed by CORS, and access and refresh
 * tokens that are JWTs.
 */
function playKeycloak(): void {
  const send = window.fetch.bind(window)
  window.fetch = async (input, init) => {
    const body = init?.body
    const fields = typeof body === 'string' || body instanceof URLSearchParams ? new URLSearchParams(body) : null
    const spent = fields?.get('refresh_token')
    if (spent) fields?.set('refresh_token', String(claimsOf(spent)['carried']))
    const response = await send(input, { ...init, credentials: 'omit', ...(fields ? { body: fields } : {}) })
    return withFields(response, { refresh_token: (carried) => dressed({ carried }), access_token: accessToken })
  }
}

const scope = 'openid profile email offline_access'

/** Keeps its tokens in memory; a page that is opened asks the provider, in a hidden frame. */
export const create: CreateClient = ({ issuer, clientId, redirectUri, lead }) => {
  playKeycloak()
  const keycloak = new Keycloak({ clientId, oidcProvider: issuer })
  const user = () => keycloak.idTokenParsed?.sub ?? null
  return {
    async open() {
      await keycloak.init({
        checkLoginIframe: false,
        scope,
        ...(location.pathname === '/callback'
          ? {}
          : { onLoad: 'check-sso', silentCheckSsoRedirectUri: redirectUri, silentCheckSsoFallback: false }),
      })
      if (location.pathname === '/callback') history.replaceState(null, '', '/')
      return user()
    },
    login: () => keycloak.login({ redirectUri, scope }),
    async renewed() {
      await keycloak.updateToken(-1)
      return keycloak.token ?? ''
    },
    async token() {
      await keycloak.updateToken(lead)
      const { token } = keycloak
      if (token === undefined) throw new Error('nobody is signed in')
      return token
    },
    user: () => Promise.resolve(user()),
  }
}
