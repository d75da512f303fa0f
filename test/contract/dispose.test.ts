import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSessionOn } from '../../services/create-session.ts'
import type { Session } from '../../services/index.ts'
import { createMemoryVault } from '../../services/vault/memory.ts'
import { countHandles } from './handles.ts'
import { createWorld, expectAccount, expectStatus, origin, patience, renewalsAt, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const disposed = async (session: Session, left: () => object): Promise<void> => {
  await session.dispose()
  expect(left()).toEqual({})
}

test('P22 nothing is left of a session that was signed in', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab, { idleTimeout: 600_000 }))
  const left = countHandles(tab)
  const session = world.open(tab, { idleTimeout: 600_000 })
  await expectStatus(session, 'signedIn')
  await expectAccount(session)
  expect(left()).toMatchObject({ channel: 1, databases: 1 })
  await session.getAccessToken({ forceRenewal: true })
  await disposed(session, left)
})

test('P22 nothing is left of one that nobody signed in to', async () => {
  const tab = world.tab()
  const left = countHandles(tab)
  const session = world.open(tab)
  await session.ready
  await disposed(session, left)
  // A second time does no harm.
  await disposed(session, left)
  await expect(session.getAccessToken()).rejects.toMatchObject({ code: 'disposed' })
})

test('P22 nothing is left of one that goes while the vault is read', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab))
  const left = countHandles(tab)
  const session = world.open(tab)
  const waiting = session.getAccessToken()
  await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'disposed' }), disposed(session, left)])
  await session.ready
  // Whatever was on its way has come by now, and opened nothing again.
  await expect(session.getAccessToken()).rejects.toMatchObject({ code: 'disposed' })
  expect(left()).toEqual({})
})

test('P22 nothing is left of one that was only just made', async () => {
  const tab = world.tab()
  const left = countHandles(tab)
  await disposed(world.open(tab), left)
  expect(left()).toEqual({})
})

test('P22 who disposes waits until what was being opened is open, and then closed', async () => {
  const { issuer: authority, clientId } = world.provider
  let opened = (): void => {}
  const told: string[] = []
  const vault = {
    ...createMemoryVault(),
    warm: () => new Promise<void>((resolve) => (opened = resolve)),
    close: () => void told.push('closed'),
  }
  const session = createSessionOn(world.tab(), { authority, clientId, redirectUri: `${origin}/callback` }, { vault })
  const disposing = session.dispose().then(() => told.push('disposed'))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(told).toEqual([])
  opened()
  await disposing
  expect(told).toEqual(['closed', 'disposed'])
})

test('P22 nothing is left of one whose browser gives no storage', async () => {
  const tab = world.tab()
  Object.assign(tab, { localStorage: null, sessionStorage: null })
  const left = countHandles(tab)
  for (const vault of ['local', 'session'] as const) {
    const session = world.open(tab, { vault })
    await session.ready
    expect(left()).toMatchObject({ channel: 1 })
    await disposed(session, left)
  }
})

test('P22 a renewal under way is drained: its answer is kept, its turn given back, its callers told', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab))
  const left = countHandles(tab)
  const session = world.open(tab)
  await expectStatus(session, 'signedIn')
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 150, processed: true })
  const waiting = session.getAccessToken({ forceRenewal: true })
  waiting.catch(() => {})
  await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
  await disposed(session, left)
  await expect(waiting).rejects.toMatchObject({ code: 'disposed' })
  const next = world.open(tab)
  await expectStatus(next, 'signedIn')
  await next.getAccessToken({ forceRenewal: true })
  expect(renewalsAt(world.provider)).toBe(2)
  await world.leave(next)
})

test('P22 a login window that is open is closed, and nothing waits for it', async () => {
  const tab = world.tab()
  const left = countHandles(tab)
  let address = ''
  tab.onPopup = (url) => (address = url)
  const session = world.open(tab)
  await session.ready
  session.send({ type: 'login', via: 'popup' })
  await expect.poll(() => address, patience).not.toBe('')
  await disposed(session, left)
})

test('P22 a renewal that waits for another tab gives up its place', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab))
  const other = world.open(world.tab())
  await expectStatus(other, 'signedIn')
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 300, processed: true })
  const renewed = other.getAccessToken({ forceRenewal: true })
  await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
  const left = countHandles(tab)
  const session = world.open(tab)
  await expectStatus(session, 'signedIn')
  session.getAccessToken({ forceRenewal: true }).catch(() => {})
  await expect.poll(left, patience).toMatchObject({ lock: 1 })
  await disposed(session, left)
  await expect(renewed).resolves.toBeTypeOf('string')
})
