import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { selectFacts, type Session } from '../../services/index.ts'
import { createWorld, expectStatus, patience, statusOf, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const valueOf = (session: Session) => session.getSnapshot().value

describe('P11 a tab that heard nothing', () => {
  /** Signed in, and nothing that is said reaches it. */
  async function deafTab() {
    const tab = world.tab()
    tab.openChannel = () => null
    const session = world.open(tab)
    await expectStatus(session, 'signedIn')
    return { tab, session }
  }

  test('because it lay in the back-forward cache looks when it is shown again', async () => {
    const session = await world.logIn(world.tab())
    const { tab, session: cached } = await deafTab()
    await session.getAccessToken({ forceRenewal: true })
    tab.fire('pageshow', { persisted: true })
    await expect.poll(() => selectFacts(cached.getSnapshot())?.revision, patience).toBe(2)
    session.send({ type: 'logout' })
    await expect.poll(() => valueOf(session), patience).toBe('loggedOut')
    expect(statusOf(cached)).toBe('signedIn')
    tab.fire('pageshow', { persisted: true })
    await expect.poll(() => valueOf(cached), patience).toBe('loggedOut')
  })

  test('and was only just opened does not look twice', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab))
    const reads = vi.spyOn(IDBObjectStore.prototype, 'get')
    const session = world.open(tab)
    tab.fire('pageshow', { persisted: false })
    await expectStatus(session, 'signedIn')
    const asked = reads.mock.contexts.map((store) => (store as IDBObjectStore).name)
    expect(asked.filter((name) => name === 'logins')).toHaveLength(1)
    expect(asked.filter((name) => name === 'keys')).toHaveLength(1)
  })

  test('because it was frozen looks when it runs again', async () => {
    const session = await world.logIn(world.tab())
    const { tab, session: frozen } = await deafTab()
    tab.freeze()
    await session.getAccessToken({ forceRenewal: true })
    session.send({ type: 'logout' })
    await expect.poll(() => valueOf(session), patience).toBe('loggedOut')
    expect(statusOf(frozen)).toBe('signedIn')
    tab.thaw()
    await expect.poll(() => valueOf(frozen), patience).toBe('loggedOut')
  })

  test('because it was opened later knows all the same', async () => {
    const session = await world.logIn(world.tab())
    await session.getAccessToken({ forceRenewal: true })
    const late = world.open(world.tab())
    await expectStatus(late, 'signedIn')
    expect(selectFacts(late.getSnapshot())?.revision).toBe(2)
    session.send({ type: 'logout' })
    await expect.poll(() => valueOf(late), patience).toBe('loggedOut')
    const later = world.open(world.tab())
    await later.ready
    expect(valueOf(later)).toBe('loggedOut')
  })
})
