import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { afterEach, expect, test } from 'vitest'
import type { LocalProvider } from '../../idp/index.ts'
import { app, signIn, signInForUserApi, startProvider, userApi, userinfo } from './client.ts'

let provider: LocalProvider
afterEach(() => provider.stop())

const backend = (token: string, method = 'GET', body?: unknown, etag?: string): Promise<Response> =>
  fetch(provider.ownBackendUrl, {
    method,
    headers: { authorization: `Bearer ${token}`, origin: app, ...(etag === undefined ? {} : { 'if-match': etag }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
const etagOf = (response: Response): string => response.headers.get('etag') ?? ''

test("a backend as an app's own: read, merge at the root, with ETag and If-Match; the user API shows the same", async () => {
  provider = await startProvider()
  const { access_token: token } = await signInForUserApi(provider)
  const empty = await backend(token)
  expect([empty.status, await empty.json()]).toEqual([200, {}])
  const first = await backend(token, 'PATCH', { a: 1, b: { c: 2 } }, etagOf(empty))
  expect([first.status, await first.json()]).toEqual([200, { a: 1, b: { c: 2 } }])
  const second = await backend(token, 'PATCH', { a: null, b: { d: 3 } }, etagOf(first))
  expect(await second.json()).toEqual({ b: { d: 3 } })
  expect(etagOf(await backend(token))).toBe(etagOf(second))
  expect(await (await userApi(provider, token)).json()).toMatchObject({ user_metadata: { b: { d: 3 } } })
  expect(await (await backend(token, 'PATCH', {}, etagOf(second))).json()).toEqual({})
  expect(second.headers.get('access-control-expose-headers')).toContain('ETag')
  expect(provider.requests.count({ endpoint: 'backend', method: 'PATCH', status: 200 })).toBe(3)
})

test('a change is refused with the reason, and nothing is changed', async () => {
  provider = await startProvider()
  const { access_token: token } = await signInForUserApi(provider)
  const etag = etagOf(await backend(token))
  const refused = async (response: Promise<Response>) => {
    const answer = await response
    const body: unknown = await answer.json()
    return [answer.status, body]
  }
  const message = expect.any(String) as string
  expect(await refused(backend(token, 'PATCH', { a: 1 }, '"another"'))).toEqual([412, { message }])
  expect(await refused(backend(token, 'PATCH', { a: 1 }))).toEqual([428, { message }])
  expect(await refused(backend(token, 'PATCH', '{', etag))).toEqual([400, { message }])
  expect(await refused(backend(token, 'PATCH', [1], etag))).toEqual([400, { message }])
  expect(await refused(backend(token, 'PATCH', { a: 'x'.repeat(11_000) }, etag))).toEqual([400, { message }])
  expect(await refused(backend(token, 'PUT', { a: 1 }, etag))).toEqual([404, { message }])
  expect(await refused(backend('stranger'))).toEqual([401, { message }])
  expect(await (await backend(token)).json()).toEqual({})
})

test('too many requests are refused, with the time to wait', async () => {
  provider = await startProvider({ rateLimit: 1, rateWindow: 5 })
  const { access_token: token } = await signInForUserApi(provider)
  expect((await backend(token)).status).toBe(200)
  const refused = await backend(token)
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
})

test('userinfo is signed for the client, where that is asked for', async () => {
  provider = await startProvider({ signedUserinfo: true })
  const { access_token: token } = await signIn(provider)
  const answer = await userinfo(provider, token)
  expect(answer.headers.get('content-type')).toContain('application/jwt')
  const keys = (await (await fetch(`${provider.issuer}/.well-known/jwks.json`)).json()) as JSONWebKeySet
  const { issuer, clientId: audience } = provider
  const { payload } = await jwtVerify(await answer.text(), createLocalJWKSet(keys), { issuer, audience })
  expect(payload).toMatchObject({ sub: 'local|alice', email: 'alice@example.com' })
})

test('metadata is in a claim, where that is asked for: a sample, then what is kept', async () => {
  const metadataClaim = 'https://app.example/user_metadata'
  provider = await startProvider({ metadataClaim })
  const { access_token: token } = await signInForUserApi(provider)
  const claim = async () => ((await (await userinfo(provider, token)).json()) as Record<string, unknown>)[metadataClaim]
  expect(await claim()).toMatchObject({ first_name: 'Alice' })
  await userApi(provider, token, { method: 'PATCH', body: { user_metadata: { country: 'Canada' } } })
  expect(await claim()).toEqual({ country: 'Canada' })
})
