import { afterEach, expect, onTestFinished, test } from 'vitest'
import {
  selectMetadata,
  selectMetadataProblem,
  selectMetadataStatus,
  selectPendingCount,
  selectUnsavedChanges,
  type ChangesElsewhere,
  type MetadataPatch,
  type Session,
} from '../../services/index.ts'
import type { Tab } from '../support/tab.ts'
import { accountOf, createWorld, expectAccount, expectStatus, patience, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const patch = (session: Session, change: MetadataPatch): void => session.send({ type: 'metadata.patch', patch: change })
const patches = (endpoint: 'api' | 'backend' = 'api') => world.provider.requests.count({ method: 'PATCH', endpoint })
const shown = (session: Session) => selectMetadata(accountOf(session))
const isMetadata = (session: Session, status: string) =>
  expect.poll(() => selectMetadataStatus(accountOf(session)), patience).toBe(status)
const isSaved = async (session: Session) => {
  await expect.poll(() => selectPendingCount(accountOf(session)), patience).toBe(0)
  await isMetadata(session, 'ready')
}

/** The network goes away, or is back, for everyone. */
function network() {
  const { fetch } = globalThis
  onTestFinished(() => {
    globalThis.fetch = fetch
  })
  return {
    goesAway(...tabs: readonly Tab[]) {
      for (const tab of tabs) tab.online = false
      globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'))
    },
    isBack(...tabs: readonly Tab[]) {
      globalThis.fetch = fetch
      for (const tab of tabs) {
        tab.online = true
        tab.fire('online')
      }
    },
  }
}

/** Two tabs of alice's login, profile and metadata loaded. */
async function twoTabs(options: Parameters<World['open']>[1] = {}) {
  const tabs = [world.tab(), world.tab()] as const
  const one = await world.logIn(tabs[0], options)
  await expectAccount(one)
  const other = world.open(tabs[1], options)
  await expectStatus(other, 'signedIn')
  await expectAccount(other)
  return { tabs, one, other }
}

test('P19 what two tabs type offline is all saved when the network is back, each change once', async () => {
  world = await createWorld()
  const { tabs, one, other } = await twoTabs()
  const { goesAway, isBack } = network()
  goesAway(...tabs)
  patch(one, { first_name: 'Al' })
  patch(other, { country: 'Canada' })
  patch(one, { favourite: 'tea' })
  await isMetadata(one, 'waiting')
  const wanted = { first_name: 'Al', country: 'Canada', favourite: 'tea' }
  await expect.poll(() => shown(one), patience).toMatchObject(wanted)
  await expect.poll(() => shown(other), patience).toMatchObject(wanted)
  isBack(...tabs)
  await Promise.all([isSaved(one), isSaved(other)])
  expect(shown(one)).toMatchObject(wanted)
  expect(shown(other)).toMatchObject(wanted)
  expect(patches(), 'what the tabs had typed is sent together').toBe(1)
})

test('P19 what two tabs typed offline is there when both were closed, and is saved by the next one, once', async () => {
  world = await createWorld()
  const { tabs, one, other } = await twoTabs()
  const { goesAway, isBack } = network()
  goesAway(...tabs)
  patch(one, { first_name: 'Al' })
  patch(other, { country: 'Canada' })
  await isMetadata(one, 'waiting')
  await isMetadata(other, 'waiting')
  await Promise.all([world.leave(one), world.leave(other)])
  isBack(...tabs)
  const next = world.open(world.tab())
  await expectStatus(next, 'signedIn')
  await expect.poll(() => shown(next), patience).toMatchObject({ first_name: 'Al', country: 'Canada' })
  await isSaved(next)
  expect(shown(next)).toMatchObject({ first_name: 'Al', country: 'Canada' })
  expect(patches()).toBe(1)
})

test('P19 what is typed in two tabs at once is saved, no key lost, each change once', async () => {
  world = await createWorld()
  const { one, other } = await twoTabs()
  for (let round = 0; round < 5; round += 1) {
    patch(one, { [`one${round}`]: round })
    patch(other, { [`other${round}`]: round })
  }
  await Promise.all([isSaved(one), isSaved(other)])
  const wanted = Object.fromEntries(
    [0, 1, 2, 3, 4].flatMap((n) => [
      [`one${n}`, n],
      [`other${n}`, n],
    ]),
  )
  expect(shown(one)).toMatchObject(wanted)
  await expect.poll(() => shown(other), patience).toMatchObject(wanted)
  expect(patches()).toBeLessThanOrEqual(10)
})

test('P19 a tab that saves is seen by the others, as their own doing', async () => {
  world = await createWorld()
  const { one, other } = await twoTabs()
  const told: ChangesElsewhere[] = []
  for (const session of [one, other]) session.on('metadata.changedElsewhere', (fact) => told.push(fact))
  patch(one, { first_name: 'Al' })
  await expect.poll(() => shown(other), patience).toMatchObject({ first_name: 'Al' })
  await isSaved(one)
  patch(other, { country: 'Canada' })
  await isSaved(other)
  await expect.poll(() => shown(one), patience).toMatchObject({ first_name: 'Al', country: 'Canada' })
  expect(told).toEqual([])
  expect(patches()).toBe(2)
})

test('P19 an API that asks to wait is left alone by all tabs', async () => {
  world = await createWorld()
  const { one, other } = await twoTabs()
  world.provider.requests.clear()
  world.provider.faults.add({ endpoint: 'api', kind: 'status', status: 429, retryAfter: 3 })
  patch(one, { first_name: 'Al' })
  await isMetadata(one, 'waiting')
  await isMetadata(other, 'waiting')
  patch(other, { country: 'Canada' })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(world.provider.requests.count({ endpoint: 'api' })).toBe(1)
  await Promise.all([isSaved(one), isSaved(other)])
  expect(shown(one)).toMatchObject({ first_name: 'Al', country: 'Canada' })
  expect(patches()).toBe(1)
})

test('P19 what the API refuses is refused in every tab, sent once, and kept; a correction in any tab saves it', async () => {
  world = await createWorld()
  const { one, other } = await twoTabs()
  world.provider.faults.add(
    { endpoint: 'api', kind: 'delay', delay: 0 },
    { endpoint: 'api', kind: 'status', status: 403 },
  )
  patch(one, { first_name: 'Al' })
  await isMetadata(one, 'unsaved')
  await isMetadata(other, 'unsaved')
  expect(selectMetadataProblem(accountOf(other))?.code).toBe('metadata_refused')
  expect(shown(other)).toMatchObject({ first_name: 'Al' })
  expect(patches()).toBe(1)
  patch(other, { first_name: 'Alice' })
  await Promise.all([isSaved(one), isSaved(other)])
  expect(shown(one)).toMatchObject({ first_name: 'Alice' })
  expect(patches()).toBe(2)
})

test('P19 what is given up in one tab is given up in all', async () => {
  world = await createWorld()
  const { one, other } = await twoTabs()
  const before = shown(one)
  world.provider.faults.add({ endpoint: 'api', kind: 'status', count: 'always' })
  patch(one, { first_name: 'Al' })
  await isMetadata(other, 'waiting')
  world.provider.faults.clear()
  other.send({ type: 'metadata.discard' })
  await Promise.all([isSaved(one), isSaved(other)])
  expect([shown(one), shown(other)]).toEqual([before, before])
  expect(patches()).toBe(0)
})

test('P19 what was typed and not saved outlives a renewal, and a login anew of the same person', async () => {
  world = await createWorld()
  const tab = world.tab()
  const session = await world.logIn(tab)
  await expectAccount(session)
  world.provider.faults.add({ endpoint: 'api', kind: 'status', count: 'always' })
  patch(session, { first_name: 'Al' })
  await isMetadata(session, 'waiting')
  await session.getAccessToken({ forceRenewal: true })
  expect(shown(session)).toMatchObject({ first_name: 'Al' })
  await world.leave(session)
  const again = await world.logIn(tab)
  await expect.poll(() => shown(again), patience).toMatchObject({ first_name: 'Al' })
  world.provider.faults.clear()
  again.send({ type: 'metadata.retry' })
  await isSaved(again)
  expect(patches()).toBe(1)
})

test('P19 P22 a change on its way when the page lets go is not cut off, and not sent once more', async () => {
  world = await createWorld()
  const tab = world.tab()
  const session = await world.logIn(tab)
  await expectAccount(session)
  // The first request asks what there is; it goes through. The second is processed late, whether anyone waits or not.
  world.provider.faults.add(
    { endpoint: 'api', kind: 'delay', delay: 0 },
    { endpoint: 'api', kind: 'delay', delay: 1_500 },
  )
  patch(session, { first_name: 'Al' })
  await expect.poll(() => patches(), patience).toBe(1)
  await world.leave(session)
  const next = world.open(tab)
  await expectStatus(next, 'signedIn')
  await expectAccount(next)
  expect(shown(next)).toMatchObject({ first_name: 'Al' })
  expect(patches()).toBe(1)
})

test('P19 a change whose answer is lost is not sent once more', async () => {
  world = await createWorld({ keepAlive: false })
  const session = await world.logIn(world.tab())
  await expectAccount(session)
  // The first request asks what there is; it goes through.
  world.provider.faults.add(
    { endpoint: 'api', kind: 'delay', delay: 0 },
    { endpoint: 'api', kind: 'drop', processed: true },
  )
  patch(session, { first_name: 'Al' })
  await isMetadata(session, 'waiting')
  await isSaved(session)
  expect(shown(session)).toMatchObject({ first_name: 'Al' })
  expect(patches()).toBe(1)
})

test('P19 where the vault takes nothing, what is typed waits in the page, and is saved', async () => {
  world = await createWorld()
  const session = await world.logIn(world.tab())
  await expectAccount(session)
  const put = IDBObjectStore.prototype.put
  onTestFinished(() => {
    IDBObjectStore.prototype.put = put
  })
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  patch(session, { first_name: 'Al' })
  patch(session, { country: 'Canada' })
  await isSaved(session)
  expect(shown(session)).toMatchObject({ first_name: 'Al', country: 'Canada' })
  session.send({ type: 'metadata.reload' })
  await isMetadata(session, 'loading')
  await isSaved(session)
  expect(patches()).toBeLessThanOrEqual(2)
})

test('P17 a logout with changes that are not saved is announced before, by the names of their keys', async () => {
  world = await createWorld()
  const session = await world.logIn(world.tab())
  await expectAccount(session)
  const told: unknown[] = []
  session.on('metadata.abandoned', ({ keys }) => told.push(keys))
  session.on('session.ended', ({ reason }) => told.push(reason))
  expect(selectUnsavedChanges(session.getSnapshot())).toEqual([])
  world.provider.faults.add({ endpoint: 'api', kind: 'status', count: 'always' })
  patch(session, { first_name: 'Al', country: null })
  await isMetadata(session, 'waiting')
  expect(selectUnsavedChanges(session.getSnapshot())).toEqual(['first_name', 'country'])
  session.send({ type: 'logout' })
  await expectStatus(session, 'signedOut')
  expect(told).toEqual([['first_name', 'country'], 'logout'])
  expect(selectUnsavedChanges(session.getSnapshot())).toEqual([])
})
