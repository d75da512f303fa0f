import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDataFile } from '../../idp/data-file.ts'
import type { LocalProvider } from '../../idp/index.ts'
import { createUserApi } from '../../idp/user-api/handler.ts'
import { createRateLimit } from '../../idp/user-api/rate-limit.ts'
import { createUserStore } from '../../idp/user-api/users.ts'
import { completeAuthorization, createCookieJar } from '../support/sign-in-by-http.ts'
import {
  authorizationRequest,
  bob,
  renew,
  revoke,
  signIn,
  signInForUserApi,
  startProvider,
  userApi,
  userApiScope,
  userinfo,
} from './client.ts'

let provider: LocalProvider
beforeAll(async () => {
  provider = await startProvider({ rateLimit: 1_000 })
})
afterAll(() => provider.stop())

const json = async (response: Response | Promise<Response>) =>
  (await (await response).json()) as Record<string, unknown>
const patch = (token: string, user_metadata: unknown) =>
  userApi(provider, token, { method: 'PATCH', body: { user_metadata } })
const metadata = async (token: string) => (await json(userApi(provider, token)))['user_metadata']

describe('audience', () => {
  test('a token of a login for the user API works there and at userinfo, and so do its renewals', async () => {
    const first = await signInForUserApi(provider)
    expect(first.scope.split(' ')).toEqual(expect.arrayContaining(userApiScope.split(' ')))
    expect((await userApi(provider, first.access_token)).status).toBe(200)
    expect((await userinfo(provider, first.access_token)).status).toBe(200)
    const second = await renew(provider, first.refresh_token)
    const third = await renew(provider, second.refresh_token)
    expect((await userApi(provider, third.access_token)).status).toBe(200)
    expect((await userinfo(provider, third.access_token)).status).toBe(200)
  })

  test('a token of a login without it is refused with 401, and gets none of the scopes', async () => {
    const { access_token, scope } = await signIn(provider, { extra: { scope: `openid ${userApiScope}` } })
    expect(scope).toBe('openid')
    const response = await userApi(provider, access_token)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ statusCode: 401, error: 'Unauthorized', errorCode: 'invalid_token' })
  })

  test('a later login in the same provider session widens nothing, in either order', async () => {
    const jar = createCookieJar()
    const plain = await signIn(provider, { jar })
    const withApi = await signInForUserApi(provider, { jar })
    const plainAgain = await signIn(provider, { jar })
    const status = async (token: string) => (await userApi(provider, token)).status
    expect(await status(plain.access_token)).toBe(401)
    expect(await status((await renew(provider, plain.refresh_token)).access_token)).toBe(401)
    expect(await status(plainAgain.access_token)).toBe(401)
    expect(await status((await renew(provider, withApi.refresh_token)).access_token)).toBe(200)
  })

  test('a login for an unknown audience is refused', async () => {
    const { url } = authorizationRequest(provider, { audience: 'https://elsewhere.example/api/' })
    const { searchParams } = new URL(await completeAuthorization(url, bob))
    expect(searchParams.get('error')).toBe('access_denied')
    expect(searchParams.get('error_description')).toBe('Service not found: https://elsewhere.example/api/')
  })
})

describe('reading', () => {
  test('gives the user as Auth0 shows it, without metadata as long as there is none', async () => {
    const { access_token } = await signInForUserApi(provider, { person: bob })
    const response = await userApi(provider, access_token, { id: 'local|bob' })
    expect(await response.json()).toEqual({
      user_id: 'local|bob',
      name: 'Bob Brandt',
      given_name: 'Bob',
      family_name: 'Brandt',
      nickname: 'bob',
      email: 'bob@example.com',
      email_verified: false,
      picture: `${provider.issuer}/pictures/bob.svg`,
      identities: [{ provider: 'local', user_id: 'bob', connection: 'people', isSocial: false }],
      created_at: expect.stringContaining('T'),
      updated_at: expect.stringContaining('T'),
    })
  })

  test('gives only the fields that are asked for, or all but these', async () => {
    const { access_token } = await signInForUserApi(provider)
    await patch(access_token, { colour: 'red' })
    const only = await json(
      userApi(provider, access_token, { query: '?fields=user_metadata,email&include_fields=true' }),
    )
    expect(only).toEqual({ email: 'alice@example.com', user_metadata: expect.objectContaining({ colour: 'red' }) })
    expect(await json(userApi(provider, access_token, { query: '?fields=user_metadata' }))).not.toHaveProperty('email')
    const but = await json(userApi(provider, access_token, { query: '?fields=user_metadata&include_fields=false' }))
    expect(but).toHaveProperty('email')
    expect(but).not.toHaveProperty('user_metadata')
    const bad = await userApi(provider, access_token, { query: '?fields=email&include_fields=perhaps' })
    expect([bad.status, (await json(bad))['errorCode']]).toEqual([400, 'invalid_query_string'])
  })
})

