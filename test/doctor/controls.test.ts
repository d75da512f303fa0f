import { EmbeddedJWK, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { app } from '../providers/types.ts'
import { back, examined, key, login, redirectUri, refused, sound, token, type Provider } from './scripted-provider.ts'

// A provider that is wrong in one way at a time: what it says by itself proves nothing, what it says of invented names does.

test('a sound provider has nothing to set', async () => {
  expect((await examined()).notOk).toEqual({})
})

const alike = { 'client.known': 'unknown', 'client.redirect': 'unknown', 'client.public': 'unknown' }
test.each<[string, Partial<Provider>, Record<string, string>]>([
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
  [
    'wants a login at revocation, without a word',
    { revoke: () => ({ status: 401 }) },
    { 'logout.revocation': 'warning' },
  ],
  [
    'blocks the preflight of userinfo, which DPoP needs as well',
    { preflight: () => ({ status: 204 }) },
    { 'cors.userinfo': 'warning', 'dpop.supported': 'warning' },
  ],
  [
    'answers preflights with 302',
    { preflight: () => ({ ...sound.preflight(''), status: 302 }) },
    { 'cors.userinfo': 'warning', 'dpop.supported': 'warning' },
  ],
  [
    'allows every header by a star, which leaves authorization out',
    { preflight: () => ({ status: 204, headers: { 'Access-Control-Allow-Headers': '*' } }) },
    { 'cors.userinfo': 'warning', 'dpop.supported': 'warning' },
  ],
  [
    'refuses a token so that no page can read it',
    { userinfo: () => ({ status: 401, headers: { 'Access-Control-Allow-Origin': 'https://other.example' } }) },
    { 'cors.userinfo': 'warning' },
  ],
  ['names no userinfo', { document: { userinfo_endpoint: undefined } }, { 'cors.userinfo': 'warning' }],
  [
    'allows no DPoP at its token endpoint',
    {
      preflight: (asked) => (asked === 'dpop' ? { status: 204 } : sound.preflight(asked)),
    },
    { 'dpop.supported': 'warning' },
  ],
  [
    'keeps its nonce from pages',
    {
      token: (asked, proof) =>
        proof === undefined
          ? token(asked)
          : { ...refused('use_dpop_nonce'), headers: { 'DPoP-Nonce': 'one', 'Access-Control-Expose-Headers': 'Date' } },
    },
    { 'dpop.supported': 'warning' },
  ],
  [
    'refuses fresh proofs',
    { token: (asked, proof) => (proof === undefined ? token(asked) : refused('invalid_dpop_proof')) },
    { 'dpop.supported': 'warning' },
  ],
  [
    'redirects codes',
    { token: () => ({ status: 302, headers: { Location: '/elsewhere' } }) },
    { 'client.public': 'unknown', 'cors.token': 'problem' },
  ],
  [
    'does not know the client at its token endpoint, and allows the origins of its clients alone',
    { token: () => ({ ...refused('invalid_client', 401), headers: { 'Access-Control-Allow-Origin': 'null' } }) },
    { 'client.public': 'problem', 'cors.token': 'problem' },
  ],
  [
    'lists no scopes, grants, algorithms and methods',
    {
      document: {
        scopes_supported: undefined,
        grant_types_supported: undefined,
        id_token_signing_alg_values_supported: undefined,
        code_challenge_methods_supported: undefined,
      },
    },
    { 'refresh.scope': 'unknown', 'refresh.grant': 'unknown', 'keys.signing': 'unknown', 'pkce.supported': 'unknown' },
  ],
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

test('an endpoint without TLS is a problem, and is not asked', async () => {
  const { notOk, paths, findings } = await examined({
    document: { token_endpoint: 'http://internal.example/token', userinfo_endpoint: 'ftp://a.example/userinfo' },
  })
  expect(notOk).toMatchObject({ 'discovery.endpoints': 'problem' })
  expect(findings.find(({ id }) => id === 'discovery.endpoints')?.seen).toContain('http://internal.example/token')
  expect(paths.filter((path) => /token|userinfo/.test(path))).toEqual([])
  expect(findings.filter(({ seen }) => seen.includes('cannot be reached'))).toEqual([])
})

test.each<[string, Partial<Provider>, string, string]>([
  ['is registered', {}, `${app}/`, 'ok'],
  ['is not registered', {}, `${app}/bye`, 'warning'],
  [
    'is not registered, and the logout is refused with an error in an address',
    {
      logout: ({ post_logout_redirect_uri: to }) =>
        to === undefined ? { status: 200 } : back('/error', { error: 'x' }),
    },
    `${app}/`,
    'warning',
  ],
  ['is taken, as every address is', { logout: () => ({ status: 200 }) }, `${app}/`, 'unknown'],
  ['is not looked at without an ID token', { logout: () => refused('invalid_request') }, `${app}/`, 'unknown'],
])('an address after the logout that %s', async (_words, change, postLogoutRedirectUri, verdict) => {
  const { findings } = await examined(change, { postLogoutRedirectUri })
  expect(findings.find(({ id }) => id === 'logout.redirect')?.verdict).toBe(verdict)
})

test('without an address after the logout, the logout page is left alone', async () => {
  const { paths, findings } = await examined()
  expect(paths).not.toContain('GET /logout')
  expect(findings.filter(({ id }) => id === 'logout.redirect')).toEqual([])
})

test('a proof is one that a provider takes: its own key signed it, for this address, a moment ago', async () => {
  let seen: string | undefined
  await examined({
    token(asked, proof) {
      seen ??= proof
      return token(asked)
    },
  })
  const { payload, protectedHeader } = await jwtVerify(seen ?? '', EmbeddedJWK, { typ: 'dpop+jwt', maxTokenAge: 60 })
  expect(payload).toMatchObject({
    htm: 'POST',
    htu: expect.stringMatching(/^http:.*\/token$/),
    jti: expect.any(String),
  })
  expect(protectedHeader.jwk).toEqual({ kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) })
})

test('it counts its requests: 15, and two more where it looks at the address after the logout', async () => {
  for (const [more, most] of [
    [{}, 15],
    [{ postLogoutRedirectUri: `${app}/` }, 17],
  ] as const) {
    const { requests, paths } = await examined({}, more)
    expect([requests, paths.length]).toEqual([most, most])
  }
})

test('what a provider says cannot steer the terminal, and has no end', async () => {
  const evil = `\u001b]0;owned\u0007\u009b2J\u202e${'x'.repeat(5000)}\n`
  const { findings } = await examined({
    document: {
      issuer: evil,
      id_token_signing_alg_values_supported: [evil],
      jwks_uri: evil,
      end_session_endpoint: evil,
    },
    token: () => ({ status: 400, body: { error: evil, error_description: evil } }),
    login: () => back(redirectUri, { error: evil, error_description: evil, iss: evil }),
    revoke: () => ({ status: 400, body: { error: evil } }),
  })
  const told = findings.flatMap(({ seen, set = '' }) => [seen, set])
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  expect(told.filter((text) => /[\u0000-\u001f\u007f-\u009f\u202e]/.test(text))).toEqual([])
  expect(Math.max(...told.map((text) => text.length))).toBeLessThan(700)
})
