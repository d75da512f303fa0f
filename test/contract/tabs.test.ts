import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { selectFacts, type Session, type VaultKind } from '../../services/index.ts'
import {
  alice,
  bob,
  createWorld,
  expectStatus,
  issuedTo,
  keptText,
  openRaw,
  patience,
  reasonOf,
  renewalsAt,
  request,
  statusOf,
  type Options,
  type World,
} from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const valueOf = (session: Session) => session.getSnapshot().value

/** Two tabs of one browser, both signed in. */
async function two(options: Options = {}) {
  const tab = world.tab()
  const session = await world.logIn(tab, options)
  const otherTab = world.tab()
  const other = world.open(otherTab, options)
  await expectStatus(other, 'signedIn')
  return { tab, session, otherTab, other }
}

describe.each<{ vault: VaultKind }>([{ vault: 'encrypted' }, { vault: 'local' }])(
  'in the vault "$vault"',
  ({ vault }) => {
    test('P10 all tabs and all callers together renew once', async () => {
      const { tab, session } = await two({ vault })
      const more = [world.tab(), world.tab(), world.tab()]
      const sessions = [session, ...more.map((other) => world.open(other, { vault }))]
      await Promise.all(sessions.map((each) => expectStatus(each, 'signedIn')))
      const told = sessions.map((each) => {
        const renewals: number[] = []
        each.on('session.renewed', ({ expiresAt }) => renewals.push(expiresAt))
        return renewals
      })
      for (const each of [tab, ...more]) each.offset = 310_000
      const tokens = await Promise.all(
        sessions.flatMap((each) => Array.from({ length: 20 }, () => each.getAccessToken())),
      )
      expect(new Set(tokens)).toEqual(new Set([issuedTo(world.provider, 'access_token').at(-1)]))
      expect(renewalsAt(world.provider)).toBe(1)
      await expect.poll(() => told.map(({ length }) => length), patience).toEqual([1, 1, 1, 1])
    })

    test('P11 a login reaches the other tabs', async () => {
      const otherTab = world.tab()
      const other = world.open(otherTab, { vault })
      await other.ready
      expect(statusOf(other)).toBe('signedOut')
      const session = await world.logIn(world.tab(), { vault })
      await expectStatus(other, 'signedIn')
      expect(await other.getAccessToken()).toBe(await session.getAccessToken())
    })

    test('P11 a renewal reaches the other tabs', async () => {
      const { session, other } = await two({ vault })
      const renewed = await session.getAccessToken({ forceRenewal: true })
      await expect.poll(() => selectFacts(other.getSnapshot())?.revision, patience).toBe(2)
      expect(await other.getAccessToken()).toBe(renewed)
      expect(selectFacts(other.getSnapshot())?.writtenBy).toBe(session.tab)
      expect(renewalsAt(world.provider)).toBe(1)
    })

    test('P11 a logout reaches the other tabs, and they revoke nothing', async () => {
      const { session, other, otherTab } = await two({ vault })
      const ends: unknown[] = []
      other.on('session.ended', ({ reason }) => ends.push(reason))
      session.send({ type: 'logout' })
      await expect.poll(() => valueOf(other), patience).toBe('loggedOut')
      await expect.poll(() => valueOf(session), patience).toBe('loggedOut')
      expect(ends).toEqual(['logout'])
      expect(other.hasValid()).toBe(false)
      expect(world.provider.requests.count({ endpoint: 'revocation' })).toBe(1)
      const kept = await keptText(otherTab)
      for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
    })

    test('P12 a logout during a renewal leaves nothing, though the answer comes', async () => {
      const { tab, session, other } = await two({ vault })
      world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 200, processed: true })
      const waiting = session.getAccessToken({ forceRenewal: true })
      waiting.catch(() => {})
      await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
      other.send({ type: 'logout' })
      await expect(waiting).rejects.toMatchObject({ code: 'session_ended' })
      await expect
        .poll(
          () => world.provider.requests.count({ endpoint: 'token', grantType: 'refresh_token', status: 200 }),
          patience,
        )
        .toBe(1)
      await world.leave(session)
      await world.leave(other)
      const kept = await keptText(tab)
      for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
      const next = world.open(tab, { vault })
      await next.ready
      expect(valueOf(next)).toBe('loggedOut')
    })

    test('P22 P12 a page that goes away in the middle of a renewal leaves the new tokens to the others', async () => {
      const { session, other } = await two({ vault })
      world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 150, processed: true })
      void session.getAccessToken({ forceRenewal: true }).catch(() => {})
      await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
      await world.leave(session)
      await expect.poll(() => selectFacts(other.getSnapshot())?.revision, patience).toBe(2)
      await expect(other.getAccessToken({ forceRenewal: true })).resolves.toBeTypeOf('string')
      expect(renewalsAt(world.provider)).toBe(2)
    })
  },
)

