import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Session, SessionFact } from '../../services/index.ts'
import { completeAuthorization, createCookieJar, type CookieJar } from '../support/sign-in-by-http.ts'
import type { Tab } from '../support/tab.ts'
import { countHandles } from './handles.ts'
import { alice, createWorld, expectStatus, origin, patience, problemOf, statusOf, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const inFrame = { silentLogin: 'iframe' } as const
const byRedirect = { silentLogin: 'redirect' } as const

/** The browser of someone who is signed in at the provider, and nowhere else. */
async function knownAtProvider(): Promise<CookieJar> {
  const tab = world.tab()
  const session = await world.logIn(tab)
  session.send({ type: 'logout' })
  await expectStatus(session, 'signedOut')
  await world.leave(session)
  indexedDB.deleteDatabase('sessionchart')
  tab.localStorage?.clear()
  return world.jar
}

/** What the provider answers arrives in a frame, in which the app is opened as well. */
function answerFrames(tab: Tab, jar: CookieJar): Tab[] {
  const frames: Tab[] = []
  tab.onFrame = (url) => {
    void completeAuthorization(url, alice, jar).then((callback) => {
      const frame = world.tab()
      frame.isInFrame = true
      frame.arrive(callback)
      frames.push(frame)
      world.open(frame, inFrame)
    })
  }
  return frames
}

function factsOf(session: Session): SessionFact[] {
  const facts: SessionFact[] = []
  for (const type of ['login.completed', 'login.failed', 'silentLogin.ended', 'session.ended'] as const)
    session.on(type, (fact) => facts.push(fact))
  return facts
}

const tokenRequests = (): number => world.provider.requests.count({ endpoint: 'token' })

describe('asking the provider in a hidden frame', () => {
  test('P14 signs in who is signed in at the provider, and removes the frame', async () => {
    const jar = await knownAtProvider()
    const before = tokenRequests()
    const tab = world.tab()
    tab.isActing = false
    const frames = answerFrames(tab, jar)
    const session = world.open(tab, inFrame)
    const facts = factsOf(session)
    const token = session.getAccessToken()
    await session.ready
    expect(statusOf(session)).toBe('signedIn')
    expect(facts).toEqual([{ type: 'login.completed' }])
    await expect(token, 'callers wait for the answer').resolves.toBeTypeOf('string')
    expect(tokenRequests()).toBe(before + 1)
    expect(tab.frames.size).toBe(0)
    expect(tab.visited).toEqual([])
    expect(frames).toHaveLength(1)
    expect(frames[0]?.address.href()).toBe(`${origin}/callback`)
  })

  test('leaves who is signed in nowhere signed out, without an alarm, and removes the frame', async () => {
    const tab = world.tab()
    answerFrames(tab, createCookieJar())
    const session = world.open(tab, inFrame)
    const facts = factsOf(session)
    await session.ready
    expect(statusOf(session)).toBe('signedOut')
    expect(problemOf(session)).toBeNull()
    expect(facts).toEqual([{ type: 'silentLogin.ended' }])
    expect(tab.frames.size).toBe(0)
    expect(tokenRequests()).toBe(0)
    await world.leave(session)
    await world.logIn(tab)
  })

  test('does not ask after a logout', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    session.send({ type: 'logout' })
    await expectStatus(session, 'signedOut')
    await world.leave(session)
    const frames = answerFrames(tab, world.jar)
    const next = world.open(tab, inFrame)
    await next.ready
    expect(next.getSnapshot().value).toBe('loggedOut')
    expect(frames).toEqual([])
  })

  test('P22 nothing is left of a page that is disposed of in the middle', async () => {
    const tab = world.tab()
    const leftOver = countHandles(tab)
    const session = world.open(tab, inFrame)
    await expect.poll(() => tab.frames.size, patience).toBe(1)
    expect(new URL([...tab.frames][0] ?? '').searchParams.get('prompt')).toBe('none')
    await world.leave(session)
    await expect.poll(() => tab.frames.size, patience).toBe(0)
    await expect.poll(leftOver, patience).toEqual({})
  })

  test('a frame that never answers is given up, told and no alarm', async () => {
    const tab = world.tab()
    const session = world.open(tab, { ...inFrame, requestTimeout: 1_500 })
    const facts = factsOf(session)
    await session.ready
    expect(statusOf(session)).toBe('signedOut')
    expect(problemOf(session)).toBeNull()
    expect(facts).toMatchObject([{ type: 'silentLogin.ended', problem: { code: 'timeout' } }])
    await expect.poll(() => tab.frames.size, patience).toBe(0)
  })

  test('a provider that is away is told, and no alarm', async () => {
    await world.provider.stop()
    const session = world.open(world.tab(), inFrame)
    const facts = factsOf(session)
    await session.ready
    expect(statusOf(session)).toBe('signedOut')
    expect(problemOf(session)).toBeNull()
    expect(facts).toMatchObject([{ type: 'silentLogin.ended', problem: { code: 'network' } }])
  })

  test('a page in such a frame does not make another one', async () => {
    const frame = world.tab()
    frame.isInFrame = true
    frame.arrive(`${origin}/callback?error=login_required`)
    const opened: string[] = []
    frame.onFrame = (url) => opened.push(url)
    const session = world.open(frame, inFrame)
    await session.ready
    expect(statusOf(session)).toBe('signedOut')
    expect(opened).toEqual([])
  })

  test.each([
    ['goes on where the provider knows the person', true],
    ['ends as expired where it does not', false],
  ])('P8 a session that expired and has no refresh token %s', async (_, isKnown) => {
    const options = { scope: 'openid profile', metadata: null }
    const tab = world.tab()
    await world.leave(await world.logIn(tab, options))
    answerFrames(tab, isKnown ? world.jar : createCookieJar())
    tab.offset = 600_000
    const session = world.open(tab, { ...inFrame, ...options })
    const facts = factsOf(session)
    await session.ready
    await expectStatus(session, isKnown ? 'signedIn' : 'signedOut')
    expect(facts).toEqual(
      isKnown
        ? [{ type: 'login.completed' }]
        : [{ type: 'silentLogin.ended' }, { type: 'session.ended', reason: 'expired' }],
    )
  })
})

