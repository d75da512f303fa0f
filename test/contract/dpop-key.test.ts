import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { watchRequests } from '../support/proofs.ts'
import {
  createWorld,
  expectAccount,
  expectStatus,
  meddle,
  openRaw,
  patience,
  reasonOf,
  renewalsAt,
  request,
  statusOf,
  type World,
} from './world.ts'

const dpop = true
let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** The vault's own key, for encryption, stays. */
const loseKey = () => meddle('keys', (key) => (key instanceof CryptoKey ? key : undefined))

/** To one that is as good, but not the one that the tokens are bound to. */
async function changeKey(): Promise<void> {
  const other = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  await meddle('keys', (key) => (key instanceof CryptoKey ? key : other))
}

async function keptPairs(): Promise<CryptoKeyPair[]> {
  const database = await openRaw()
  const keys: unknown[] = await request(database.transaction('keys').objectStore('keys').getAll())
  database.close()
  return keys.filter((key) => !(key instanceof CryptoKey)) as CryptoKeyPair[]
}

test('the private key cannot be read out, and tabs that begin at once have the same one', async () => {
  const tabs = Array.from({ length: 5 }, () => world.tab())
  const sessions = tabs.map((tab) => world.open(tab, { dpop }))
  await Promise.all(sessions.map(({ ready }) => ready))
  for (const session of sessions) session.send({ type: 'login' })
  await expect.poll(() => tabs.map(({ visited }) => visited.length), patience).toEqual([1, 1, 1, 1, 1])
  const named = tabs.map(({ visited }) => new URL(visited[0] ?? '').searchParams.get('dpop_jkt'))
  expect(new Set(named).size).toBe(1)
  expect(named[0]).toMatch(/^[\w-]{43}$/)
  const [pair, ...others] = await keptPairs()
  expect(others).toEqual([])
  if (pair === undefined) throw new Error('There is no key')
  expect(pair.privateKey.extractable).toBe(false)
  for (const format of ['jwk', 'pkcs8'] as const)
    await expect(crypto.subtle.exportKey(format, pair.privateKey)).rejects.toThrow()
})

describe('a key that is lost', () => {
  test.each([
    ['gone', loseKey],
    ['another one in its place', changeKey],
  ])('while nobody looks (%s) ends the session at the next renewal, with a reason, once', async (_, meddleWithKey) => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab, { dpop, metadata: null }))
    await meddleWithKey()
    const session = world.open(tab, { dpop, metadata: null })
    const ends: string[] = []
    session.on('session.ended', ({ reason }) => ends.push(reason))
    // Userinfo refuses the token, and so its renewal is asked for; nobody else has to.
    await expectStatus(session, 'signedOut')
    expect(reasonOf(session)).toBe('revoked')
    expect(ends).toEqual(['revoked'])
    await expect(session.getAccessToken()).rejects.toMatchObject({ code: 'no_credentials' })
    expect(renewalsAt(world.provider)).toBe(1)
    await world.leave(session)
    const next = await world.logIn(tab, { dpop })
    await next.getAccessToken({ forceRenewal: true })
    expect(statusOf(next)).toBe('signedIn')
  })

  test('while a page is open is put back by that page, and nothing is noticed', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab, { dpop })
    await expectAccount(session)
    await loseKey()
    await session.getAccessToken({ forceRenewal: true })
    expect(await keptPairs()).toHaveLength(1)
    await world.leave(session)
    const next = world.open(tab, { dpop })
    await expectAccount(next)
    await next.getAccessToken({ forceRenewal: true })
    expect(world.provider.requests.count({ endpoint: 'token', error: 'invalid_grant' })).toBe(0)
  })

  test.each<[string, unknown]>([
    ['something else', { privateKey: 'x', publicKey: 1 }],
    ['a text', 'key'],
  ])('to %s is replaced', async (_, found) => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab, { dpop }))
    await meddle('keys', (key) => (key instanceof CryptoKey ? key : found))
    const session = world.open(tab, { dpop, metadata: null })
    await expectStatus(session, 'signedOut')
    await world.leave(session)
    await expectAccount(await world.logIn(tab, { dpop }))
    expect((await keptPairs())[0]?.privateKey).toBeInstanceOf(CryptoKey)
  })

  test('to one that could be read out is replaced', async () => {
    await world.leave(await world.logIn(world.tab(), { dpop }))
    const planted = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    await meddle('keys', (key) => (key instanceof CryptoKey ? key : planted))
    await world.logIn(world.tab(), { dpop })
    expect((await keptPairs()).map(({ privateKey }) => privateKey.extractable)).toEqual([false])
  })
})

describe('a browser that gives no storage', () => {
  beforeEach(() => void Reflect.deleteProperty(globalThis, 'indexedDB'))

  test.each(['popup', 'redirect'] as const)('logs in by %s with a key for this page, and renews', async (via) => {
    const sent = watchRequests()
    const tab = world.tab()
    world.answerPopups(tab)
    const session = via === 'redirect' ? await world.logIn(tab, { dpop }) : world.open(tab, { dpop })
    await session.ready
    if (via === 'popup') session.send({ type: 'login', via })
    await expectStatus(session, 'signedIn')
    await expectAccount(session)
    await session.getAccessToken({ forceRenewal: true })
    expect(new Set(sent.flatMap(({ key }) => key ?? [])).size).toBe(1)
  })
})
