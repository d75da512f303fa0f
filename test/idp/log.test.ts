import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { LocalProvider } from '../../idp/index.ts'
import { createCookieJar } from '../support/sign-in-by-http.ts'
import { app, bob, renew, renewal, signIn, startProvider, userinfo } from './client.ts'

let provider: LocalProvider
beforeAll(async () => {
  provider = await startProvider({ faults: true })
})
afterEach(() => {
  provider.faults.clear()
  provider.requests.clear()
})
afterAll(() => provider.stop())

const renewals = () => provider.requests.list({ endpoint: 'token', grantType: 'refresh_token' })
/** The newest renewal, once its answer is closed. */
const lastRenewal = async () => {
  await expect.poll(() => renewals().at(-1)?.answered).toBeDefined()
  return renewals().at(-1)
}

describe('the request log', () => {
  test('tells what came in which order, with status, and nothing that was in it', async () => {
    const { refresh_token, access_token } = await signIn(provider)
    const renewed = await renew(provider, refresh_token)
    provider.faults.add({ endpoint: 'userinfo', kind: 'drop' })
    await expect(userinfo(provider, access_token)).rejects.toThrow(TypeError)
    await expect.poll(() => provider.requests.list().at(-1)?.status).toBe(0)
    const common = { at: expect.any(Number), method: 'POST', endpoint: 'token', status: 200, answered: true }
    expect(provider.requests.list({ endpoint: 'token' })).toEqual([
      { ...common, grantType: 'authorization_code' },
      { ...common, grantType: 'refresh_token', rotated: true },
    ])
    expect(provider.requests.list().map(({ endpoint }) => endpoint)).toEqual([
      'authorization',
      'interaction',
      'interaction',
      'authorization',
      'token',
      'token',
      'userinfo',
    ])
    for (const token of [refresh_token, access_token, renewed.refresh_token, renewed.access_token]) {
      expect(JSON.stringify(provider.requests.list())).not.toContain(token)
    }
  })

  test('calls a second use of a refresh token a reuse, also when its family is gone', async () => {
    const { refresh_token } = await signIn(provider)
    const { refresh_token: newest } = await renew(provider, refresh_token)
    const refused = { status: 400, answered: true, error: 'invalid_grant' }
    await renewal(provider, refresh_token)
    expect(await lastRenewal()).toMatchObject({ ...refused, reuse: true })
    await renewal(provider, refresh_token)
    expect(await lastRenewal()).toMatchObject({ ...refused, reuse: true })
    await renewal(provider, newest)
    const last = await lastRenewal()
    expect(last).toMatchObject(refused)
    expect(last).not.toHaveProperty('reuse')
    expect(renewals().filter(({ rotated }) => rotated)).toHaveLength(1)
    expect(provider.requests.count({ error: 'invalid_grant' })).toBe(3)
  })

  test('of renewals at the same moment, all but one are reuses', async () => {
    const { refresh_token } = await signIn(provider)
    await Promise.all(Array.from({ length: 5 }, () => renewal(provider, refresh_token)))
    expect(provider.requests.count({ rotated: true })).toBe(1)
    expect(provider.requests.count({ reuse: true, error: 'invalid_grant' })).toBe(4)
  })

  test.for([
    [
      { kind: 'drop', processed: true },
      { status: 0, rotated: true },
    ],
    [
      { kind: 'drop', processed: true, partial: true },
      { status: 0, rotated: true },
    ],
    [
      { kind: 'status', processed: true },
      { status: 503, rotated: true },
    ],
    [{ kind: 'drop' }, { status: 0 }],
    [{ kind: 'status' }, { status: 503 }],
    [{ kind: 'invalid_grant' }, { status: 400, error: 'invalid_grant' }],
  ] as const)('tells apart what %o did', async ([fault, expected]) => {
    const { refresh_token } = await signIn(provider)
    provider.requests.clear()
    provider.faults.add({ endpoint: 'token', ...fault })
    await renewal(provider, refresh_token)
      .then(
        (response) => response.text(),
        () => undefined,
      )
      .catch(() => undefined)
    const common = { at: expect.any(Number), method: 'POST', endpoint: 'token', grantType: 'refresh_token' }
    expect(await lastRenewal()).toEqual({ ...common, fault: fault.kind, answered: false, ...expected })
  })

  test('tells what was rotated for someone who had gone', async () => {
    const { refresh_token } = await signIn(provider)
    // Long enough for the request to have come when its sender goes, also on a busy machine.
    provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 1_500 })
    const body = new URLSearchParams({ client_id: provider.clientId, grant_type: 'refresh_token', refresh_token })
    const gone = fetch(`${provider.issuer}/oauth/token`, { method: 'POST', body, signal: AbortSignal.timeout(700) })
    await expect(gone).rejects.toThrow()
    await expect.poll(() => renewals().at(-1)?.rotated, { timeout: 10_000 }).toBe(true)
    expect(await lastRenewal()).toMatchObject({ status: 0, answered: false, fault: 'delay' })
    expect(provider.requests.count({ rotated: true, answered: false })).toBe(1)
  })

  test('can be read and cleared by HTTP, without being in it', async () => {
    await signIn(provider)
    const url = `${provider.issuer}/__requests`
    const before = provider.requests.list()
    const listed = await fetch(url, { headers: { origin: app } })
    expect([listed.headers.get('access-control-allow-origin'), await listed.json()]).toEqual([app, before])
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(200)
    expect(provider.requests.list()).toEqual([])
  })
})

