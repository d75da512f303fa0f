import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { selectFacts, selectIsUnsaved, type CredentialStore, type Session } from '../../services/index.ts'
import {
  accountOf,
  createWorld,
  expectAccount,
  expectStatus,
  issuedTo,
  keptText,
  patience,
  problemOf,
  reasonOf,
  renewalsAt,
  statusOf,
  type World,
} from './world.ts'

type Mood = 'works' | 'throws' | 'rejects' | 'hangs'

/** A store that an app brings, with promises as a bridge to a native shell has them. */
interface TestStore extends CredentialStore {
  readonly items: Map<string, string>
  mood: Mood
}

function createStore(): TestStore {
  const items = new Map<string, string>()
  const reply = <T>(work: () => T): Promise<T> => {
    switch (store.mood) {
      case 'works':
        return Promise.resolve().then(work)
      case 'throws':
        throw new TypeError([...items.values()].join(' '))
      case 'rejects':
        return Promise.reject(new Error([...items.values()].join(' ')))
      case 'hangs':
        return new Promise(() => {})
    }
  }
  const store: TestStore = {
    items,
    mood: 'works',
    getItem: (key) => reply(() => items.get(key)),
    setItem: (key, value) => reply(() => void items.set(key, value)),
    removeItem: (key) => reply(() => void items.delete(key)),
  }
  return store
}

let world: World
let vault: TestStore
beforeEach(async () => {
  world = await createWorld()
  vault = createStore()
})
afterEach(() => world.close())

const textOf = (store: TestStore): string => [...store.items.values()].join(' ')
const revisionOf = (session: Session) => selectFacts(session.getSnapshot())?.revision
const moods = ['throws', 'rejects', 'hangs'] as const

test('P20 a session in the app’s own store is renewed once among its tabs, is found again, and leaves nothing', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab, { vault })
  const other = world.open(world.tab(), { vault })
  await expectStatus(other, 'signedIn')
  const tokens = await Promise.all([session, other].map((one) => one.getAccessToken({ forceRenewal: true })))
  expect(new Set(tokens).size).toBe(1)
  expect(renewalsAt(world.provider)).toBe(1)
  await other.getAccessToken({ forceRenewal: true })
  await expect.poll(() => revisionOf(session), patience).toBe(3)

  // The tokens are in the store and nowhere else, and only the last ones.
  const [first = '', , last = ''] = issuedTo(world.provider, 'refresh_token')
  expect(textOf(vault)).toContain(last)
  await expect.poll(() => textOf(vault), patience).not.toContain(first)
  expect(await keptText(tab)).not.toContain(last)

  await world.leave(session)
  const next = world.open(tab, { vault })
  await next.ready
  expect(statusOf(next)).toBe('signedIn')
  await expectAccount(next)
  expect(accountOf(next)).toBeDefined()
  next.send({ type: 'logout' })
  await expect.poll(() => other.getSnapshot().value, patience).toBe('loggedOut')
  await world.leave(next)
  await world.leave(other)
  expect(vault.items.size).toBe(0)
})

describe.each(moods)('P20 a store that %s', (mood) => {
  test('at a renewal: the new tokens are used, told of, and written later', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab, { vault })
    const told: string[] = []
    session.on('session.troubled', ({ problem }) => told.push(problem.code))
    // Read once more at the renewal, then not written.
    const { getItem } = vault
    const { items } = vault
    vault.getItem = (key) => Promise.resolve(items.get(key))
    vault.mood = mood
    const renewed = await session.getAccessToken({ forceRenewal: true })
    expect(told).toEqual(['store_failed'])
    expect(selectIsUnsaved(session.getSnapshot())).toBe(true)
    expect(await session.getAccessToken()).toBe(renewed)
    vault.mood = 'works'
    vault.getItem = getItem
    tab.fire('focus')
    await expect.poll(() => selectIsUnsaved(session.getSnapshot()), patience).toBe(false)
    await world.leave(session)
    const next = world.open(tab, { vault })
    await next.ready
    expect(await next.getAccessToken()).toBe(renewed)
    expect(renewalsAt(world.provider)).toBe(1)
  })

  test('when it is read before a renewal: tried again, nothing ends', async () => {
    const session = await world.logIn(world.tab(), { vault })
    vault.mood = mood
    const waiting = session.getAccessToken({ forceRenewal: true })
    await expect
      .poll(() => session.getSnapshot().children.renewal?.getSnapshot().context.problem?.code, patience)
      .toBe('vault_unavailable')
    expect(statusOf(session)).toBe('signedIn')
    vault.mood = 'works'
    await waiting
    expect(renewalsAt(world.provider)).toBe(1)
  })

  test('at opening: told, in words without a token, and nothing is lost', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab, { vault }))
    vault.mood = mood
    const session = world.open(tab, { vault })
    await session.ready
    expect(statusOf(session)).toBe('signedOut')
    expect(problemOf(session)?.code).toBe('vault_unavailable')
    expect(problemOf(session)?.message).toMatch(/vault that this app brings/)
    for (const { value } of world.provider.issuedTokens())
      expect(JSON.stringify(session.getSnapshot())).not.toContain(value)
    await world.leave(session)
    vault.mood = 'works'
    const next = world.open(tab, { vault })
    await next.ready
    expect(statusOf(next)).toBe('signedIn')
  })

  test('at a login: people are signed in until the page closes, and told', async () => {
    const tab = world.tab()
    vault.mood = mood
    const session = await world.logIn(tab, { vault })
    expect(problemOf(session)?.message).toMatch(/until this page closes/)
    await session.getAccessToken({ forceRenewal: true })
    vault.mood = 'works'
    await world.leave(session)
    const next = world.open(tab, { vault })
    await next.ready
    expect(statusOf(next)).toBe('signedOut')
  })
})

test('P20 what the store has lost, or changed, is put aside; a login then works', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab, { vault }))
  for (const [key] of vault.items) vault.items.set(key, '{"user":"eve"}')
  const session = world.open(tab, { vault })
  await session.ready
  expect(reasonOf(session)).toBe('storage_lost')
  await world.leave(session)
  const again = await world.logIn(tab, { vault })
  await again.getAccessToken({ forceRenewal: true })
  await world.leave(again)
  vault.items.clear()
  const last = world.open(tab, { vault })
  await last.ready
  expect(problemOf(last)?.code).toBe('vault_unreadable')
})