test('P11 a tab that missed what was said finds out when it is shown', async () => {
  const { session, other, otherTab } = await two()
  const deaf = world.tab()
  deaf.openChannel = () => null
  const third = world.open(deaf)
  await expectStatus(third, 'signedIn')
  await session.getAccessToken({ forceRenewal: true })
  await expect.poll(() => selectFacts(other.getSnapshot())?.revision, patience).toBe(2)
  expect(selectFacts(third.getSnapshot())?.revision).toBe(1)
  deaf.fire('visibilitychange')
  await expect.poll(() => selectFacts(third.getSnapshot())?.revision, patience).toBe(2)
  session.send({ type: 'logout' })
  await expect.poll(() => valueOf(other), patience).toBe('loggedOut')
  expect(statusOf(third)).toBe('signedIn')
  deaf.fire('focus')
  await expect.poll(() => valueOf(third), patience).toBe('loggedOut')
  expect(otherTab.visited).toEqual([])
})

test('P10 P11 where there are neither Web Locks nor channels, all tabs together renew once, and hear of it', async () => {
  const old = () => Object.assign(world.tab(), { locks: null, openChannel: () => null })
  const tabs = [old(), old(), old()]
  const [first, ...others] = tabs
  const sessions = [await world.logIn(first ?? old()), ...others.map((tab) => world.open(tab))]
  await Promise.all(sessions.map((session) => expectStatus(session, 'signedIn')))
  for (const tab of tabs) tab.offset = 310_000
  const tokens = await Promise.all(
    sessions.flatMap((session) => Array.from({ length: 5 }, () => session.getAccessToken())),
  )
  expect(new Set(tokens)).toEqual(new Set([issuedTo(world.provider, 'access_token').at(-1)]))
  expect(renewalsAt(world.provider)).toBe(1)
  await sessions[1]?.getAccessToken({ forceRenewal: true })
  await expect
    .poll(() => sessions.map((session) => selectFacts(session.getSnapshot())?.revision), patience)
    .toEqual([3, 3, 3])
  sessions[2]?.send({ type: 'logout' })
  for (const session of sessions) await expect.poll(() => valueOf(session), patience).toBe('loggedOut')
  // Nothing of a turn stays behind, and no token was in what was said.
  const database = await openRaw()
  await expect
    .poll(() => request(database.transaction('turns').objectStore('turns').getAllKeys()), patience)
    .toEqual([])
  database.close()
})

describe('P13 another person', () => {
  test('who signs in in another tab ends the session here, and who waits here is told', async () => {
    const { session } = await two()
    const ends: string[] = []
    session.on('session.ended', ({ reason }) => ends.push(reason))
    world.provider.faults.add({ endpoint: 'token', grantType: 'refresh_token', kind: 'delay', delay: 30_000 })
    const waiting = session.getAccessToken({ forceRenewal: true })
    waiting.catch(() => {})
    await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
    const elsewhere = await world.logIn(world.tab(), {}, bob)
    await expect(waiting).rejects.toMatchObject({ code: 'subject_changed' })
    expect(reasonOf(session)).toBe('subject_changed')
    expect(ends).toEqual(['subject_changed'])
    await expect(session.getAccessToken()).rejects.toMatchObject({ code: 'subject_changed' })
    expect(selectFacts(elsewhere.getSnapshot())?.subject).toBe('local|bob')
    // Nobody waits for the held request at the end of the test.
    await world.provider.stop()
  })

  test('is followed where the app asks for that', async () => {
    const { session } = await two({ onSubjectChange: 'follow' })
    const elsewhere = await world.logIn(world.tab(), {}, bob)
    await expect.poll(() => selectFacts(session.getSnapshot())?.subject, patience).toBe('local|bob')
    await expectStatus(session, 'signedIn')
    expect(await session.getAccessToken()).toBe(await elsewhere.getAccessToken())
  })

  test('does not get a request of the first sent again under the own name', async () => {
    const { session } = await two({ onSubjectChange: 'follow', allowedOrigins: [world.provider.issuer] })
    const senders: (string | null)[] = []
    const { fetch } = globalThis
    let answer = (_: Response): void => {}
    const answered = new Promise<Response>((resolve) => (answer = resolve))
    globalThis.fetch = async (input, init) => {
      if (!(input instanceof Request) || !input.url.endsWith('/orders')) return fetch(input, init)
      senders.push(input.headers.get('Authorization'))
      return answered
    }
    try {
      const response = session.fetch(`${world.provider.issuer}/orders`)
      await expect.poll(() => senders.length, patience).toBe(1)
      await world.logIn(world.tab(), {}, bob)
      await expect.poll(() => selectFacts(session.getSnapshot())?.subject, patience).toBe('local|bob')
      answer(new Response(null, { status: 401 }))
      expect((await response).status).toBe(401)
      expect(senders).toHaveLength(1)
    } finally {
      globalThis.fetch = fetch
    }
  })
})

test('the same person who logs in anew in another tab goes on here with the new credentials', async () => {
  const { session } = await two()
  const elsewhere = await world.logIn(world.tab(), {}, alice)
  await expect
    .poll(() => selectFacts(session.getSnapshot())?.generation, patience)
    .toBe(selectFacts(elsewhere.getSnapshot())?.generation)
  expect(await session.getAccessToken()).toBe(await elsewhere.getAccessToken())
})

test('tabs with the vault "session" are on their own', async () => {
  const session = await world.logIn(world.tab(), { vault: 'session' })
  const other = world.open(world.tab(), { vault: 'session' })
  await other.ready
  expect(reasonOf(other)).toBe('never')
  session.send({ type: 'logout' })
  await expect.poll(() => valueOf(session), patience).toBe('loggedOut')
  expect(reasonOf(other)).toBe('never')
})
