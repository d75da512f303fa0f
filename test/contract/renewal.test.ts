import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { selectFacts, selectRenewal, selectRenewalProblem, type Session } from '../../services/index.ts'
import type { Tab } from '../support/tab.ts'
import {
  createWorld,
  expectStatus,
  issuedTo,
  patience,
  problemOf,
  reasonOf,
  renewalsAt,
  spend,
  statusOf,
  type World,
} from './world.ts'

let world: World
afterEach(() => world.close())

/** A tab in which a renewal that failed is tried again at once, instead of after up to a second. */
function hastyTab(): Tab {
  const tab = world.tab()
  return Object.assign(tab, { clock: { now: tab.clock.now, chance: () => 0.02 } })
}
const failedWith = (session: Session) => {
  const renewal = selectRenewal(session.getSnapshot())
  return renewal === undefined ? undefined : selectRenewalProblem(renewal.getSnapshot())?.code
}

/** What the app hears of a session's life. */
function factsOf(session: Session): () => string[] {
  const heard: string[] = []
  for (const type of ['session.started', 'session.reconnecting', 'session.renewed', 'session.ended'] as const)
    session.on(type, () => heard.push(type))
  return () => heard
}

describe('by the clock', () => {
  beforeEach(async () => {
    world = await createWorld({ tokenLifetime: 2 })
  })

  test('P7 a session is renewed ahead of the expiry, by itself, again and again', async () => {
    const session = await world.logIn(world.tab())
    const told: unknown[] = []
    session.on('session.renewed', (fact) => told.push(fact))
    session.on('session.reconnecting', (fact) => told.push(fact))
    await expect.poll(() => renewalsAt(world.provider), patience).toBeGreaterThanOrEqual(2)
    await expect.poll(() => told.length, patience).toBeGreaterThanOrEqual(2)
    expect(told.every((fact) => (fact as { type: string }).type === 'session.renewed')).toBe(true)
    const { renewAt = 0, expiresAt = 0, storedAt = 0 } = selectFacts(session.getSnapshot()) ?? {}
    // A lead of a quarter, and the quarter before that, over which renewals are spread.
    expect(expiresAt - renewAt).toBeGreaterThanOrEqual((expiresAt - storedAt) / 4)
    expect(expiresAt - renewAt).toBeLessThanOrEqual((expiresAt - storedAt) / 2)
  })

  test('P6 what expired while the page was closed is renewed at opening', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab))
    tab.offset = 3_600_000
    const session = world.open(tab)
    await session.ready
    expect(statusOf(session)).toBe('reconnecting')
    expect(session.hasValid()).toBe(false)
    await expectStatus(session, 'signedIn')
    expect(session.hasValid()).toBe(true)
  })

  test('P6 a clock that was set back does not prolong a token', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab))
    tab.offset = -3_600_000
    const session = world.open(tab)
    await session.ready
    expect(session.hasValid()).toBe(false)
    await expectStatus(session, 'signedIn')
    expect(renewalsAt(world.provider)).toBe(1)
  })
})

