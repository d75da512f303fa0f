import { createHash, randomBytes } from 'node:crypto'
import { startLocalProvider, type LocalProvider, type LocalProviderOptions } from '../../idp/index.ts'
import { completeAuthorization, createCookieJar, type CookieJar } from '../support/sign-in-by-http.ts'

export const app = 'http://127.0.0.1:4400'
export const alice = { username: 'alice', password: 'looking-glass' }
export const bob = { username: 'bob', password: 'yes-we-can' }
export const userApiScope = 'read:current_user update:current_user_metadata create:current_user_metadata'

/** A provider without connections that are kept, so that a test ends as soon as it is done. */
export function startProvider(options: Partial<LocalProviderOptions> = {}): Promise<LocalProvider> {
  return startLocalProvider({ apps: [app], keepAlive: false, ...options })
}

export interface Tokens {
  access_token: string
  refresh_token?: string
  id_token: string
  expires_in: number
  scope: string
  token_type: string
}

/** An authorization request with PKCE, and what is needed to redeem its code. */
export function authorizationRequest(provider: LocalProvider, extra: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url')
  const url = new URL(`${provider.issuer}/authorize`)
  url.search = new URLSearchParams({
    client_id: provider.clientId,
    response_type: 'code',
    redirect_uri: `${app}/callback`,
    scope: 'openid profile email offline_access',
    state: 'some-state',
    nonce: 'some-nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  }).toString()
  return { url, verifier }
}

export function tokenRequest(
  provider: LocalProvider,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams({ client_id: provider.clientId, ...parameters })
  return fetch(`${provider.issuer}/oauth/token`, { method: 'POST', body, headers })
}

export function redeem(provider: LocalProvider, callback: string, verifier: string, headers = {}): Promise<Response> {
  const code = new URL(callback).searchParams.get('code') ?? ''
  const parameters = { grant_type: 'authorization_code', code, code_verifier: verifier }
  return tokenRequest(provider, { ...parameters, redirect_uri: `${app}/callback` }, headers)
}

export async function signIn(
  provider: LocalProvider,
  { person = alice, jar = createCookieJar(), extra = {} }: Partial<SignIn> = {},
): Promise<Required<Tokens>> {
  const { url, verifier } = authorizationRequest(provider, extra)
  const response = await redeem(provider, await completeAuthorization(url, person, jar), verifier)
  if (!response.ok) throw new Error(`No tokens: ${await response.text()}`)
  // As the provider sends them; without offline_access there is no refresh token, and a test says so.
  return (await response.json()) as Required<Tokens>
}

interface SignIn {
  person: typeof alice
  jar: CookieJar
  extra: Record<string, string>
}

/** A login for the user API as well. */
export function signInForUserApi(provider: LocalProvider, options: Partial<SignIn> = {}, scope = userApiScope) {
  const extra = { audience: provider.audience, scope: `openid profile email offline_access ${scope}`, ...options.extra }
  return signIn(provider, { ...options, extra })
}

export function renewal(provider: LocalProvider, refreshToken: string): Promise<Response> {
  return tokenRequest(provider, { grant_type: 'refresh_token', refresh_token: refreshToken })
}

export async function renew(provider: LocalProvider, refreshToken: string): Promise<Required<Tokens>> {
  const response = await renewal(provider, refreshToken)
  if (!response.ok) throw new Error(`No renewal: ${await response.text()}`)
  return (await response.json()) as Required<Tokens>
}

export function userinfo(provider: LocalProvider, accessToken: string): Promise<Response> {
  return fetch(`${provider.issuer}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })
}

export function revoke(provider: LocalProvider, token: string): Promise<Response> {
  const body = new URLSearchParams({ client_id: provider.clientId, token })
  return fetch(`${provider.issuer}/oauth/revoke`, { method: 'POST', body })
}

export function userApi(
  provider: LocalProvider,
  accessToken: string,
  { id = 'local|alice', method = 'GET', body, query = '', scheme = 'Bearer' }: Partial<UserApiRequest> = {},
): Promise<Response> {
  return fetch(`${provider.audience}users/${encodeURIComponent(id)}${query}`, {
    method,
    headers: { authorization: `${scheme} ${accessToken}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

interface UserApiRequest {
  id: string
  method: string
  body: unknown
  query: string
  scheme: string
}
