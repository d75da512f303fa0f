import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LoginRequest, Session } from '../../services/index.ts'
import { cancelAuthorization } from '../support/sign-in-by-http.ts'
import type { Tab } from '../support/tab.ts'
import { createWorld, expectStatus, origin, patience, problemOf, statusOf, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** An app that logs in, by itself, whenever nobody is signed in. Counts how often it tried. */
function openEager(tab: Tab, request: LoginRequest = {}): { readonly session: Session; tries(): number } {
  tab.isActing = false
  const session = world.open(tab)
  let tries = 0
  let before: string = ''
  session.subscribe((snapshot) => {
    const status = statusOf(session)
    if (status === 'signedOut' && before !== status) {
      tries += 1
      queueMicrotask(() => session.send({ type: 'login', ...request }))
    }
    before = snapshot.status === 'active' ? status : ''
  })
  return { session, tries: () => tries }
}

/** Each page leaves for the provider, whose answer is no; until the page stays. */
async function goInCircles(tab: Tab): Promise<Session> {
  for (;;) {
    const { session } = openEager(tab)
    const gone = tab.visited.length
    await expect.poll(() => tab.visited.length > gone || problemOf(session)?.code === 'login_loop', patience).toBe(true)
    if (tab.visited.length === gone) return session
    await world.leave(session)
    tab.arrive(await cancelAuthorization(tab.visited[gone] ?? ''))
  }
}

describe('P16 a loop of failing logins stops itself', () => {
  test('over the provider and back, with a code of its own, and a click goes on', async () => {
    const tab = world.tab()
    const session = await goInCircles(tab)
    expect(tab.visited).toHaveLength(3)
    await expectStatus(session, 'signedOut')
    session.send({ type: 'login' })
    expect(statusOf(session)).toBe('signedOut')
    tab.isActing = true
    session.send({ type: 'login' })
    await expect.poll(() => tab.visited.length, patience).toBe(4)
    await world.leave(session)
    tab.arrive(await cancelAuthorization(tab.visited[3] ?? ''))
    await goInCircles(tab)
    expect(tab.visited, 'counted anew after the click').toHaveLength(4 + 3)
  })

  test('within a page, where the provider cannot be reached', async () => {
    await world.provider.stop()
    const { session, tries } = openEager(world.tab())
    await expect.poll(() => problemOf(session)?.code, patience).toBe('login_loop')
    await expectStatus(session, 'signedOut')
    const sofar = tries()
    expect(sofar).toBe(5)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(tries()).toBe(sofar)
    expect(statusOf(session)).toBe('signedOut')
  })

  test('within a page, where the browser opens no window, and gives no storage', async () => {
    const tab = world.tab()
    Object.assign(tab, { sessionStorage: null })
    const { session } = openEager(tab, { via: 'popup' })
    await expect.poll(() => problemOf(session)?.code, patience).toBe('login_loop')
    await expectStatus(session, 'signedOut')
  })

  test('goes on after a minute', async () => {
    const tab = world.tab()
    const session = await goInCircles(tab)
    tab.offset = 60_001
    session.send({ type: 'login' })
    await expect.poll(() => tab.visited.length, patience).toBe(4)
  })

  test('is counted anew after a login that succeeded', async () => {
    const tab = world.tab()
    for (let tries = 1; tries <= 2; tries += 1) {
      const { session } = openEager(tab)
      await expect.poll(() => tab.visited.length, patience).toBe(tries)
      await world.leave(session)
      tab.arrive(await cancelAuthorization(tab.visited[tries - 1] ?? ''))
    }
    tab.arrive(`${origin}/`)
    const session = await world.logIn(tab)
    session.send({ type: 'logout' })
    await expectStatus(session, 'signedOut')
    await world.leave(session)
    await goInCircles(tab)
    expect(tab.visited).toHaveLength(2 + 1 + 3)
  })
})
