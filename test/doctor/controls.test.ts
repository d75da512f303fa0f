import { createServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createAsk } from '../../doctor/ask.ts'
import { examine } from '../../doctor/examine.ts'
import { readBody } from '../../idp/http-server.ts'
import { app } from '../providers/types.ts'

// A provider that is wrong in one way at a time: what it says by itself proves nothing, what it says of invented names does.

interface Reply {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: object
}
type Words = Readonly<Record<string, string>>

const redirectUri = `${app}/callback`
const back = (to: string, words: Words): Reply => ({
  status: 302,
  headers: { Location: `${to}?${new URLSearchParams(words).toString()}` },
})
const refused = (error: string, status = 400): Reply => ({ status, body: { error } })

function login(asked: Words, issuer: string): Reply {
  if (asked['client_id'] !== 'app' || asked['redirect_uri'] !== redirectUri) return refused('invalid_client')
  if (asked['code_challenge'] === undefined) return back(redirectUri, { error: 'invalid_request', iss: issuer })
  return back(redirectUri, { error: 'login_required', iss: issuer })
}
const token = (asked: Words): Reply => refused(asked['client_id'] === 'app' ? 'invalid_grant' : 'invalid_client')
const revoke = (asked: Words): Reply =>
  asked['client_id'] === 'app' ? { status: 200 } : refused('invalid_client', 401)
const key = { kty: 'RSA', n: Buffer.alloc(256, 255).toString('base64url'), e: 'AQAB' }

const sound = {
  login,
  token,
  revoke,
  keys: (): Reply => ({ status: 200, body: { keys: [key] } }),
  preflight: (): Reply => ({ status: 204, headers: { 'Access-Control-Allow-Headers': 'authorization' } }),
  document: {} as object,
}