describe('P8', () => {
  beforeEach(async () => {
    world = await createWorld({ keepAlive: false })
  })

  test.each([
    ['503 with OAuth JSON', { kind: 'status', body: 'oauth' }, 'provider_unavailable'],
    ['503 with other JSON', { kind: 'status', body: 'json' }, 'provider_unavailable'],
    ['503 with HTML', { kind: 'status', body: 'html' }, 'provider_unavailable'],
    ['500 without a body', { kind: 'status', status: 500, body: 'empty' }, 'provider_unavailable'],
    ['429', { kind: 'status', status: 429, body: 'json' }, 'provider_unavailable'],
    ['408 with OAuth JSON', { kind: 'status', status: 408, body: 'oauth' }, 'provider_unavailable'],
    ['a web page with 200', { kind: 'status', status: 200, body: 'html' }, 'invalid_response'],
    ['an empty answer with 200', { kind: 'status', status: 200, body: 'empty' }, 'invalid_response'],
    ['broken JSON with 200', { kind: 'invalid_json' }, 'invalid_response'],
    ['a proxy that says 404', { kind: 'status', status: 404, body: 'html' }, 'invalid_response'],
    ['a connection that is cut', { kind: 'drop' }, 'network'],
    ['an answer that breaks off', { kind: 'drop', partial: true }, 'network'],
  ] as const)('%s at a renewal ends no session: it waits, and renews', async (_, fault, code) => {
    const session = await world.logIn(hastyTab())
    world.provider.faults.add({ endpoint: 'token', ...fault })
    const renewed = session.getAccessToken({ forceRenewal: true })
    await expect.poll(() => failedWith(session), patience).toBe(code)
    expect(statusOf(session)).toBe('signedIn')
    await expect(renewed).resolves.toBeTypeOf('string')
    await expectStatus(session, 'signedIn')
    expect(renewalsAt(world.provider)).toBe(2)
  })

  test('a provider that names a time is not asked before it', async () => {
    const session = await world.logIn(hastyTab())
    world.provider.faults.add({ endpoint: 'token', kind: 'status', status: 429, body: 'json', retryAfter: 1 })
    await session.getAccessToken({ forceRenewal: true })
    const [first, second] = world.provider.requests.list({ endpoint: 'token', grantType: 'refresh_token' })
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990)
  })

  test('a device that is offline waits for the network, and goes on when it is back', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    world.provider.faults.add({ endpoint: 'token', kind: 'drop' })
    tab.online = false
    const renewed = session.getAccessToken({ forceRenewal: true })
    await expect.poll(() => failedWith(session), patience).toBe('offline')
    tab.online = true
    tab.fire('online')
    await expect(renewed).resolves.toBeTypeOf('string')
  })

  test('the provider is asked about a refusal once: then the session has ended, its reason known, nothing left', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    const ends: unknown[] = []
    session.on('session.ended', (fact) => ends.push(fact))
    world.provider.faults.add({ endpoint: 'token', kind: 'invalid_grant' })
    await expect(session.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({ code: 'session_ended' })
    expect(reasonOf(session)).toBe('revoked')
    expect(ends).toMatchObject([{ type: 'session.ended', reason: 'revoked', problem: { oauthError: 'invalid_grant' } }])
    expect(renewalsAt(world.provider)).toBe(1)
    await world.leave(session)
    const next = world.open(tab)
    await next.ready
    expect(reasonOf(next)).toBe('revoked')
    await world.leave(next)
    await world.logIn(tab)
  })

  test('a refresh token that was revoked elsewhere ends the session at the next renewal', async () => {
    const session = await world.logIn(world.tab())
    const [first = ''] = issuedTo(world.provider, 'refresh_token')
    await session.getAccessToken({ forceRenewal: true })
    await spend(world.provider, first)
    await expect(session.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({ code: 'session_ended' })
    expect(reasonOf(session)).toBe('revoked')
  })
})

describe('while the provider is stopped', () => {
  let dataFolder: string
  beforeEach(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'sessionchart-contract-'))
    world = await createWorld({ dataFolder, keepAlive: false })
  })
  afterEach(async () => {
    await rm(dataFolder, { recursive: true, force: true })
  })

  test('P1 coming back with a token that can be used is being signed in', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab))
    await world.provider.stop()
    const session = world.open(tab)
    const told = factsOf(session)
    await session.ready
    expect(statusOf(session)).toBe('signedIn')
    expect(told()).toEqual(['session.started'])
    await expect(session.getAccessToken()).resolves.toBe(issuedTo(world.provider, 'access_token')[0])
  })

  test('P8 coming back with an expired one is reconnecting, and signed in by itself when it is back', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab))
    await world.provider.stop()
    tab.offset = 400_000
    const session = world.open(tab)
    const told = factsOf(session)
    await session.ready
    expect(statusOf(session)).toBe('reconnecting')
    await expect.poll(() => failedWith(session), patience).toBe('network')
    await expect(session.getAccessToken({ timeout: 50 })).rejects.toMatchObject({ code: 'timeout' })
    expect(statusOf(session)).toBe('reconnecting')
    await world.restart()
    await expectStatus(session, 'signedIn')
    expect(told()).toEqual(['session.started', 'session.reconnecting', 'session.renewed'])
    expect(problemOf(session)).toBeNull()
    expect(renewalsAt(world.provider)).toBe(1)
  })
})
