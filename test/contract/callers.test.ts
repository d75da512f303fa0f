import { setMaxListeners } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AccessTokenOptions, Session } from '../../services/index.ts'
import { createWorld, expectStatus, issuedTo, patience, renewalsAt, statusOf, type World } from './world.ts'
import { report } from '../support/report.ts'

const many = 10_000

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** Signed in with a token that has just expired. */
async function atExpiry(): Promise<Session> {
  const tab = world.tab()
  const session = await world.logIn(tab)
  tab.offset = 310_000
  return session
}
const newest = () => issuedTo(world.provider, 'access_token').at(-1)

/** What each caller got: the token, or the code of the error. */
const outcome = (asked: Promise<string>): Promise<string> =>
  asked.catch((error: unknown) => (error as { readonly code?: string }).code ?? 'no code')
const ask = (session: Session, options: AccessTokenOptions = {}) => outcome(session.getAccessToken(options))

function count(outcomes: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const one of outcomes) {
    const name = one === newest() ? 'the new token' : one
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return Object.fromEntries(counts)
}

/** One caller after the other, at every turn of the event loop, until `isOver`. Each is told how many came before. */
async function keepAsking(session: Session, isOver: () => boolean): Promise<string[]> {
  const asked: Promise<string>[] = []
  while (!isOver() && asked.length < 100_000) {
    asked.push(ask(session))
    await new Promise((done) => setImmediate(done))
  }
  return Promise.all(asked)
}

test('P2 P10 ten thousand callers at the moment of expiry: one request, and all get the same token', async () => {
  const session = await atExpiry()
  const started = performance.now()
  const outcomes = await Promise.all(Array.from({ length: many }, () => ask(session)))
  report(`10,000 callers at expiry: ${Math.round(performance.now() - started)} ms to the last answer, 1 request`)
  expect(count(outcomes)).toEqual({ 'the new token': many })
  expect(renewalsAt(world.provider)).toBe(1)
})

test('P2 callers who give up among ten thousand leave alone: the others share the one renewal', async () => {
  const session = await atExpiry()
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 500 })
  const leaving = new AbortController()
  const gone = AbortSignal.abort()
  setMaxListeners(0, leaving.signal, gone)
  const each: readonly AccessTokenOptions[] = [{}, { signal: leaving.signal }, { signal: gone }, { timeout: 100 }]
  const asked = Array.from({ length: many }, (_, index) => ask(session, each[index % each.length]))
  await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
  leaving.abort()
  const quarter = many / each.length
  expect(count(await Promise.all(asked))).toEqual({
    'the new token': quarter,
    aborted: 2 * quarter,
    timeout: quarter,
  })
  expect(renewalsAt(world.provider)).toBe(1)
})

test('P22 callers who shared a signal leave no listener on it', async () => {
  const session = await atExpiry()
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  let listeners = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    listeners += 1
    addEventListener.apply(signal, given)
  }
  signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    listeners -= 1
    removeEventListener.apply(signal, given)
  }
  const asked = Array.from({ length: 100 }, () => ask(session, { signal }))
  expect(listeners).toBe(100)
  expect(count(await Promise.all(asked))).toEqual({ 'the new token': 100 })
  expect(listeners).toBe(0)
})

test('P2 callers at every moment of a renewal, its writing included, get what it brings, and it stays one', async () => {
  const session = await atExpiry()
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 50, processed: true })
  let after = 0
  const outcomes = await keepAsking(session, () => session.hasValid() && ++after > 50)
  expect(count(outcomes)).toEqual({ 'the new token': outcomes.length })
  expect(outcomes.length).toBeGreaterThan(60)
  expect(renewalsAt(world.provider)).toBe(1)
})

test('P12 callers at every moment of a logout get no token from its beginning on, and none is left waiting', async () => {
  const session = await world.logIn(world.tab())
  let after = 0
  session.send({ type: 'logout' })
  const outcomes = await keepAsking(session, () => statusOf(session) === 'signedOut' && ++after > 50)
  expect(count(outcomes)).toEqual({ no_credentials: outcomes.length })
  expect(outcomes.length).toBeGreaterThan(50)
  expect(renewalsAt(world.provider)).toBe(0)
})

test('P12 callers at every moment of a logout in the middle of a renewal get none either, though its answer comes', async () => {
  const session = await atExpiry()
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 100, processed: true })
  const early = Array.from({ length: 1_000 }, () => ask(session))
  await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
  session.send({ type: 'logout' })
  let after = 0
  const isAnswered = (): boolean =>
    world.provider.requests.list({ grantType: 'refresh_token' })[0]?.status !== undefined
  const late = await keepAsking(session, () => statusOf(session) === 'signedOut' && isAnswered() && ++after > 50)
  expect(count(await Promise.all(early))).toEqual({ session_ended: 1_000 })
  expect(count(late)).toEqual({ no_credentials: late.length })
  expect(session.hasValid()).toBe(false)
  expect(renewalsAt(world.provider)).toBe(1)
})

test('P22 callers before, during and after disposing are told so, all of them', async () => {
  const session = await atExpiry()
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 100, processed: true })
  const early = Array.from({ length: 1_000 }, () => ask(session))
  await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
  let isDisposed = false
  const disposing = session.dispose().then(() => (isDisposed = true))
  const during = await keepAsking(session, () => isDisposed)
  await disposing
  const late = await Promise.all(Array.from({ length: many }, () => ask(session)))
  expect(count(await Promise.all(early))).toEqual({ disposed: 1_000 })
  expect(count(during)).toEqual({ disposed: during.length })
  expect(count(late)).toEqual({ disposed: many })
  expect(renewalsAt(world.provider)).toBe(1)
  // What was on its way was written: the next page needs no renewal of its own.
  const tab = world.tab()
  tab.offset = 310_000
  const next = world.open(tab)
  await expectStatus(next, 'signedIn')
  expect(next.getSnapshot().context.facts?.revision).toBe(2)
  expect(renewalsAt(world.provider)).toBe(1)
})
