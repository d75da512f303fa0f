import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { LocalProvider } from '../../idp/index.ts'
import { app, renew, renewal, signIn, startProvider, tokenRequest, userinfo } from './client.ts'

let provider: LocalProvider
let refreshToken: string
beforeAll(async () => {
  provider = await startProvider({ faults: true })
  refreshToken = (await signIn(provider)).refresh_token
})
afterEach(() => {
  provider.faults.clear()
  provider.requests.clear()
})
afterAll(() => provider.stop())

const discovery = (init?: RequestInit) => fetch(`${provider.issuer}/.well-known/openid-configuration`, init)
const lastAnswered = () => expect.poll(() => provider.requests.list().at(-1)?.answered)
/** A renewal that must go well, so that the next test has a good refresh token. */
const renewWell = async () => {
  const tokens = await renew(provider, refreshToken)
  refreshToken = tokens.refresh_token
  return tokens
}
const abortable = (signal: AbortSignal) =>
  fetch(`${provider.issuer}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: provider.clientId,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    }),
    signal,
  })

describe('hang', () => {
  test('gives no answer until the faults are cleared, and then a good one', async () => {
    provider.faults.add({ endpoint: 'token', kind: 'hang' })
    let answered = false
    const waiting = renewWell().finally(() => (answered = true))
    await expect.poll(() => provider.requests.list().at(-1)?.fault).toBe('hang')
    await renewWellElsewhere()
    expect(answered).toBe(false)
    provider.faults.clear()
    await waiting
    await lastAnsweredRenewal()
  })

  test('is let go by HTTP too', async () => {
    provider.faults.add({ endpoint: 'discovery', kind: 'hang', count: 'always' })
    const waiting = Promise.all([discovery(), discovery()])
    await expect.poll(() => provider.requests.count({ fault: 'hang' })).toBe(2)
    await fetch(`${provider.issuer}/__faults`, { method: 'DELETE' })
    expect((await waiting).map(({ status }) => status)).toEqual([200, 200])
  })

  test('processes nothing when the connection ends first, also once it is cleared', async () => {
    provider.faults.add({ endpoint: 'token', kind: 'hang' })
    await expect(abortable(AbortSignal.timeout(50))).rejects.toThrow()
    await lastAnswered().toBe(false)
    provider.faults.clear()
    await renewWell()
    expect(provider.requests.list().map(({ rotated = false }) => rotated)).toEqual([false, true])
  })

  test('after processing has rotated, and gives the tokens that were made once it is cleared', async () => {
    provider.faults.add({ endpoint: 'token', kind: 'hang', processed: true })
    const waiting = renewWell()
    await expect.poll(() => provider.requests.list().at(-1)?.rotated).toBe(true)
    provider.faults.clear()
    await waiting
    await renewWell()
  })

  test('after processing is a rotation that nobody hears of when the connection ends', async () => {
    const { refresh_token } = await signIn(provider)
    const saved = refreshToken
    refreshToken = refresh_token
    provider.faults.add({ endpoint: 'token', kind: 'hang', processed: true })
    await expect(abortable(AbortSignal.timeout(100))).rejects.toThrow()
    refreshToken = saved
    await expect.poll(() => provider.requests.count({ rotated: true, answered: false, status: 0 })).toBe(1)
    expect((await renewal(provider, refresh_token)).status).toBe(400)
  })

  test('keeps no provider from stopping', async () => {
    const stopping = await startProvider({ faults: true })
    stopping.faults.add({ endpoint: 'any', kind: 'hang', count: 'always' })
    const waiting = expect(fetch(stopping.issuer)).rejects.toThrow()
    await expect.poll(() => stopping.requests.count()).toBe(1)
    await stopping.stop()
    await waiting
  })

  async function renewWellElsewhere() {
    const { refresh_token } = await signIn(provider)
    expect((await renewal(provider, refresh_token)).status).toBe(200)
  }
  async function lastAnsweredRenewal() {
    await expect.poll(() => provider.requests.count({ fault: 'hang', rotated: true, answered: true })).toBe(1)
  }
})

describe('status', () => {
  const bodies = {
    oauth: ['application/json', /^\{"error":"temporarily_unavailable","error_description":".*"\}$/],
    json: ['application/json', /^\{"message":"[\w -]+"\}$/],
    html: ['text/html; charset=utf-8', /^<!doctype html>/],
    empty: [null, /^$/],
  } as const
  test.for(
    [408, 429, 500, 502, 503, 504].flatMap((status) =>
      (['oauth', 'json', 'html', 'empty'] as const).map((body) => [status, body] as const),
    ),
  )('%i comes with a body of kind %s, and the refresh token stays good', async ([status, body]) => {
    provider.faults.add({ endpoint: 'token', kind: 'status', status, body })
    const response = await renewal(provider, refreshToken)
    expect(response.status).toBe(status)
    const [type, start] = bodies[body]
    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toMatch(start)
    await renewWell()
  })

  test('has Retry-After in seconds, as a date, or as nonsense', async () => {
    const retryAfter = async (value: number | string | { dateIn: number }) => {
      provider.faults.add({ endpoint: 'discovery', kind: 'status', status: 429, retryAfter: value })
      return (await discovery()).headers.get('retry-after') ?? ''
    }
    expect(await retryAfter(7)).toBe('7')
    expect(await retryAfter('soon')).toBe('soon')
    const before = Date.now()
    const date = await retryAfter({ dateIn: 120 })
    expect(date).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
    expect(Date.parse(date)).toBeGreaterThanOrEqual(before + 120_000)
    expect(Date.parse(date)).toBeLessThanOrEqual(Date.now() + 121_000)
  })

  test('can come without CORS headers, as from a gateway', async () => {
    const headers = { origin: app }
    provider.faults.add(
      { endpoint: 'discovery', kind: 'status' },
      { endpoint: 'discovery', kind: 'status', cors: false },
    )
    expect((await discovery({ headers })).headers.get('access-control-allow-origin')).toBe(app)
    expect((await discovery({ headers })).headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('noCors', () => {
  test('answers without any CORS header, and has processed the request', async () => {
    const { refresh_token } = await signIn(provider)
    provider.faults.add({ endpoint: 'token', kind: 'noCors' })
    const response = await tokenRequest(provider, { grant_type: 'refresh_token', refresh_token }, { origin: app })
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    expect(await response.json()).toMatchObject({ refresh_token: expect.any(String) })
    await expect.poll(() => provider.requests.count({ rotated: true, answered: false, status: 200 })).toBe(1)
    expect((await renewal(provider, refresh_token)).status).toBe(400)
  })
})

describe('invalid_json', () => {
  test.for([
    ['broken', 'application/json'],
    ['html', 'text/html; charset=utf-8'],
    ['empty', 'application/json'],
  ] as const)('answers 200 with what is %s', async ([body, type]) => {
    provider.faults.add({ endpoint: 'token', kind: 'invalid_json', body })
    const response = await renewal(provider, refreshToken)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
    await expect(response.json()).rejects.toThrow(SyntaxError)
    await renewWell()
  })

  test('answers 200 with null', async () => {
    provider.faults.add({ endpoint: 'token', kind: 'invalid_json', body: 'null' })
    expect(await (await renewal(provider, refreshToken)).json()).toBeNull()
  })

  test('after processing has rotated', async () => {
    const { refresh_token } = await signIn(provider)
    provider.faults.add({ endpoint: 'token', kind: 'invalid_json', processed: true })
    await renewal(provider, refresh_token)
    await expect.poll(() => provider.requests.count({ rotated: true, answered: false, status: 200 })).toBe(1)
    expect((await renewal(provider, refresh_token)).status).toBe(400)
  })
})

describe('rewrite', () => {
  test.for(['id_token', 'scope', 'expires_in'] as const)('takes %s from a token response', async (name) => {
    provider.faults.add({ endpoint: 'token', kind: 'rewrite', remove: [name], grantType: 'refresh_token' })
    const tokens = await renewWell()
    expect(Object.hasOwn(tokens, name)).toBe(false)
    expect((await userinfo(provider, tokens.access_token)).status).toBe(200)
    await lastAnswered().toBe(true)
  })

  test.for([0, -1, 'soon', '300', null, 10 * 365 * 24 * 60 * 60])('makes expires_in %j', async (expires_in) => {
    provider.faults.add({ endpoint: 'token', kind: 'rewrite', set: { expires_in } })
    expect(await renewWell()).toMatchObject({ expires_in })
  })

  test('adds what was not there, at any endpoint that answers JSON, with a length that is right', async () => {
    provider.faults.add({
      endpoint: 'discovery',
      kind: 'rewrite',
      set: { issuer: 'https://ö.example' },
      remove: ['jwks_uri'],
    })
    const response = await discovery()
    const text = await response.text()
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
    const document: unknown = JSON.parse(text)
    expect(document).toMatchObject({ issuer: 'https://ö.example' })
    expect(document).not.toHaveProperty('jwks_uri')
  })

  test('leaves errors and pages as they are', async () => {
    provider.faults.add({ endpoint: 'any', kind: 'rewrite', set: { access_token: 'x' }, count: 2 })
    expect(await (await renewal(provider, 'unheard-of')).json()).not.toHaveProperty('access_token')
    expect(await (await fetch(provider.issuer)).text()).toContain('Local OpenID provider')
  })

  test('can keep the refresh token good, as a provider that does not rotate and does not repeat it', async () => {
    provider.faults.add({ endpoint: 'token', kind: 'rewrite', remove: ['refresh_token'], rotate: false, count: 2 })
    for (let round = 0; round < 2; round++) {
      expect(await renew(provider, refreshToken)).not.toHaveProperty('refresh_token')
    }
    await renewWell()
    expect(provider.requests.count({ rotated: true })).toBe(1)
  })

  test('that takes a rotated refresh token away counts as not answered', async () => {
    const { refresh_token } = await signIn(provider)
    provider.faults.add({ endpoint: 'token', kind: 'rewrite', remove: ['refresh_token'] })
    expect(await renew(provider, refresh_token)).not.toHaveProperty('refresh_token')
    await expect.poll(() => provider.requests.count({ rotated: true, answered: false })).toBe(1)
  })
})

describe('chance', () => {
  const pattern = async (...seeds: number[]) => {
    provider.faults.clear()
    provider.requests.clear()
    for (const seed of seeds)
      provider.faults.add({ endpoint: 'discovery', kind: 'status', chance: 0.3, seed, count: 'always' })
    for (let request = 0; request < 100; request++) await discovery()
    return provider.requests.list().map(({ fault = '-' }) => fault)
  }
  const hits = (faults: string[]) => faults.filter((fault) => fault !== '-').length

  test('with a seed hits the same requests in every run, and about as many as it says', async () => {
    const first = await pattern(7)
    expect(await pattern(7)).toEqual(first)
    expect(await pattern(8)).not.toEqual(first)
    expect(hits(first)).toBeGreaterThan(15)
    expect(hits(first)).toBeLessThan(45)
  })

  test('of two faults with one seed is independent', async () => {
    expect(hits(await pattern(7, 7))).toBeGreaterThan(hits(await pattern(7)) + 5)
  })

  test('0 hits nothing and uses nothing up, 1 hits always', async () => {
    provider.faults.add({ endpoint: 'discovery', kind: 'status', chance: 0 })
    provider.faults.add({ endpoint: 'discovery', kind: 'status', chance: 1, status: 500, count: 2 })
    expect([(await discovery()).status, (await discovery()).status, (await discovery()).status]).toEqual([
      500, 500, 200,
    ])
    expect(provider.faults.list()).toEqual([{ endpoint: 'discovery', kind: 'status', chance: 0, count: 1 }])
  })
})
