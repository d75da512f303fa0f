import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { LocalProvider } from '../../idp/index.ts'
import { app, renew, renewal, signIn, signInForUserApi, startProvider, userApi, userinfo } from './client.ts'

let provider: LocalProvider
beforeAll(async () => {
  provider = await startProvider({ faults: true })
})
afterEach(() => provider.faults.clear())
afterAll(() => provider.stop())

const discovery = () => fetch(`${provider.issuer}/.well-known/openid-configuration`)
const lost = (promise: Promise<Response>) => expect(promise).rejects.toThrow(TypeError)

describe('faults', () => {
  test('hit their endpoint for their count of requests, then everything is as before', async () => {
    provider.faults.add({ endpoint: 'discovery', kind: 'status', count: 2 })
    const { access_token } = await signIn(provider)
    expect((await userinfo(provider, access_token)).status).toBe(200)
    expect([(await discovery()).status, (await discovery()).status, (await discovery()).status]).toEqual([
      503, 503, 200,
    ])
    expect(provider.faults.list()).toEqual([])
  })

  test('are used in the order in which they were added', async () => {
    provider.faults.add(
      { endpoint: 'discovery', kind: 'status', status: 500 },
      { endpoint: 'any', kind: 'status', status: 429, retryAfter: 7 },
    )
    expect((await discovery()).status).toBe(500)
    const limited = await discovery()
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7'])
  })

  test.for([
    ['oauth', 'application/json', '{"error":"temporarily_unavailable"'],
    ['json', 'application/json', '{"message":"Service Unavailable"}'],
    ['html', 'text/html; charset=utf-8', '<!doctype html>'],
    ['empty', null, ''],
  ] as const)('status 503 comes with a body of kind %s', async ([body, type, start]) => {
    provider.faults.add({ endpoint: 'userinfo', kind: 'status', body })
    const response = await userinfo(provider, 'any')
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toBe(type)
    expect((await response.text()).startsWith(start)).toBe(true)
  })

  test('status without processing leaves the refresh token unused, with it the token is rotated', async () => {
    const { refresh_token } = await signIn(provider)
    provider.faults.add({ endpoint: 'token', kind: 'status' })
    expect((await renewal(provider, refresh_token)).status).toBe(503)
    const renewed = await renew(provider, refresh_token)
    provider.faults.add({ endpoint: 'token', kind: 'status', processed: true })
    expect((await renewal(provider, renewed.refresh_token)).status).toBe(503)
    expect((await renewal(provider, renewed.refresh_token)).status).toBe(400)
  })

  test('a drop before processing leaves the refresh token unused', async () => {
    const { refresh_token } = await signIn(provider)
    provider.faults.add({ endpoint: 'token', kind: 'drop' })
    await lost(renewal(provider, refresh_token))
    expect((await renewal(provider, refresh_token)).status).toBe(200)
  })

  test('a drop after processing has rotated the refresh token, so that trying again is a replay', async () => {
    const { refresh_token } = await signIn(provider)
    provider.faults.add({ endpoint: 'token', kind: 'drop', processed: true })
    await lost(renewal(provider, refresh_token))
    expect(await (await renewal(provider, refresh_token)).json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('a partial drop breaks off in the middle of the body', async () => {
    const { refresh_token } = await signIn(provider)
    provider.faults.add({ endpoint: 'token', kind: 'drop', partial: true })
    const response = await renewal(provider, refresh_token)
    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toThrow()
    expect((await renewal(provider, refresh_token)).status).toBe(200)
  })

  test('a delay holds the request back, or only its answer', async () => {
    const { refresh_token } = await signIn(provider)
    const started = Date.now()
    provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 150, processed: true })
    const held = renewal(provider, refresh_token)
    await expect.poll(() => provider.faults.list()).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 50))
    // Processed by now: the same token is a replay already.
    expect((await renewal(provider, refresh_token)).status).toBe(400)
    expect((await held).status).toBe(200)
    expect(Date.now() - started).toBeGreaterThanOrEqual(145)
  })

  test('a delayed request is processed although its sender has gone', async () => {
    const { refresh_token } = await signIn(provider)
    provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 100 })
    const body = new URLSearchParams({ client_id: provider.clientId, grant_type: 'refresh_token', refresh_token })
    const gone = fetch(`${provider.issuer}/oauth/token`, { method: 'POST', body, signal: AbortSignal.timeout(40) })
    await expect(gone).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(await (await renewal(provider, refresh_token)).json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('invalid_grant refuses a renewal that would have been good, and only a renewal when asked for that', async () => {
    provider.faults.add({ endpoint: 'token', kind: 'invalid_grant', grantType: 'refresh_token' })
    const { refresh_token } = await signIn(provider)
    const refused = await renewal(provider, refresh_token)
    expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })])
    expect((await renewal(provider, refresh_token)).status).toBe(200)
  })

  test('reach the user API, and are seen by the app in a browser', async () => {
    const { access_token } = await signInForUserApi(provider)
    provider.faults.add({ endpoint: 'api', kind: 'status', count: 'always' })
    expect((await userApi(provider, access_token)).status).toBe(503)
    const response = await fetch(`${provider.audience}users/x`, { headers: { origin: app } })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([503, app])
    provider.faults.clear()
    expect((await userApi(provider, access_token)).status).toBe(200)
  })

  test.for([
    [{ endpoint: 'tokens', kind: 'drop' }, 'endpoint: "tokens" is none of any, authorization'],
    [{ kind: 'drop' }, 'endpoint: undefined is none of'],
    [{ endpoint: 'token' }, 'kind: undefined is none of delay, hang'],
    [{ endpoint: 'token', kind: 'toString' }, 'kind: "toString" is none of'],
    [{ endpoint: 'token', kind: 'drop', proccessed: true }, 'proccessed: a fault of kind drop has endpoint, count'],
    [{ endpoint: 'token', kind: 'hang', partial: true }, 'partial: a fault of kind hang has'],
    [{ endpoint: 'token', kind: 'hang', constructor: true }, 'constructor: a fault of kind hang has'],
    [{ endpoint: 'token', kind: 'drop', processed: 'yes' }, 'processed: "yes" is none of true, false'],
    [{ endpoint: 'token', kind: 'drop', count: 0 }, 'count: not a whole number from 1'],
    [{ endpoint: 'token', kind: 'delay' }, 'delay: not a whole number from 0'],
    [{ endpoint: 'token', kind: 'drop', chance: 1.1 }, 'chance: not a number from 0 to 1'],
    [{ endpoint: 'token', kind: 'drop', chance: '1' }, 'chance: not a number from 0 to 1'],
    [{ endpoint: 'token', kind: 'drop', seed: -1 }, 'seed: not a whole number from 0'],
    [{ endpoint: 'token', kind: 'drop', grantType: 7 }, 'grantType: not a text'],
    [{ endpoint: 'token', kind: 'status', status: 999 }, 'status: not a whole number from 200 to 599'],
    [{ endpoint: 'token', kind: 'status', retryAfter: -1 }, 'retryAfter: not a whole number from 0'],
    [{ endpoint: 'token', kind: 'status', retryAfter: { in: 1 } }, 'retryAfter: not a whole number from 0'],
    [{ endpoint: 'token', kind: 'status', retryAfter: 'a\r\nb' }, 'retryAfter: not a text that fits into a header'],
    [{ endpoint: 'token', kind: 'status', body: 'broken' }, 'body: "broken" is none of oauth, json, html, empty'],
    [{ endpoint: 'token', kind: 'invalid_json', body: 'oauth' }, 'body: "oauth" is none of broken'],
    [{ endpoint: 'token', kind: 'rewrite', set: [] }, 'set: not an object of fields'],
    [{ endpoint: 'token', kind: 'rewrite', remove: [1] }, 'remove: not a list of names'],
    ['drop', 'A fault is an object'],
  ] as const)('that make no sense are refused, such as %j', async ([fault, problem]) => {
    // @ts-expect-error What the compiler would refuse comes by HTTP all the same.
    expect(() => provider.faults.add({ endpoint: 'token', kind: 'drop' }, fault)).toThrow(problem)
    const response = await fetch(`${provider.issuer}/__faults`, { method: 'POST', body: JSON.stringify(fault) })
    expect([response.status, await response.json()]).toEqual([400, { error: expect.stringContaining(problem) }])
    expect(provider.faults.list()).toEqual([])
  })
})

