import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { selectFacts, selectIsUnsaved, selectProfile, type VaultKind } from '../../services/index.ts'
import type { Tab } from '../support/tab.ts'
import {
  accountOf,
  createWorld,
  expectAccount,
  expectStatus,
  issuedTo,
  meddle,
  patience,
  problemOf,
  reasonOf,
  renewalsAt,
  statusOf,
  type World,
} from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

interface Row {
  readonly kept: { readonly iv: Uint8Array; readonly data: ArrayBuffer }
}
const rowOf = (record: unknown): Row => record as Row
const flip = (data: ArrayBuffer): ArrayBuffer => {
  const copy = new Uint8Array(data.slice(0))
  copy.set([(copy[5] ?? 0) ^ 0xff], 5)
  return copy.buffer
}
const withData = (record: unknown, change: (data: ArrayBuffer) => ArrayBuffer): Row => {
  const row = rowOf(record)
  return { ...row, kept: { ...row.kept, data: change(row.kept.data) } }
}
const storedKey = (tab: Tab): string => {
  const keys = Array.from({ length: tab.localStorage?.length ?? 0 }, (_, index) => tab.localStorage?.key(index) ?? '')
  return keys.find((key) => key.startsWith('sessionchart.login')) ?? ''
}
const changeStored = (tab: Tab, change: (text: string) => string): void => {
  const key = storedKey(tab)
  tab.localStorage?.setItem(key, change(tab.localStorage.getItem(key) ?? ''))
}

describe('P20 what cannot be read at opening is told and put aside; a login then works, and lasts', () => {
  const corruptions: [string, VaultKind, (tab: Tab) => unknown][] = [
    ['flipped bytes', 'encrypted', () => meddle('logins', (record) => withData(record, flip))],
    ['a truncated entry', 'encrypted', () => meddle('logins', (row) => withData(row, (data) => data.slice(0, 20)))],
    ['an empty entry', 'encrypted', () => meddle('logins', (row) => withData(row, () => new ArrayBuffer(0)))],
    ['foreign JSON', 'encrypted', () => meddle('logins', () => ({ user: 'eve', token: 1 }))],
    ['a foreign text', 'encrypted', () => meddle('logins', () => 'hello')],
    ['an entry in plain text', 'encrypted', () => meddle('logins', (row) => ({ ...rowOf(row), kept: { facts: {} } }))],
    ['an older write', 'encrypted', () => meddle('logins', (row) => ({ ...rowOf(row), revision: 7 }))],
    ['a lost key', 'encrypted', () => meddle('keys', () => {})],
    ['a key that is none', 'encrypted', () => meddle('keys', () => ({ k: 'abc' }))],
    ['a truncated entry', 'local', (tab) => changeStored(tab, (text) => text.slice(0, 40))],
    ['foreign JSON', 'local', (tab) => changeStored(tab, () => '{"user":"eve"}')],
    ['"null"', 'local', (tab) => changeStored(tab, () => 'null')],
    ['changed facts', 'local', (tab) => changeStored(tab, (text) => text.replace('"expiresAt":', '"expires":'))],
    ['nothing', 'local', (tab) => tab.localStorage?.removeItem(storedKey(tab))],
    ['a foreign record', 'local', () => meddle('logins', () => 42)],
  ]
  test.each(corruptions)('%s in the vault "%s"', async (_, vault, corrupt) => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab, { vault }))
    await corrupt(tab)
    const session = world.open(tab, { vault })
    await session.ready
    expect(statusOf(session)).toBe('signedOut')
    expect(reasonOf(session)).toBe('storage_lost')
    expect(problemOf(session)?.code).toBe('vault_unreadable')
    expect(problemOf(session)?.message).toMatch(/new login/)
    await world.leave(session)
    await world.leave(await world.logIn(tab, { vault }))
    const next = world.open(tab, { vault })
    await next.ready
    expect(statusOf(next)).toBe('signedIn')
    await next.getAccessToken({ forceRenewal: true })
  })

  test('notes that make no sense cost the profile of the last visit only', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab))
    await meddle('notes', () => ({ kept: 'x' }))
    const session = world.open(tab)
    await session.ready
    expect(statusOf(session)).toBe('signedIn')
    expect(selectProfile(accountOf(session))).toBeNull()
    await expectAccount(session)
    expect(selectProfile(accountOf(session))).toMatchObject({ sub: 'local|alice' })
  })
})

