import { createServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { createAsk } from '../../doctor/ask.ts'
import { examine } from '../../doctor/examine.ts'
import { readBody } from '../../idp/http-server.ts'
import { app } from '../providers/types.ts'

// A scripted provider that is sound, and the doctor's findings where it is changed in one way.

export interface Reply {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: object
}
export type Words = Readonly<Record<string, string>>

export const redirectUri = `${app}/callback`
export const back = (to: string, words: Words): Reply => ({
  status: 302,
  headers: { Location: `${to}?${new URLSearchParams(words).toString()}` },
})
export const refused = (error: string, status = 400): Reply => ({ status, body: { error } })

export function login(asked: Words, issuer: string): Reply {
  if (asked['client_id'] !== 'app' || asked['redirect_uri'] !== redirectUri) return refused('invalid_client')
  if (asked['code_challenge'] === undefined) return back(redirectUri, { error: 'invalid_request', iss: issuer })
  return back(redirectUri, { error: 'login_required', iss: issuer })
}
export const token = (asked: Words): Reply => refused(asked['client_id'] === 'app' ? 'invalid_grant' : 'invalid_client')
const revoke = (asked: Words): Reply =>
  asked['client_id'] === 'app' ? { status: 200 } : refused('invalid_client', 401)
export const key = { kty: 'RSA', n: Buffer.alloc(256, 255).toString('base64url'), e: 'AQAB' }

export const sound = {
  login,
  token: (asked: Words, _proof?: string): Reply => token(asked),
  revoke,
  userinfo: (): Reply => refused('invalid_token', 401),
  logout: (asked: Words): Reply => ({
    status: [undefined, `${app}/`].includes(asked['post_logout_redirect_uri']) ? 200 : 400,
  }),
  keys: (): Reply => ({ status: 200, body: { keys: [key] } }),
  preflight: (_asked: string): Reply => ({
    status: 204,
    headers: { 'Access-Control-Allow-Headers': 'authorization, dpop' },
  }),
  /** In place of the discovery document. */
  discovery: (_path: string, _headers: IncomingMessage['headers']): Reply | undefined => undefined,
  document: {} as object,
}
export type Provider = typeof sound

export async function examined(change: Partial<Provider> = {}, more: { readonly postLogoutRedirectUri?: string } = {}) {
  const provider = { ...sound, ...change }
  const answer = async (req: IncomingMessage, issuer: string): Promise<Reply> => {
    const url = new URL(req.url ?? '', issuer)
    if (req.method === 'OPTIONS') return provider.preflight(String(req.headers['access-control-request-headers']))
    if (url.pathname === '/login') return provider.login(Object.fromEntries(url.searchParams), issuer)
    if (url.pathname === '/logout') return provider.logout(Object.fromEntries(url.searchParams))
    if (url.pathname === '/keys') return provider.keys()
    if (url.pathname === '/userinfo') return provider.userinfo()
    const form = Object.fromEntries(new URLSearchParams((await readBody(req))?.toString()))
    if (url.pathname === '/token') return provider.token(form, req.headers['dpop']?.toString())
    if (url.pathname === '/revoke') return provider.revoke(form)
    const other = provider.discovery(url.pathname, req.headers)
    if (other !== undefined) return other
    const all = {
      authorization_endpoint: 'login',
      token_endpoint: 'token',
      jwks_uri: 'keys',
      userinfo_endpoint: 'userinfo',
      revocation_endpoint: 'revoke',
      end_session_endpoint: 'logout',
    }
    const endpoints = Object.fromEntries(Object.entries(all).map(([name, path]) => [name, `${issuer}/${path}`]))
    const body = {
      issuer,
      ...endpoints,
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid', 'offline_access'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      dpop_signing_alg_values_supported: ['ES256'],
      ...provider.document,
    }
    return { status: 200, body }
  }
  const asked: Words[] = []
  const paths: string[] = []
  const server = createServer((req, res) => {
    const issuer = `http://${req.headers.host}`
    const { searchParams, pathname } = new URL(req.url ?? '', issuer)
    asked.push(Object.fromEntries(searchParams))
    paths.push(`${req.method} ${pathname}`)
    void answer(req, issuer).then(({ status, headers, body }) => {
      res.writeHead(status, { 'Access-Control-Allow-Origin': '*', ...headers })
      res.end(body === undefined ? '' : JSON.stringify(body))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const authority = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const scope = 'openid profile offline_access'
  try {
    const subject = { authority, clientId: 'app', redirectUri, origin: app, scope, ...more }
    const { findings, ...rest } = await examine(createAsk({ fetch, timeout: 10_000 }), subject)
    const notOk = findings.filter(({ verdict }) => verdict !== 'ok').map(({ id, verdict }) => [id, verdict])
    return { findings, asked, paths, ...rest, notOk: Object.fromEntries(notOk) as Record<string, string> }
  } finally {
    server.close()
  }
}
