import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Session } from '../../services/index.ts'
import { completeAuthorization } from '../support/sign-in-by-http.ts'
import {
  alice,
  createWorld,
  expectStatus,
  failedLogin,
  keptText,
  origin,
  patience,
  problemOf,
  statusOf,
  type World,
} from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

describe('in a window', () => {
  const logIn = (session: Session): void => session.send({ type: 'login', via: 'popup' })

  test('P16 the answer is handed from the window to the app, and only the app is signed in by it', async () => {
    const tab = world.tab()
    const popups = world.answerPopups(tab)
    const session = world.open(tab)
    await session.ready
    logIn(session)
    await expectStatus(session, 'signedIn')
    await expect.poll(() => popups.tabs[0]?.isClosed, patience).toBe(true)
    expect(popups.tabs[0]?.address.href()).toBe(`${origin}/callback`)
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(1)
  })

  test('P16 a window that the browser does not open has a code of its own', async () => {
    const session = await failedLogin(world, { via: 'popup' })
    expect(problemOf(session)?.code).toBe('popup_blocked')
  })

  test('a browser without channels between windows says so at once', async () => {
    const tab = world.tab()
    tab.openChannel = () => null
    world.answerPopups(tab)
    const session = await failedLogin(world, { via: 'popup' }, {}, tab)
    expect(problemOf(session)?.code).toBe('login_failed')
    expect(problemOf(session)?.message).toContain('on the page')
  })

  test('P16 a window that is closed without an answer has a code of its own', async () => {
    const tab = world.tab()
    let isClosed = false
    tab.openWindow = () => ({
      get isClosed() {
        return isClosed
      },
      go: () => (isClosed = true),
      close: () => {},
    })
    const session = await failedLogin(world, { via: 'popup' }, {}, tab)
    expect(problemOf(session)?.code).toBe('popup_closed')
  })

  test('a login that the app cancels leads back, and an answer that still comes is not taken', async () => {
    const tab = world.tab()
    let address = ''
    tab.onPopup = (url) => (address = url)
    const session = world.open(tab)
    await session.ready
    logIn(session)
    await expect.poll(() => address, patience).not.toBe('')
    session.send({ type: 'login.cancel' })
    await expectStatus(session, 'signedOut')
    expect(problemOf(session)?.code).toBe('login_cancelled')
    const popup = world.tab()
    popup.arrive(await completeAuthorization(address, alice))
    const relaying = world.open(popup)
    await expect.poll(() => problemOf(relaying)?.code, patience).toBe('unknown_response')
    expect(statusOf(session)).toBe('signedOut')
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(0)
  })

  test('a login that is cancelled during the exchange does not come back', async () => {
    const tab = world.tab()
    world.answerPopups(tab)
    const session = world.open(tab)
    await session.ready
    world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 150 })
    logIn(session)
    await expect.poll(() => world.provider.requests.count({ endpoint: 'token' }), patience).toBe(1)
    session.send({ type: 'login.cancel' })
    await expect.poll(() => world.provider.requests.count({ endpoint: 'token', status: 200 }), patience).toBe(1)
    await world.leave(session)
    const next = world.open(tab)
    await next.ready
    expect(statusOf(next)).toBe('signedOut')
  })

  test('P12 a logout during the exchange leaves nothing of the login', async () => {
    const tab = world.tab()
    world.answerPopups(tab)
    const session = world.open(tab)
    await session.ready
    world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 150 })
    logIn(session)
    await expect.poll(() => world.provider.requests.count({ endpoint: 'token' }), patience).toBe(1)
    session.send({ type: 'logout' })
    await expect.poll(() => world.provider.requests.count({ endpoint: 'token', status: 200 }), patience).toBe(1)
    await world.leave(session)
    const kept = await keptText(tab)
    for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
    const next = world.open(tab)
    await next.ready
    expect(next.getSnapshot().value).toBe('loggedOut')
  })

  test('a session that was there is still there when a second login fails', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    logIn(session)
    await expect.poll(() => problemOf(session)?.code, patience).toBe('popup_blocked')
    await expectStatus(session, 'signedIn')
  })
})