describe('patching metadata', () => {
  test('merges at the root level, replaces nested objects, deletes by null, and removes all by {}', async () => {
    const { access_token } = await signInForUserApi(provider)
    await patch(access_token, {})
    expect(await metadata(access_token)).toBeUndefined()
    const answer = await json(patch(access_token, { name: 'A', address: { city: 'Rome', zip: '1' }, list: [1] }))
    expect(answer).toMatchObject({ user_id: 'local|alice', user_metadata: { name: 'A', list: [1] } })
    await patch(access_token, { address: { city: 'Oslo', street: null }, list: null, absent: null })
    expect(await metadata(access_token)).toEqual({ name: 'A', address: { city: 'Oslo', street: null } })
    await patch(access_token, {})
    expect(await metadata(access_token)).toBeUndefined()
  })

  test('treats __proto__ as a key like any other', async () => {
    const { access_token } = await signInForUserApi(provider)
    await userApi(provider, access_token, { method: 'PATCH', body: '{"user_metadata":{"__proto__":{"admin":true}}}' })
    const text = await (await userApi(provider, access_token, { query: '?fields=user_metadata' })).text()
    expect(text).toBe('{"user_metadata":{"__proto__":{"admin":true}}}')
    await patch(access_token, {})
  })

  test('keeps both of two patches that come at once', async () => {
    const { access_token } = await signInForUserApi(provider)
    await Promise.all([patch(access_token, { one: 1 }), patch(access_token, { two: 2 })])
    expect(await metadata(access_token)).toMatchObject({ one: 1, two: 2 })
    await patch(access_token, {})
  })

  test.for([
    ['no JSON', '{"user_metadata":'],
    ['a list', '[]'],
    ['a text', '"user_metadata"'],
    ['nothing in it', '{}'],
    ['an unknown key', '{"metadata":{}}'],
    ['a list as metadata', '{"user_metadata":[]}'],
    ['null as metadata', '{"user_metadata":null}'],
    ['a key with a dot', '{"user_metadata":{"a.b":1}}'],
    ['a key with a dollar sign', '{"user_metadata":{"$a":1}}'],
    ['such a key further in', '{"user_metadata":{"list":[{"a.b":1}]}}'],
    ['more than 10 KB', JSON.stringify({ user_metadata: { long: 'x'.repeat(10_300) } })],
  ])('refuses a body with %s', async ([, body]) => {
    const { access_token } = await signInForUserApi(provider)
    const response = await userApi(provider, access_token, { method: 'PATCH', body })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: expect.any(String),
      errorCode: 'invalid_body',
    })
    expect(await metadata(access_token)).toBeUndefined()
  })

  test('counts what is there already against the 10 KB', async () => {
    const { access_token } = await signInForUserApi(provider)
    expect((await patch(access_token, { first: 'x'.repeat(6_000) })).status).toBe(200)
    expect((await patch(access_token, { second: 'x'.repeat(6_000) })).status).toBe(400)
    expect((await patch(access_token, { first: null, second: 'x'.repeat(6_000) })).status).toBe(200)
    await patch(access_token, {})
  })
})

