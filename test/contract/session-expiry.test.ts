import { afterEach, beforeEach, expect, test } from 'vitest'
import { selectFacts } from '../../services/index.ts'
import { createWorld, expectStatus, patience, reasonOf, renewalsAt, type World } from './world.ts'

/** s */
const sessionExpiry = 240

let world: World
beforeEach(async () => {
  world = await createWorld({ sessionExpiry })
})
afterEach(() => world.close())

test('P9 the ceiling is the session_expiry of the login, and no renewal moves it', async () => {
  const before = Date.now()
  const session = await world.logIn(world.tab())
  const { ceilingAt = 0 } = selectFacts(session.getSnapshot()) ?? {}
  // Within the leeway.
  expect(Math.abs(ceilingAt - (before + sessionExpiry * 1000))).toBeLessThan(45_000)
  await session.getAccessToken({ forceRenewal: true })
  await session.getAccessToken({ forceRenewal: true })
  expect(selectFacts(session.getSnapshot())).toMatchObject({ ceilingAt, revision: 3 })
})

test('P9 a session ends at the session_expiry of its provider, though its token would still do', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab))
  tab.offset = (sessionExpiry + 40) * 1000
  const session = world.open(tab)
  await expect.poll(() => reasonOf(session), patience).toBe('ceiling')
  await expect(session.getAccessToken()).rejects.toMatchObject({ code: 'no_credentials' })
  expect(renewalsAt(world.provider)).toBe(0)
})

test('P9 a new login has the ceiling of its own', async () => {
  const first = await world.logIn(world.tab(), { maxSessionAge: 60_000 })
  const own = selectFacts(first.getSnapshot())?.ceilingAt ?? 0
  expect(own - Date.now(), 'the nearer of both counts').toBeLessThanOrEqual(60_000)
  await world.leave(first)
  const second = await world.logIn(world.tab())
  await expectStatus(second, 'signedIn')
  expect(selectFacts(second.getSnapshot())?.ceilingAt ?? 0).toBeGreaterThan(own)
})
