import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { selectEnding, type Session } from '../../services/index.ts'
import {
  createWorld,
  expectStatus,
  issuedTo,
  keptText,
  openRaw,
  patience,
  spend,
  statusOf,
  type World,
} from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const hasLoggedOut = (session: Session) => expect.poll(() => session.getSnapshot().value, patience).toBe('loggedOut')
const endingOf = (session: Session) => selectEnding(session.getSnapshot())

/** Two tabs of one session, each in a page of its own. */
async function two() {
  const [tab, otherTab] = [world.tab(), world.tab()]
  const session = await world.logIn(tab)
  const other = world.open(otherTab)
  await expectStatus(other, 'signedIn')
  return { tab, session, other }
}

/** Nobody gets a token from now on. */
async function expectNoToken(...sessions: Session[]): Promise<void> {
  for (const session of sessions) {
    expect(session.hasValid()).toBe(false)
    await expect(session.getAccessToken()).rejects.toMatchObject({ code: 'no_credentials' })
  }
}

/** A transaction that never ends, as of a tab that hangs: whoever wants to write, or to read after that, waits. */
async function blockStorage(): Promise<() => void> {
  const database = await openRaw()
  const stores = ['logins', 'notes', 'keys'] as const
  const store = database.transaction([...stores], 'readwrite').objectStore('logins')
  let isOver = false
  // It ends when nothing is asked in it any more.
  const goOn = (): void => {
    if (!isOver) store.get('nothing').onsuccess = goOn
  }
  goOn()
  const free = (): void => {
    isOver = true
    database.close()
  }
  onTestFinished(free)
  return free
}

describe('P12 P17 a logout is over in time, here at once and in every tab, while', () => {
  test('the revocation endpoint hangs', async () => {
    const { session, other } = await two()
    world.provider.faults.add({ endpoint: 'revocation', kind: 'hang', count: 'always' })
    session.send({ type: 'logout' })
    await expectNoToken(session)
    await expect.poll(() => session.getSnapshot().value, patience).toEqual({ ending: 'revoking' })
    // Long before that stage is given up.
    await hasLoggedOut(other)
    expect(session.getSnapshot().value).toEqual({ ending: 'revoking' })
    await hasLoggedOut(session)
    expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: 'timedOut', problems: {} })
    await expectNoToken(session, other)
  })

  test('the discovery document hangs; whoever logs in again is not taken away when it comes', async () => {
    const first = world.tab()
    await world.leave(await world.logIn(first))
    world.provider.faults.add({ endpoint: 'discovery', kind: 'hang', count: 'always' })
    const tab = world.tab()
    const session = world.open(tab)
    await expectStatus(session, 'signedIn')
    session.send({ type: 'logout', from: 'provider' })
    await expectNoToken(session)
    await hasLoggedOut(session)
    expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: 'timedOut' })
    expect(endingOf(session)).toMatchObject({ leavingProvider: 'timedOut' })
    const answered = () => world.provider.requests.count({ endpoint: 'discovery', status: 200 })
    const before = answered()
    world.provider.faults.clear()
    await expect.poll(answered, patience).toBeGreaterThan(before)
    session.send({ type: 'login' })
    await expect.poll(() => tab.visited.length, patience).toBeGreaterThan(0)
    expect(tab.visited.map((url) => new URL(url).pathname)).toEqual(['/authorize'])
    await world.leave(session)
    const kept = await keptText(tab)
    for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
  })

  test('the storage hangs; the mark is found by the next one to read', async () => {
    const { tab, session, other } = await two()
    const free = await blockStorage()
    const ends: string[] = []
    other.on('session.ended', ({ reason }) => ends.push(reason))
    session.send({ type: 'logout' })
    await expectNoToken(session)
    await hasLoggedOut(other)
    expect(ends).toEqual(['logout'])
    expect(statusOf(session), 'the other tab did not wait for this one').toBe('signingOut')
    await expectNoToken(other)
    await hasLoggedOut(session)
    expect(endingOf(session)).toMatchObject({ clearing: 'timedOut', revoking: 'done' })
    const [refreshToken = ''] = issuedTo(world.provider, 'refresh_token')
    expect(await (await spend(world.provider, refreshToken)).json()).toMatchObject({ error: 'invalid_grant' })
    free()
    const next = world.open(world.tab())
    await next.ready
    expect(next.getSnapshot().value).toBe('loggedOut')
    await world.leave(session)
    expect(session.getSnapshot().value).toBe('loggedOut')
    const kept = await keptText(tab)
    for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
  })
})

test('P12 P17 a logout without a network keeps nothing that could be revoked later', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab)
  tab.online = false
  await world.provider.stop()
  session.send({ type: 'logout' })
  await hasLoggedOut(session)
  expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: 'failed' })
  expect(endingOf(session)?.problems.revoking?.code).toBe('offline')
  const kept = await keptText(tab)
  for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
  await world.restart()
  tab.online = true
  tab.fire('online')
  await world.leave(session)
  const next = world.open(tab)
  await next.ready
  expect(next.getSnapshot().value).toBe('loggedOut')
  expect(world.provider.requests.count({ endpoint: 'revocation' })).toBe(0)
})
