import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { selectFacts, type Session } from '../../services/index.ts'
import { completeAuthorization } from '../support/sign-in-by-http.ts'
import type { Tab } from '../support/tab.ts'
import { alice, bob, createWorld, expectStatus, patience, reasonOf, statusOf, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** Leaves for the provider; returns where to. */
async function setOut(tab: Tab, session: Session = world.open(tab)): Promise<string> {
  await session.ready
  const gone = tab.visited.length
  session.send({ type: 'login', prompt: 'login', returnTo: '/orders' })
  await expect.poll(() => tab.visited.length, patience).toBe(gone + 1)
  await world.leave(session)
  return tab.visited[gone] ?? ''
}

function arrive(tab: Tab, callback: string): { readonly session: Session; readonly told: string[] } {
  tab.arrive(callback)
  const session = world.open(tab)
  const told: string[] = []
  session.on('login.completed', ({ returnTo }) => told.push(`completed ${returnTo ?? ''}`))
  session.on('login.failed', ({ problem }) => told.push(problem.code))
  return { session, told }
}

const generationOf = (session: Session) => selectFacts(session.getSnapshot())?.generation

describe('logins in several tabs', () => {
  test.each(['one after the other', 'in the same moment'])(
    'P15 two at once, answered %s: each takes its own answer, the last one wins, and nobody is signed out',
    async (how) => {
      const [one, other] = [world.tab(), world.tab()]
      const callbacks = await Promise.all(
        [await setOut(one), await setOut(other)].map((address) => completeAuthorization(address, alice)),
      )
      const first = arrive(one, callbacks[0] ?? '')
      if (how === 'one after the other') await expectStatus(first.session, 'signedIn')
      const second = arrive(other, callbacks[1] ?? '')
      const both = [first, second]
      await expect
        .poll(() => both.map(({ told }) => told), patience)
        .toEqual([['completed /orders'], ['completed /orders']])
      await expect.poll(() => both.map(({ session }) => statusOf(session)), patience).toEqual(['signedIn', 'signedIn'])
      await expect.poll(() => new Set(both.map(({ session }) => generationOf(session))).size, patience).toBe(1)
      const winners = how === 'one after the other' ? [second] : both
      expect(winners.map(({ session }) => session.tab)).toContain(selectFacts(first.session.getSnapshot())?.writtenBy)
      for (const { session } of both) await expect(session.getAccessToken()).resolves.toBeTypeOf('string')
    },
  )

  test('P13 P15 two people in two tabs: the last one wins, and the other tab says so', async () => {
    const [one, other] = [world.tab(), world.tab()]
    const ofAlice = await completeAuthorization(await setOut(one), alice)
    const ofBob = await completeAuthorization(await setOut(other), bob)
    const first = arrive(one, ofAlice)
    await expectStatus(first.session, 'signedIn')
    const second = arrive(other, ofBob)
    await expectStatus(second.session, 'signedIn')
    await expectStatus(first.session, 'signedOut')
    expect(reasonOf(first.session)).toBe('subject_changed')
  })

  test('P11 P15 an answer that is opened in another tab signs that one in, and the first follows by itself', async () => {
    const [one, other] = [world.tab(), world.tab()]
    const callback = await completeAuthorization(await setOut(one), alice)
    // The person came back to the first tab by the back button.
    const waiting = world.open(one)
    await waiting.ready
    expect(statusOf(waiting)).toBe('signedOut')
    const { session, told } = arrive(other, callback)
    await expectStatus(session, 'signedIn')
    await expectStatus(waiting, 'signedIn')
    expect(told).toEqual(['completed /orders'])
    expect(generationOf(waiting)).toBe(generationOf(session))
  })

  test('P15 the same answer in two tabs at once is sent once; one is signed in by it, and the other follows', async () => {
    const [one, other] = [world.tab(), world.tab()]
    const callback = await completeAuthorization(await setOut(one), alice)
    const both = [arrive(one, callback), arrive(other, callback)]
    for (const { session } of both) await expectStatus(session, 'signedIn')
    expect(both.flatMap(({ told }) => told).toSorted()).toEqual(['completed /orders', 'unknown_response'])
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(1)
  })
})

describe('P15 a callback that is opened hours later', () => {
  /** Signed in, and an answer to another login that was never opened. */
  async function leftLying(): Promise<{ readonly tab: Tab; readonly callback: string; readonly generation: string }> {
    const tab = world.tab()
    const session = await world.logIn(tab)
    const generation = generationOf(session) ?? ''
    return { tab, callback: await completeAuthorization(await setOut(tab, session), alice), generation }
  }

  /** The session is there, works, and another login is possible. */
  async function isUntouched(tab: Tab, session: Session, generation: string): Promise<boolean> {
    await expectStatus(session, 'signedIn')
    const isSame = generationOf(session) === generation
    await session.getAccessToken({ forceRenewal: true })
    await world.leave(session)
    await world.logIn(tab)
    return isSame
  }

  test('its code has expired: an error one can go on from, and the session stays', async () => {
    const { tab, callback, generation } = await leftLying()
    world.provider.faults.add({ endpoint: 'token', kind: 'invalid_grant' })
    const { session, told } = arrive(tab, callback)
    await expect.poll(() => told, patience).toEqual(['invalid_grant'])
    expect(await isUntouched(tab, session, generation)).toBe(true)
  })

  test('what was remembered of it is gone: likewise, and nothing is sent', async () => {
    const { tab, callback, generation } = await leftLying()
    const storage = tab.localStorage
    for (let index = (storage?.length ?? 0) - 1; index >= 0; index -= 1) {
      const key = storage?.key(index) ?? ''
      if (key.startsWith('sessionchart.signin.')) storage?.removeItem(key)
    }
    const asked = world.provider.requests.count({ endpoint: 'token' })
    const { session, told } = arrive(tab, callback)
    await expect.poll(() => told, patience).toEqual(['unknown_response'])
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(asked)
    expect(await isUntouched(tab, session, generation)).toBe(true)
  })

  test('P9 a login is activity: whoever hears of it counts idleness from then on, and is not warned at once', async () => {
    const options = { idleTimeout: 600_000, warningLead: 60_000 }
    const [here, there] = [world.tab(), world.tab()]
    const first = await world.logIn(here, options)
    const second = world.open(there, options)
    await expectStatus(second, 'signedIn')
    const before = generationOf(first)
    for (const tab of [here, there]) tab.offset = 550_000
    const warned: string[] = []
    first.on('session.limitNear', ({ limit }) => warned.push(limit))
    world.answerPopups(there)
    const since = there.clock.now()
    second.send({ type: 'login', via: 'popup' })
    await expect.poll(() => generationOf(first), patience).not.toBe(before)
    // Whoever logged in writes and tells first, and goes on then.
    await expect.poll(() => generationOf(second), patience).toBe(generationOf(first))
    expect(first.getSnapshot().context.lastActiveAt).toBeGreaterThanOrEqual(since)
    expect(warned).toEqual([])
  })
})
