import { afterEach, beforeEach, expect, test } from 'vitest'
import { selectFacts } from '../../services/index.ts'
import { createWorld, expectStatus, issuedTo, patience, reasonOf, renewalsAt, statusOf, type World } from './world.ts'

/** s */
const sessionExpiry = 240

let world: World
/** What the provider said, epoch s. */
const claimed = (): number => {
  const [idToken = ''] = issuedTo(world.provider, 'id_token')
  const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as object
  return Number(Reflect.get(claims, 'session_expiry'))
}
beforeEach(async () => {
  world = await createWorld({ sessionExpiry })
})
afterEach(() => world.close())

test('P9 the ceiling is the session_expiry of the login, and no renewal moves it', async () => {
  const session = await world.logIn(world.tab())
  const { ceilingAt } = selectFacts(session.getSnapshot()) ?? {}
  expect(ceilingAt).toBe(claimed() * 1000 - 30_000)
  await session.getAccessToken({ forceRenewal: true })
  await session.getAccessToken({ forceRenewal: true })
  expect(selectFacts(session.getSnapshot())).toMatchObject({ ceilingAt, revision: 3 })
})

test('P9 a session ends at the session_expiry of its provider, though its token would still do', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab))
  // 30 s ahead, to the millisecond: whoever ends by the ceiling knows why; whoever is refused a renewal does not.
  const end = claimed() * 1000 - 30_000
  Object.assign(tab, { clock: { ...tab.clock, now: () => end - 1 } })
  const still = world.open(tab)
  await still.ready
  expect(statusOf(still)).toBe('signedIn')
  await world.leave(still)
  Object.assign(tab, { clock: { ...tab.clock, now: () => end } })
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
