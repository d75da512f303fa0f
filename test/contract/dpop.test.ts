import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  selectMetadata,
  selectPendingCount,
  selectProfile,
  type Session,
  type VaultKind,
} from '../../services/index.ts'
import { hashOf, hiding, watchRequests, withHeader, type SentRequest } from '../support/proofs.ts'
import type { Tab } from '../support/tab.ts'
import {
  accountOf,
  createWorld,
  expectAccount,
  expectStatus,
  failedLogin,
  issuedTo,
  keptText,
  patience,
  problemOf,
  reasonOf,
  renewalsAt,
  spend,
  statusOf,
  type World,
} from './world.ts'

const dpop = true
let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** `dpop_jkt` of a tab's logins. */
const keysNamed = (tab: Tab): (string | null)[] => tab.visited.map((url) => new URL(url).searchParams.get('dpop_jkt'))
const atTokenEndpoint = (sent: readonly SentRequest[]) => sent.filter(({ url }) => url.endsWith('/oauth/token'))
const logOut = async (session: Session): Promise<void> => {
  session.send({ type: 'logout' })
  await expect.poll(() => session.getSnapshot().value, patience).toBe('loggedOut')
}

describe('with a provider as it is', () => {
  test('login, profile, metadata, renewal and requests of the app carry proofs of one key, and are taken', async () => {
    const sent = watchRequests()
    const tab = world.tab()
    const session = await world.logIn(tab, { dpop, allowedOrigins: [world.provider.issuer] })
    await expectAccount(session)
    expect(selectProfile(accountOf(session))?.['name']).toBeDefined()
    session.send({ type: 'metadata.patch', patch: { color: 'green' } })
    await expect.poll(() => selectPendingCount(accountOf(session)), patience).toBe(0)
    expect(selectMetadata(accountOf(session))).toMatchObject({ color: 'green' })
    await session.getAccessToken({ forceRenewal: true })
    const own = `${world.provider.audience}users/local%7Calice`
    expect((await session.fetch(`${own}?fields=user_metadata#top`)).status).toBe(200)

    const proven = sent.filter(({ proof }) => proof !== null)
    expect(proven.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual(
      expect.arrayContaining(['POST /oauth/token', 'GET /userinfo', 'PATCH /api/v2/users/local%7Calice']),
    )
    expect(proven.every(({ status }) => status < 300)).toBe(true)
    for (const { url, method, proof, authorization, jwk } of proven) {
      const { origin, pathname } = new URL(url)
      expect(proof).toMatchObject({ htm: method, htu: `${origin}${pathname}` })
      expect(Math.abs((proof?.iat ?? 0) - Date.now() / 1000)).toBeLessThan(30)
      expect(Object.keys(jwk ?? {}).toSorted()).toEqual(['crv', 'kty', 'x', 'y'])
      expect(proof?.['ath']).toBe(authorization === null ? undefined : hashOf(authorization.replace('DPoP ', '')))
    }
    expect(new Set(proven.map(({ proof }) => proof?.jti)).size).toBe(proven.length)
    expect(new Set(proven.map(({ key }) => key))).toEqual(new Set(keysNamed(tab)))
    const [login, renewal, ...others] = atTokenEndpoint(sent)
    expect([login, renewal].every((request) => request?.proof != null)).toBe(true)
    expect(others).toEqual([])
    expect(sent.filter(({ authorization }) => authorization?.startsWith('Bearer'))).toEqual([])
  })

  test('what was stolen is of no use without the key, and its owner does not notice', async () => {
    const session = await world.logIn(world.tab(), { dpop })
    const [refreshToken = ''] = issuedTo(world.provider, 'refresh_token')
    expect(await (await spend(world.provider, refreshToken)).json()).toMatchObject({ error: 'invalid_grant' })
    const authorization = `Bearer ${await session.getAccessToken()}`
    const taken = await fetch(`${world.provider.audience}users/local%7Calice`, { headers: { authorization } })
    expect(taken.status).toBe(401)
    await session.getAccessToken({ forceRenewal: true })
    expect(statusOf(session)).toBe('signedIn')
  })

  test('a logout revokes the refresh token, and the key stays for the next login', async () => {
    const tab = world.tab()
    const sent = watchRequests()
    const session = await world.logIn(tab, { dpop })
    const endings: string[] = []
    session.on('logout.finished', ({ ending }) => endings.push(ending.revoking))
    await logOut(session)
    expect(endings).toEqual(['done'])
    expect(sent.filter(({ url }) => url.includes('revo')).map(({ status }) => status)).toEqual([200])
    await world.leave(session)
    await world.logIn(tab, { dpop })
    const [first, second] = keysNamed(tab)
    expect(second).toBe(first)
  })

  test('tabs share key and renewals', async () => {
    const sent = watchRequests()
    const tab = world.tab()
    const session = await world.logIn(tab, { dpop })
    const other = world.open(world.tab(), { dpop })
    await expectStatus(other, 'signedIn')
    for (const one of [other, session]) {
      const all = await Promise.all(Array.from({ length: 50 }, () => one.getAccessToken({ forceRenewal: true })))
      expect(new Set(all).size).toBe(1)
      for (const tabNow of [session, other]) await expect.poll(() => tabNow.getAccessToken(), patience).toBe(all[0])
    }
    expect(renewalsAt(world.provider)).toBe(2)
    expect(new Set(sent.flatMap(({ key }) => key ?? []))).toEqual(new Set(keysNamed(tab)))
  })

  test.each([
    [{ dpop }, 'Bearer'],
    [{}, 'DPoP'],
  ])('with %j a token of the type %s is refused', async (options, type) => {
    world.provider.faults.add({ endpoint: 'token', kind: 'rewrite', set: { token_type: type } })
    const tab = world.tab()
    world.answerPopups(tab)
    const session = await failedLogin(world, { via: 'popup' }, options, tab)
    expect(problemOf(session)?.code).toBe('invalid_response')
    expect(problemOf(session)?.message).toMatch(/"dpop"/)
  })

  test('a tab that is still without DPoP keeps its own session', async () => {
    const old = await world.logIn(world.tab())
    const session = await world.logIn(world.tab(), { dpop })
    await session.getAccessToken({ forceRenewal: true })
    // The first could find what the other tab renewed; the second has to be its own.
    await old.getAccessToken({ forceRenewal: true })
    await old.getAccessToken({ forceRenewal: true })
    expect([statusOf(old), statusOf(session)]).toEqual(['signedIn', 'signedIn'])
    expect(world.provider.requests.count({ error: 'invalid_grant' })).toBe(0)
  })

  test.each<VaultKind>(['encrypted', 'local', 'session'])(
    'a page that is opened again has its key ("%s")',
    async (vault) => {
      const tab = world.tab()
      const sent = watchRequests()
      await world.leave(await world.logIn(tab, { dpop, vault }))
      const session = world.open(tab, { dpop, vault })
      await expectStatus(session, 'signedIn')
      await session.getAccessToken({ forceRenewal: true })
      expect(new Set(sent.flatMap(({ key }) => key ?? []))).toEqual(new Set(keysNamed(tab)))
      expect(renewalsAt(world.provider)).toBe(1)
    },
  )

  test('the vault "memory" logs in by redirect with the key of the page that comes back', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab, { dpop, vault: 'memory' })
    expect(keysNamed(tab)).toEqual([null])
    await session.getAccessToken({ forceRenewal: true })
    await expectAccount(session)
    expect(await indexedDB.databases()).toEqual([])
  })

  test('P21 neither token nor proof in snapshots, inspection, facts, errors or what is kept', async () => {
    const seen: string[] = []
    const note = (value: unknown): void => void seen.push(JSON.stringify(value) ?? '')
    const tab = world.tab()
    const sent = watchRequests()
    const session = await world.logIn(tab, { dpop, inspect: (event) => note({ ...event, actorRef: 0, rootId: 0 }) })
    session.subscribe(note)
    session.on('session.ended', note)
    await expectAccount(session)
    await session.getAccessToken({ forceRenewal: true })
    world.provider.faults.add({ endpoint: 'token', kind: 'invalid_grant' })
    const failed = await session.getAccessToken({ forceRenewal: true }).catch((error: unknown) => error)
    if (!(failed instanceof Error)) throw new Error('It did not fail')
    note([Object.entries(failed), String(failed), failed.stack, String(failed.cause)])
    note(await keptText(tab))
    const all = seen.join('\n')
    const tokens = (['access_token', 'refresh_token', 'id_token'] as const).flatMap((kind) =>
      issuedTo(world.provider, kind),
    )
    expect(tokens.length).toBeGreaterThan(4)
    const proofs = sent.flatMap(({ proof }) => proof?.jti ?? [])
    expect(proofs.length).toBeGreaterThan(3)
    expect([...tokens, ...proofs].filter((secret) => all.includes(secret))).toEqual([])
  })
})

