import { afterEach, beforeEach, expect, test } from 'vitest'
import { selectFacts, type Session } from '../../services/index.ts'
import { openTab, type Tab } from '../support/tab.ts'
import {
  createWorld,
  expectStatus,
  issuedTo,
  origin,
  patience,
  reasonOf,
  renewalsAt,
  statusOf,
  type World,
} from './world.ts'

// What `window.open` and "Duplicate tab" do to the vault `session`: the copy begins with the same sessionStorage.

const vault = 'session'
let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const copyOf = (opener: Tab): Tab => openTab({ origin, profile: world.profile, opener })
const revisionOf = (session: Session) => selectFacts(session.getSnapshot())?.revision

async function twice(): Promise<{ tab: Tab; session: Session; copy: Tab; other: Session }> {
  const tab = world.tab()
  const session = await world.logIn(tab, { vault })
  const copy = copyOf(tab)
  const other = world.open(copy, { vault })
  await expectStatus(other, 'signedIn')
  return { tab, session, copy, other }
}

test('P10 a copied tab shares the session: one renewal for both, and the next one by the other', async () => {
  const { session, other } = await twice()
  const tokens = await Promise.all([session, other].map((one) => one.getAccessToken({ forceRenewal: true })))
  expect(new Set(tokens).size).toBe(1)
  expect(renewalsAt(world.provider)).toBe(1)
  const next = await other.getAccessToken({ forceRenewal: true })
  await expect.poll(() => revisionOf(session), patience).toBe(3)
  expect(await session.getAccessToken()).toBe(next)
  expect(new Set(issuedTo(world.provider, 'refresh_token')).size).toBe(3)
})

test('a copied tab that is reloaded after the other one renewed puts nobody out', async () => {
  const { session, copy, other } = await twice()
  await world.leave(other)
  await session.getAccessToken({ forceRenewal: true })
  const back = world.open(copy, { vault })
  await back.ready
  expect(statusOf(back)).toBe('signedIn')
  expect(revisionOf(back)).toBe(2)
  await back.getAccessToken({ forceRenewal: true })
  await expect.poll(() => revisionOf(session), patience).toBe(3)
})

test('a tab that was copied before anybody logged in follows the login, and its reload ends nothing', async () => {
  const tab = world.tab()
  await world.leave(world.open(tab, { vault }))
  const copy = copyOf(tab)
  const other = world.open(copy, { vault })
  await other.ready
  const session = await world.logIn(tab, { vault })
  await expectStatus(other, 'signedIn')
  await world.leave(other)
  const back = world.open(copy, { vault })
  await back.ready
  expect(statusOf(back)).toBe('signedIn')
  expect(statusOf(session)).toBe('signedIn')
})

test('P12 a logout ends the session in both', async () => {
  const { session, copy, other } = await twice()
  session.send({ type: 'logout' })
  await expect.poll(() => other.getSnapshot().value, patience).toBe('loggedOut')
  await world.leave(other)
  const back = world.open(copy, { vault })
  await back.ready
  expect(reasonOf(back)).toBe('logout')
})

test('closing one of them leaves the other its session', async () => {
  const { session, other } = await twice()
  await world.leave(session)
  await other.getAccessToken({ forceRenewal: true })
  expect(statusOf(other)).toBe('signedIn')
})