describe('faults by HTTP', () => {
  const control = (method: string, body?: string) =>
    fetch(`${provider.issuer}/__faults`, { method, headers: { origin: app }, ...(body !== undefined && { body }) })

  test('can be added, listed and cleared, by the app in a browser as well', async () => {
    const added = await control('POST', '[{"endpoint":"token","kind":"drop","count":3}]')
    expect([added.status, added.headers.get('access-control-allow-origin')]).toEqual([200, app])
    expect(await (await control('GET')).json()).toEqual([{ endpoint: 'token', kind: 'drop', count: 3 }])
    expect((await control('DELETE')).status).toBe(200)
    expect(provider.faults.list()).toEqual([])
  })

  test('are refused when they make no sense', async () => {
    for (const body of ['no json', '[7]', '{"endpoint":"token","kind":"explode"}']) {
      const response = await control('POST', body)
      expect([response.status, await response.json()]).toEqual([400, { error: expect.any(String) }])
    }
  })

  test('do not exist, here or in process, unless they are enabled', async () => {
    const plain = await startProvider()
    try {
      expect((await fetch(`${plain.issuer}/__faults`, { method: 'POST', body: '{}' })).status).toBe(404)
      expect(() => plain.faults.add({ endpoint: 'token', kind: 'drop' })).toThrow('Faults are not enabled')
    } finally {
      await plain.stop()
    }
  })
})

describe('what tests can look at', () => {
  test('issued tokens can be asked for when they are recorded, and only then', async () => {
    expect(() => provider.issuedTokens()).toThrow('not recorded')
    const recording = await startProvider({ recordTokens: true })
    try {
      const { access_token, refresh_token, id_token } = await signIn(recording)
      await renew(recording, refresh_token)
      expect(recording.issuedTokens()).toHaveLength(6)
      expect(recording.issuedTokens().slice(0, 3)).toEqual([
        { kind: 'access_token', value: access_token },
        { kind: 'refresh_token', value: refresh_token },
        { kind: 'id_token', value: id_token },
      ])
    } finally {
      await recording.stop()
    }
  })
})