async function examined(change: Partial<typeof sound> = {}) {
  const provider = { ...sound, ...change }
  const answer = async (req: IncomingMessage, issuer: string): Promise<Reply> => {
    const url = new URL(req.url ?? '', issuer)
    if (req.method === 'OPTIONS') return provider.preflight()
    if (url.pathname === '/login') return provider.login(Object.fromEntries(url.searchParams), issuer)
    if (url.pathname === '/keys') return provider.keys()
    const form = Object.fromEntries(new URLSearchParams((await readBody(req))?.toString()))
    if (url.pathname === '/token') return provider.token(form)
    if (url.pathname === '/revoke') return provider.revoke(form)
    const names = { authorization_endpoint: 'login', token_endpoint: 'token', jwks_uri: 'keys' }
    const all = {
      ...names,
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
  const server = createServer((req, res) => {
    const issuer = `http://${req.headers.host}`
    asked.push(Object.fromEntries(new URL(req.url ?? '', issuer).searchParams))
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
    const subject = { authority, clientId: 'app', redirectUri, origin: app, scope }
    const { findings, ...rest } = await examine(createAsk({ fetch, timeout: 10_000 }), subject)
    const notOk = findings.filter(({ verdict }) => verdict !== 'ok').map(({ id, verdict }) => [id, verdict])
    return { findings, asked, ...rest, notOk: Object.fromEntries(notOk) as Record<string, string> }
  } finally {
    server.close()
  }
}

test('a sound provider has nothing to set', async () => {
  expect((await examined()).notOk).toEqual({})
})

const alike = { 'client.known': 'unknown', 'client.redirect': 'unknown', 'client.public': 'unknown' }
test.each<[string, Partial<typeof sound>, Record<string, string>]>([
  ['says the same to everybody', { login: () => ({ status: 200 }), token: () => refused('invalid_grant') }, alike],
  [
    'sends people to any address',
    {
      login: (asked, issuer) =>
        back(asked['redirect_uri'] ?? '', {
          error:
            asked['client_id'] === 'app'
              ? asked['code_challenge'] === undefined
                ? 'invalid_request'
                : 'login_required'
              : 'unauthorized_client',
          iss: issuer,
        }),
    },
    { 'client.redirect': 'warning', 'client.known': 'unknown' },
  ],
  [
    'does not know the client',
    { login: () => refused('invalid_client') },
    { 'client.known': 'problem', 'client.redirect': 'problem' },
  ],
  [
    'refuses the scope',
    { login: (_asked, iss) => back(redirectUri, { error: 'invalid_scope', iss }) },
    { 'client.known': 'unknown', 'client.redirect': 'problem' },
  ],
  [
    'takes logins without PKCE',
    { login: (asked, issuer) => login({ code_challenge: 'any', ...asked }, issuer) },
    { 'pkce.demanded': 'unknown' },
  ],
  [
    'names another issuer in its answers',
    { login: (asked) => login(asked, 'https://other.example') },
    { 'login.issuer': 'problem' },
  ],
  ['wants a secret', { token: () => refused('invalid_client', 401) }, { 'client.public': 'problem' }],
  [
    'does not renew for this client',
    { token: (asked) => (asked['grant_type'] === 'refresh_token' ? refused('unauthorized_client') : token(asked)) },
    { 'refresh.grant': 'warning' },
  ],
  [
    'refuses the client at revocation',
    { revoke: () => refused('invalid_client', 401) },
    { 'logout.revocation': 'warning' },
  ],
  ['blocks the preflight of userinfo', { preflight: () => ({ status: 204 }) }, { 'cors.userinfo': 'warning' }],
  [
    'has a key of 1024 bits',
    { keys: () => ({ status: 200, body: { keys: [{ ...key, n: Buffer.alloc(128, 255).toString('base64url') }] } }) },
    { 'keys.set': 'problem' },
  ],
  [
    'signs by secrets',
    { document: { id_token_signing_alg_values_supported: ['HS256'] } },
    { 'keys.signing': 'problem' },
  ],
  [
    'wants requests to be pushed',
    { document: { require_pushed_authorization_requests: true } },
    { 'login.pushed': 'problem' },
  ],
  [
    'promises iss and does not send it',
    {
      document: { authorization_response_iss_parameter_supported: true },
      login: (asked) => ({
        ...login(asked, ''),
        ...(asked['client_id'] === 'app' && asked['redirect_uri'] === redirectUri
          ? back(redirectUri, { error: asked['code_challenge'] === undefined ? 'invalid_request' : 'login_required' })
          : {}),
      }),
    },
    { 'login.issuer': 'problem' },
  ],
  ['has no DPoP', { document: { dpop_signing_alg_values_supported: undefined } }, { 'dpop.supported': 'unknown' }],
  [
    'has no logout',
    { document: { end_session_endpoint: undefined, revocation_endpoint: undefined } },
    { 'logout.page': 'warning', 'logout.revocation': 'warning' },
  ],
  [
    'has no endpoints for a login',
    { document: { authorization_endpoint: undefined, token_endpoint: undefined, jwks_uri: undefined } },
    { 'discovery.endpoints': 'problem' },
  ],
])('a provider that %s is told as that, and as no more', async (_words, change, expected) => {
  const { notOk, findings } = await examined(change)
  expect(notOk).toMatchObject(expected)
  expect(Object.keys(notOk).toSorted()).toEqual(Object.keys(expected).toSorted())
  const verdicts = findings.map(({ verdict }) => ['problem', 'warning', 'unknown', 'ok'].indexOf(verdict))
  expect(verdicts).toEqual(verdicts.toSorted((one, other) => one - other))
})

test('offline_access is not asked for where it is not listed: some refuse a login for it', async () => {
  const { asked, scope, notOk } = await examined({ document: { scopes_supported: ['openid'] } })
  expect(notOk).toEqual({ 'refresh.scope': 'warning' })
  expect(scope).toBe('openid profile')
  expect(asked.flatMap(({ scope: one }) => one ?? [])).not.toContainEqual(expect.stringContaining('offline_access'))
})

test('every login is asked for by prompt=none, so that none begins', async () => {
  const { asked } = await examined()
  const logins = asked.filter(({ response_type: type }) => type !== undefined)
  expect(logins).toHaveLength(4)
  expect(logins.every(({ prompt }) => prompt === 'none')).toBe(true)
})

test('says where a known provider has what is to be set', async () => {
  const document = { mfa_challenge_endpoint: 'https://tenant.example/mfa/challenge', end_session_endpoint: undefined }
  const { findings, provider } = await examined({ document })
  expect(provider).toBe('Auth0')
  expect(findings.find(({ id }) => id === 'logout.page')?.set).toMatch(/Auth0: .*logoutPage: 'auth0'/)
})