describe('with a provider that gives nonces', () => {
  beforeEach(() => world.restart({ dpopNonce: true }))

  test('each first request is sent once more with the nonce, and no other one', async () => {
    const sent = watchRequests()
    const session = await world.logIn(world.tab(), { dpop })
    await expectAccount(session)
    await session.getAccessToken({ forceRenewal: true })
    expect(atTokenEndpoint(sent).map(({ status, proof }) => [status, typeof proof?.['nonce']])).toEqual([
      [400, 'undefined'],
      [200, 'string'],
      [200, 'string'],
    ])
    expect(sent.filter(({ status }) => status === 401)).toEqual([])
  })

  test('a page that is opened again asks for its nonce by the first request, userinfo too', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab, { dpop }))
    const sent = watchRequests()
    const session = world.open(tab, { dpop })
    await expectAccount(session)
    expect(sent.filter(({ url }) => url.endsWith('/userinfo')).map(({ status }) => status)).toEqual([401, 200])
    expect(renewalsAt(world.provider)).toBe(0)
  })

  test('a refusal that brings a nonce is the verdict that it is, and is asked for once', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab, { dpop }))
    const session = world.open(tab, { dpop })
    await expectAccount(session)
    await world.provider.endGrants('alice')
    watchRequests(withHeader('DPoP-Nonce', 'another'))
    await expect(session.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({ code: 'session_ended' })
    expect(reasonOf(session)).toBe('revoked')
    expect(renewalsAt(world.provider)).toBe(1)
  })

  test('the nonce alone puts right a clock that nothing else can', async () => {
    watchRequests(hiding('Date'))
    const tab = world.tab()
    tab.offset = 600_000
    const session = await world.logIn(tab, { dpop, metadata: null })
    await session.getAccessToken({ forceRenewal: true })
    expect(statusOf(session)).toBe('signedIn')
  })
})