describe('asking the provider by redirect', () => {
  /** The page leaves by itself; returns where to. */
  async function leave(tab: Tab): Promise<string> {
    const session = world.open(tab, byRedirect)
    const gone = tab.visited.length
    await expect.poll(() => tab.visited.length, patience).toBe(gone + 1)
    await world.leave(session)
    return tab.visited[gone] ?? ''
  }

  test('signs in who is signed in at the provider, and says where the person was', async () => {
    const jar = await knownAtProvider()
    const tab = world.tab()
    tab.arrive(`${origin}/orders?page=2#last`)
    const address = await leave(tab)
    expect(new URL(address).searchParams.get('prompt')).toBe('none')
    tab.arrive(await completeAuthorization(address, alice, jar))
    const session = world.open(tab, byRedirect)
    const facts = factsOf(session)
    await session.ready
    expect(statusOf(session)).toBe('signedIn')
    expect(facts).toEqual([{ type: 'login.completed', returnTo: '/orders?page=2#last' }])
    expect(tab.address.href()).toBe(`${origin}/callback`)
  })

  test('leaves who is signed in nowhere signed out, says where the person was, and asks no more; a reload may', async () => {
    const tab = world.tab()
    tab.isActing = false
    tab.arrive(`${origin}/orders`)
    tab.arrive(await completeAuthorization(await leave(tab), alice, createCookieJar()))
    const session = world.open(tab, byRedirect)
    const facts = factsOf(session)
    await session.ready
    expect(statusOf(session)).toBe('signedOut')
    expect(problemOf(session)).toBeNull()
    expect(facts).toEqual([{ type: 'silentLogin.ended', returnTo: '/orders' }])
    expect(tab.visited).toHaveLength(1)
    await world.leave(session)
    await leave(tab)
    expect(tab.visited).toHaveLength(2)
  })

  test('P16 stops by itself where the answers never say which login they are for', async () => {
    const tab = world.tab()
    tab.isActing = false
    for (let page = 1; page <= 3; page += 1) {
      await leave(tab)
      tab.arrive(`${origin}/callback?error=login_required`)
    }
    const session = world.open(tab, byRedirect)
    const facts = factsOf(session)
    await session.ready
    expect(statusOf(session)).toBe('signedOut')
    expect(facts).toMatchObject([{ type: 'silentLogin.ended', problem: { code: 'login_loop' } }])
    expect(tab.visited).toHaveLength(3)
  })
})

test('a login with prompt "none" that was asked for fails with login_required', async () => {
  const tab = world.tab()
  const session = world.open(tab)
  await session.ready
  session.send({ type: 'login', prompt: 'none', returnTo: '/orders' })
  await expect.poll(() => tab.visited.length, patience).toBe(1)
  await world.leave(session)
  tab.arrive(await completeAuthorization(tab.visited[0] ?? '', alice, createCookieJar()))
  const next = world.open(tab)
  const facts = factsOf(next)
  await next.ready
  await expectStatus(next, 'signedOut')
  expect(facts).toMatchObject([{ type: 'login.failed', problem: { code: 'login_required' }, returnTo: '/orders' }])
  expect(problemOf(next)).toMatchObject({ code: 'login_required', oauthError: 'login_required' })
})