describe('ending the grants of a person', () => {
  test('ends all their tokens, in every session, and spares those of others', async () => {
    const mine = [await signIn(provider), await signIn(provider)]
    const other = await signIn(provider, { person: bob })
    const rotated = await renew(provider, mine[0]?.refresh_token ?? '')
    expect(await provider.endGrants('alice')).toBeGreaterThanOrEqual(2)
    for (const { access_token, refresh_token } of [...mine, rotated]) {
      expect((await userinfo(provider, access_token)).status).toBe(401)
      expect(await (await renewal(provider, refresh_token)).json()).toMatchObject({ error: 'invalid_grant' })
    }
    expect((await renewal(provider, other.refresh_token)).status).toBe(200)
    expect(await provider.endGrants('alice')).toBe(0)
  })

  test('waits for a renewal under way and ends what that gave', async () => {
    const { refresh_token } = await signIn(provider)
    const underWay = renewal(provider, refresh_token)
    await expect.poll(() => renewals().length, { interval: 1 }).toBe(1)
    await provider.endGrants('alice')
    const response = await underWay
    const { refresh_token: next = refresh_token } = (await response.json()) as { refresh_token?: string }
    expect((await renewal(provider, next)).status).toBe(400)
  })

  test('leaves the session at the provider, so that the next login needs no password and works', async () => {
    const jar = createCookieJar()
    await signIn(provider, { jar })
    await provider.endGrants('alice')
    const tokens = await signIn(provider, { jar, extra: { prompt: 'none' } })
    expect((await renewal(provider, tokens.refresh_token)).status).toBe(200)
  })

  test('can be done by HTTP, and is refused for someone unknown', async () => {
    const { refresh_token } = await signIn(provider)
    const end = (username: string) =>
      fetch(`${provider.issuer}/__grants?username=${username}`, { method: 'DELETE', headers: { origin: app } })
    const ended = await end('alice')
    expect([ended.headers.get('access-control-allow-origin'), await ended.json()]).toEqual([
      app,
      { ended: expect.any(Number) },
    ])
    expect((await renewal(provider, refresh_token)).status).toBe(400)
    const unknown = await end('mallory')
    expect([unknown.status, await unknown.json()]).toEqual([400, { error: 'mallory is none of alice, bob' }])
    await expect(provider.endGrants('mallory')).rejects.toThrow('mallory is none of')
  })

  test('by HTTP is there only where faults are', async () => {
    const plain = await startProvider()
    try {
      for (const path of ['/__grants?username=alice', '/__requests', '/__faults']) {
        expect((await fetch(plain.issuer + path, { method: 'DELETE' })).status).toBe(404)
      }
      expect(await plain.endGrants('alice')).toBe(0)
    } finally {
      await plain.stop()
    }
  })
})
