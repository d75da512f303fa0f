import 'fake-indexeddb/auto'
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openVault } from '../../services/vault/open.ts'
import type { Vault } from '../../services/vault/types.ts'
import { createProfile, createStorage, openTab } from '../support/tab.ts'
import { codeOf, entryOf } from './samples.ts'

// What is left in a store that the app brings: an item for the write that counts, and no other.

const scope = 'own|https://issuer.example|app'
let store: Storage
let vault: Vault
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  store = createStorage()
  const tab = openTab({ origin: 'http://127.0.0.1:4999', profile: createProfile() })
  vault = openVault({ kind: 'own', scope, store }, tab)
})
afterEach(() => {
  vi.restoreAllMocks()
  vault.close()
})

const [a, a2, a3, b] = [entryOf('a'), entryOf('a', 2), entryOf('a', 3), entryOf('b')] as const
const notes = { subject: 'alice', profile: { sub: 'alice' }, pending: [] }

test('a renewal leaves the new item, one that comes too late leaves none', async () => {
  await vault.begin(a)
  await vault.replace(a.facts, a2)
  expect(store.length).toBe(1)
  expect((await vault.replace(a.facts, a3)).outcome).toBe('moved')
  expect(store.length).toBe(1)
  expect((await vault.read()).entry).toEqual(a2)
})

test('of two writes at once the item of the one that counts is left', async () => {
  await vault.begin(a)
  const outcomes = await Promise.all([vault.replace(a.facts, a2), vault.replace(a.facts, a2)])
  expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'moved'])
  expect(store.length).toBe(1)
  expect((await vault.read()).entry).toEqual(a2)
})

test('another login takes the items of the one before with it, and a logout all of them', async () => {
  await vault.begin(a)
  await vault.writeNotes(notes)
  await vault.writeNotes(notes)
  expect(store.length).toBe(2)
  await vault.begin(b)
  expect(store.length).toBe(2)
  await vault.end('b', 'logout')
  expect(store.length).toBe(0)
  await vault.writeNotes(notes)
  expect(store.length).toBe(0)
})

test('a login that is not wanted any more, or that the database refuses, leaves nothing', async () => {
  await vault.begin(a, () => false)
  expect(store.length).toBe(0)
  await vault.begin(a)
  const { put } = IDBObjectStore.prototype
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...asked) {
    if (this.name === 'logins') throw new DOMException('full', 'QuotaExceededError')
    return put.apply(this, asked)
  })
  expect(await codeOf(vault.replace(a.facts, a2))).toBe('vault_unavailable')
  expect(store.length).toBe(1)
  expect((await vault.read()).entry).toEqual(a)
})

test('P12 what a page left behind that was killed in the middle of a write goes with the login', async () => {
  await vault.begin(a)
  // Put into the store, and never heard of again.
  const { put } = IDBObjectStore.prototype
  const killed = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...asked
  ) {
    if (this.name === 'logins') throw new DOMException('killed', 'AbortError')
    return put.apply(this, asked)
  })
  const { removeItem } = store
  store.removeItem = () => {
    throw new Error('killed')
  }
  await codeOf(vault.replace(a.facts, a2))
  expect(store.length).toBe(2)
  killed.mockRestore()
  store.removeItem = removeItem
  await vault.end('a', 'logout')
  expect(store.length).toBe(0)
})
