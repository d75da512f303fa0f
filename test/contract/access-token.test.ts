import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createWorld, expectStatus, issuedTo, patience, renewalsAt, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

describe('P2 getAccessToken', () => {
  test('gives a token that can be used at once, without a request', async () => {
    const session = await world.logIn(world.tab())
    const asked = world.provider.requests.count({ endpoint: 'token' })
    expect(await session.getAccessToken()).toBe(issuedTo(world.provider, 'access_token')[0])
    expect(session.getAccessToken()).toBe(session.getAccessToken({ minTtl: 1_000 }))
    // As plain JavaScript may ask.
    await expect(session.getAccessToken(null as never)).resolves.toBeTypeOf('string')
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(asked)
    await session.getAccessToken({ forceRenewal: 1 as never })
    expect(renewalsAt(world.provider)).toBe(1)
  })

  test('waits for the vault when it is asked before that was read', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab))
    await expect(world.open(tab).getAccessToken()).resolves.toBeTypeOf('string')
  })

  test('renews a token that does not last as long as is asked', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    tab.offset = 100_000
    const [first] = issuedTo(world.provider, 'access_token')
    expect(await session.getAccessToken({ minTtl: 190_000 })).toBe(first)
    expect(await session.getAccessToken({ minTtl: 250_000 })).not.toBe(first)
    expect(session.hasValid(250_000)).toBe(true)
  })

  test('P3 refuses to be asked for more than the provider gives, without a request', async () => {
    const session = await world.logIn(world.tab())
    const refused = session.getAccessToken({ minTtl: 300_000 })
    await expect(refused).rejects.toMatchObject({ code: 'large_min_ttl' })
    await expect(refused).rejects.toThrow(/300000 ms.*300000 ms/)
    expect(renewalsAt(world.provider)).toBe(0)
  })

  test('P3 keeps a renewed token that turns out shorter, and tells the caller', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'sessionchart-contract-'))
    onTestFinished(() => rm(dataFolder, { recursive: true, force: true }))
    await world.close()
    world = await createWorld({ dataFolder, keepAlive: false })
    const tab = world.tab()
    const session = await world.logIn(tab)
    await world.restart({ tokenLifetime: 60 })
    tab.offset = 100_000
    await expect(session.getAccessToken({ minTtl: 250_000 })).rejects.toMatchObject({ code: 'large_min_ttl' })
    expect(await session.getAccessToken()).toBe(issuedTo(world.provider, 'access_token').at(-1))
    expect(renewalsAt(world.provider)).toBe(1)
  })

  test('one renewal for a thousand callers at the moment of expiry, all with the same token', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    tab.offset = 310_000
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => session.getAccessToken()))
    expect(new Set(tokens).size).toBe(1)
    expect(tokens[0]).toBe(issuedTo(world.provider, 'access_token').at(-1))
    expect(renewalsAt(world.provider)).toBe(1)
  })

  test('callers who come while the new token is being written get it as well', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    tab.offset = 310_000
    const waiting: Promise<string>[] = []
    const { unsubscribe } = session.subscribe(() => waiting.push(session.getAccessToken({ forceRenewal: false })))
    waiting.push(session.getAccessToken())
    await waiting[0]
    unsubscribe()
    expect(new Set(await Promise.all(waiting)).size).toBe(1)
    expect(renewalsAt(world.provider)).toBe(1)
  })

  test('a caller gives up alone: by its timeout, by its signal', async () => {
    const session = await world.logIn(world.tab())
    world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 200 })
    const patient = session.getAccessToken({ forceRenewal: true, timeout: Number.POSITIVE_INFINITY })
    const giving = new AbortController()
    const hasty = session.getAccessToken({ forceRenewal: true, timeout: 20 })
    const leaving = session.getAccessToken({ forceRenewal: true, signal: giving.signal })
    giving.abort()
    await expect(leaving).rejects.toMatchObject({ code: 'aborted' })
    await expect(hasty).rejects.toMatchObject({ code: 'timeout' })
    await expect(session.getAccessToken({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
    expect(await patient).toBe(issuedTo(world.provider, 'access_token').at(-1))
    expect(renewalsAt(world.provider)).toBe(1)
  })

  test('without a refresh token it says so, and gives what still works', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab, { scope: 'openid profile' })
    await expect(session.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({ code: 'no_refresh_token' })
    tab.offset = 290_000
    expect(await session.getAccessToken()).toBe(issuedTo(world.provider, 'access_token')[0])
    await expect(session.getAccessToken({ minTtl: 20_000 })).rejects.toMatchObject({ code: 'no_refresh_token' })
  })

  test('callers who wait when the person leaves are told', async () => {
    const session = await world.logIn(world.tab())
    world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 100 })
    const waiting = session.getAccessToken({ forceRenewal: true })
    waiting.catch(() => {})
    await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
    session.send({ type: 'logout' })
    await expect(waiting).rejects.toMatchObject({ code: 'session_ended' })
    await expect(session.getAccessToken()).rejects.toMatchObject({ code: 'no_credentials' })
  })

  test('a caller who asks in the middle of a second login is served when that is over', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    let address = ''
    tab.onPopup = (url) => (address = url)
    session.send({ type: 'login', via: 'popup' })
    await expect.poll(() => address, patience).not.toBe('')
    const waiting = session.getAccessToken({ forceRenewal: true })
    session.send({ type: 'login.cancel' })
    expect(await waiting).toBe(issuedTo(world.provider, 'access_token').at(-1))
    expect(renewalsAt(world.provider)).toBe(1)
    await expectStatus(session, 'signedIn')
  })
})

test('P4 an answer without refresh token, ID token or scope keeps the old ones', async () => {
  const session = await world.logIn(world.tab())
  const { fetch } = globalThis
  globalThis.fetch = async (input, init) => {
    const isRenewal = init?.body instanceof URLSearchParams && init.body.get('grant_type') === 'refresh_token'
    if (!isRenewal) return fetch(input, init)
    return Response.json({ access_token: 'short-answer', token_type: 'bearer', expires_in: '120' })
  }
  try {
    expect(await session.getAccessToken({ forceRenewal: true })).toBe('short-answer')
  } finally {
    globalThis.fetch = fetch
  }
  expect(session.getSnapshot().context.facts).toMatchObject({ renewable: true, revision: 2 })
  expect(session.getSnapshot().context.facts?.scope).toContain('offline_access')
  const next = await session.getAccessToken({ forceRenewal: true })
  expect(next).toBe(issuedTo(world.provider, 'access_token').at(-1))
})