describe('P20 a browser that gives no storage', () => {
  const broken = (): Storage => {
    const fail = (): never => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
    return { length: 0, clear: fail, getItem: fail, key: fail, removeItem: fail, setItem: fail }
  }
  const cases: [string, VaultKind, (tab: Tab) => void][] = [
    ['no IndexedDB', 'encrypted', () => Reflect.deleteProperty(globalThis, 'indexedDB')],
    ['no IndexedDB', 'local', () => Reflect.deleteProperty(globalThis, 'indexedDB')],
    [
      'an IndexedDB that refuses',
      'encrypted',
      () =>
        vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
          throw new DOMException('denied', 'SecurityError')
        }),
    ],
    ['no localStorage', 'local', (tab) => Object.assign(tab, { localStorage: null })],
    ['no sessionStorage', 'session', (tab) => Object.assign(tab, { sessionStorage: null })],
    ['a sessionStorage that throws', 'session', (tab) => Object.assign(tab, { sessionStorage: broken() })],
  ]
  test.each(cases)(
    '%s for the vault "%s": people are told, and can log in until the page closes',
    async (_, vault, harm) => {
      const tab = world.tab()
      world.answerPopups(tab)
      harm(tab)
      const session = world.open(tab, { vault })
      await session.ready
      expect(statusOf(session)).toBe('signedOut')
      expect(problemOf(session)?.code).toBe('vault_unavailable')
      session.send({ type: 'login', via: 'popup' })
      await expectStatus(session, 'signedIn')
      await session.getAccessToken({ forceRenewal: true })
      expect(selectFacts(session.getSnapshot())?.revision).toBe(2)
      session.send({ type: 'logout' })
      await expect.poll(() => session.getSnapshot().value, patience).toBe('loggedOut')
      expect(session.hasValid()).toBe(false)
      expect(world.provider.requests.count({ endpoint: 'revocation' })).toBe(1)
    },
  )

  test('a localStorage that throws is no hindrance for the encrypted vault', async () => {
    const tab = world.tab()
    Object.assign(tab, { localStorage: broken(), idleTimeout: 1 })
    const session = world.open(tab, { idleTimeout: 60_000 })
    await session.ready
    expect(reasonOf(session)).toBe('never')
    session.send({ type: 'login' })
    await expect.poll(() => problemOf(session)?.code, patience).toBe('vault_unavailable')
    session.send({ type: 'logout' })
    await expectStatus(session, 'signedOut')
  })

  test('a browser without channels between tabs logs in by redirect as any other', async () => {
    const tab = world.tab()
    tab.openChannel = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    const session = await world.logIn(tab)
    expect(await session.getAccessToken({ forceRenewal: true })).toBe(issuedTo(world.provider, 'access_token').at(-1))
  })
})

describe('P5 a renewal that cannot be written', () => {
  const fillUp = () =>
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('The quota is exceeded.', 'QuotaExceededError')
    })

  test.each<VaultKind>(['encrypted', 'local'])(
    'is used, told, kept from other tabs and written later (%s)',
    async (vault) => {
      const tab = world.tab()
      const session = await world.logIn(tab, { vault })
      const other = world.open(world.tab(), { vault })
      await expectStatus(other, 'signedIn')
      const told: string[] = []
      session.on('session.troubled', ({ problem }) => told.push(problem.code))
      const full = fillUp()
      const renewed = await session.getAccessToken({ forceRenewal: true })
      expect(told).toEqual(['store_failed'])
      expect(selectIsUnsaved(session.getSnapshot())).toBe(true)
      expect(await session.getAccessToken()).toBe(renewed)
      // The other tab has to wait for its turn: the refresh token that it knows is spent.
      await expect(other.getAccessToken({ forceRenewal: true, timeout: 100 })).rejects.toMatchObject({
        code: 'timeout',
      })
      expect(renewalsAt(world.provider)).toBe(1)
      full.mockRestore()
      tab.fire('focus')
      await expect.poll(() => selectFacts(other.getSnapshot())?.revision, patience).toBe(2)
      expect(selectIsUnsaved(session.getSnapshot())).toBe(false)
      expect(await other.getAccessToken()).toBe(renewed)
      expect(renewalsAt(world.provider)).toBe(1)
    },
  )

  test('is written at the last moment when the page goes away', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    const full = fillUp()
    const renewed = await session.getAccessToken({ forceRenewal: true })
    full.mockRestore()
    await world.leave(session)
    const next = world.open(tab)
    await next.ready
    expect(await next.getAccessToken()).toBe(renewed)
  })

  test('goes with a logout all the same', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    const full = fillUp()
    await session.getAccessToken({ forceRenewal: true })
    session.send({ type: 'logout' })
    await expect.poll(() => session.getSnapshot().value, patience).toBe('loggedOut')
    full.mockRestore()
    await world.leave(session)
    // The database could not be changed; the mark in localStorage stands for it.
    const next = world.open(tab)
    await next.ready
    expect(next.getSnapshot().value).toBe('loggedOut')
  })
})