describe('permissions', () => {
  test('reading and writing each need their scope', async () => {
    const writer = await signInForUserApi(provider, {}, 'update:current_user_metadata')
    const reading = await userApi(provider, writer.access_token)
    expect(reading.status).toBe(403)
    expect(await reading.json()).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: 'Insufficient scope, expected any of: read:current_user',
      errorCode: 'insufficient_scope',
    })
    const reader = await signInForUserApi(provider, {}, 'read:current_user')
    const writing = await patch(reader.access_token, { a: 1 })
    expect([writing.status, (await json(writing))['errorCode']]).toEqual([403, 'insufficient_scope'])
  })

  test('create: allows the first metadata and no later change; update: allows both', async () => {
    const creator = await signInForUserApi(provider, {}, 'create:current_user_metadata')
    const updater = await signInForUserApi(provider, {}, 'update:current_user_metadata')
    expect((await patch(creator.access_token, { a: 1 })).status).toBe(200)
    expect((await patch(creator.access_token, { a: 2 })).status).toBe(403)
    expect((await patch(updater.access_token, {})).status).toBe(200)
    expect((await patch(updater.access_token, { a: 3 })).status).toBe(200)
    await patch(updater.access_token, {})
  })

  test('nobody reads or changes another user, nor learns whether one exists', async () => {
    const { access_token } = await signInForUserApi(provider)
    for (const id of ['local|bob', 'local|nobody']) {
      for (const method of ['GET', 'PATCH']) {
        const body = method === 'PATCH' ? { user_metadata: { a: 1 } } : undefined
        const response = await userApi(provider, access_token, { id, method, body })
        expect(response.status).toBe(403)
        expect((await json(response))['message']).toBe('User to be acted on does not match subject in bearer token.')
      }
    }
  })

  test('what the provider manages cannot be changed', async () => {
    const { access_token } = await signInForUserApi(provider)
    const body = { email: 'x@example.com', user_metadata: {} }
    const response = await userApi(provider, access_token, { method: 'PATCH', body })
    expect([response.status, (await json(response))['errorCode']]).toEqual([403, 'insufficient_scope'])
  })
})

describe('refused tokens and addresses', () => {
  test('none, a malformed, an unknown, an ID or a revoked token is a 401', async () => {
    const { access_token, id_token } = await signInForUserApi(provider)
    const bare = await fetch(`${provider.audience}users/local%7Calice`)
    expect(bare.status).toBe(401)
    expect(bare.headers.get('www-authenticate')).toContain('Bearer')
    expect((await userApi(provider, access_token, { scheme: 'Basic' })).status).toBe(401)
    expect((await userApi(provider, 'unheard-of')).status).toBe(401)
    expect((await userApi(provider, id_token)).status).toBe(401)
    await revoke(provider, access_token)
    expect((await userApi(provider, access_token)).status).toBe(401)
  })

  test('an unknown path or method is a 404, a malformed id a 400', async () => {
    const { access_token } = await signInForUserApi(provider)
    const headers = { authorization: `Bearer ${access_token}` }
    const status = async (path: string, method = 'GET') =>
      (await fetch(provider.audience + path, { method, headers })).status
    expect(await status('clients')).toBe(404)
    expect(await status('users/local%7Calice/roles')).toBe(404)
    expect(await status('users/local%7Calice', 'DELETE')).toBe(404)
    expect(await status('users/%E0%A4%A')).toBe(400)
  })
})

describe('rate limit', () => {
  test('is told with every answer, refuses with 429 beyond it, and lets through again after the window', async () => {
    const limited = await startProvider({ rateLimit: 3 })
    try {
      const { access_token } = await signInForUserApi(limited)
      const answers = []
      for (let i = 0; i < 4; i++) answers.push(await userApi(limited, i === 0 ? 'unheard-of' : access_token))
      expect(answers.map(({ status }) => status)).toEqual([401, 200, 200, 429])
      expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['2', '1', '0', '0'])
      expect(answers.every(({ headers }) => headers.get('x-ratelimit-limit') === '3')).toBe(true)
      const refused = answers[3]
      expect(await refused?.json()).toMatchObject({ statusCode: 429, error: 'Too Many Requests' })
      expect(Number(refused?.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now() - 1_000)
      expect(refused?.headers.get('retry-after')).toBe('1')
      await new Promise((resolve) => setTimeout(resolve, 1_050))
      expect((await userApi(limited, access_token)).status).toBe(200)
    } finally {
      await limited.stop()
    }
  })
})

test('a person who is gone is a 404', async () => {
  const api = createUserApi({
    users: createUserStore(await openDataFile(undefined, '', ''), 'http://127.0.0.1'),
    rateLimit: createRateLimit(10, 1),
    bearerOf: async () => ({ subject: 'local|carol', scopes: new Set(['read:current_user']) }),
  })
  const server = createServer((req, res) => void api(req, res, Buffer.alloc(0)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const response = await fetch(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2/users/local%7Ccarol`,
    )
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ message: 'The user does not exist.', errorCode: 'inexistent_user' })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