describe('on a device whose clock is wrong', () => {
  test.each([600_000, -600_000])('by %d ms: the first refusal says so, and all is well', async (offset) => {
    const sent = watchRequests()
    const tab = world.tab()
    tab.offset = offset
    const session = await world.logIn(tab, { dpop })
    await expectAccount(session)
    await session.getAccessToken({ forceRenewal: true })
    expect(atTokenEndpoint(sent).map(({ status }) => status)).toEqual([400, 200, 200])
    expect(sent.filter(({ status }) => status === 401)).toEqual([])
  })

  test('that was set while the page was open: a request costs a second try, not a renewal', async () => {
    const sent = watchRequests()
    const tab = world.tab()
    const session = await world.logIn(tab, { dpop, allowedOrigins: [world.provider.issuer] })
    await expectAccount(session)
    tab.offset = 200_000
    const before = sent.length
    const answer = await session.fetch(`${world.provider.audience}users/local%7Calice`)
    expect(answer.status).toBe(200)
    expect(
      sent
        .slice(before)
        .filter(({ url }) => url.includes('/users/'))
        .map(({ status }) => status),
    ).toEqual([401, 200])
  })

  test('and of whose time the server says nothing: the login fails, and names the clock', async () => {
    watchRequests(hiding('Date'))
    const tab = world.tab()
    tab.offset = 600_000
    world.answerPopups(tab)
    const session = await failedLogin(world, { via: 'popup' }, { dpop }, tab)
    expect(problemOf(session)?.code).toBe('login_failed')
    expect(problemOf(session)?.message).toMatch(/clock/)
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(1)
  })
})
