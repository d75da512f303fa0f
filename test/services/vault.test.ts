import 'fake-indexeddb/auto'
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openVault } from '../../services/vault/open.ts'
import type { Vault } from '../../services/vault/types.ts'
import { createProfile, createStorage, openTab, type Tab } from '../support/tab.ts'
import { codeOf, entryOf } from './samples.ts'

let tab: Tab
/** The app's own. */
let items: Storage
const open: Vault[] = []

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  items = createStorage()
  tab = openTab({ origin: 'http://127.0.0.1:4999', profile: createProfile() })
})
afterEach(() => {
  for (const vault of open.splice(0)) vault.close()
})

describe.each(['encrypted', 'local', 'session', 'memory', 'own'] as const)('the vault "%s"', (kind) => {
  const scope = `${kind}|https://issuer.example|app`
  const vaultOf = (of = scope): Vault => {
    const vault = openVault({ kind, scope: of, store: kind === 'own' ? items : null }, tab)
    open.push(vault)
    return vault
  }
  const a = entryOf('a')
  const a2 = entryOf('a', 2)
  const b = entryOf('b')

  test('is empty, then holds what a login put there', async () => {
    const vault = vaultOf()
    expect(await vault.read()).toEqual({ entry: null, end: null })
    expect(await vault.begin(a)).toBeNull()
    expect(await vault.read()).toEqual({ entry: a, end: null })
  })

  test('P12 writes only over the write that is expected, and tells what there is instead', async () => {
    const vault = vaultOf()
    await vault.begin(a)
    expect(await vault.replace(a.facts, a2)).toEqual({ outcome: 'done' })
    expect(await vault.replace(a.facts, entryOf('a', 3))).toEqual({
      outcome: 'moved',
      content: { entry: a2, end: null },
    })
    expect(await vault.replace(b.facts, b)).toMatchObject({ outcome: 'moved' })
    expect(await vault.read()).toEqual({ entry: a2, end: null })
  })

  test('P12 of two writes at once one wins', async () => {
    const vault = vaultOf()
    await vault.begin(a)
    const outcomes = await Promise.all([vault.replace(a.facts, a2), vault.replace(a.facts, a2)])
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'moved'])
  })

  test('P12 takes nothing of a login that has ended', async () => {
    const vault = vaultOf()
    await vault.begin(a)
    await vault.end('a', 'logout')
    expect(await vault.replace(a.facts, a2)).toEqual({
      outcome: 'moved',
      content: { entry: null, end: { generation: 'a', reason: 'logout' } },
    })
    expect(await vault.read()).toEqual({ entry: null, end: { generation: 'a', reason: 'logout' } })
  })

  test('P12 an end that is under way counts at once', async () => {
    const vault = vaultOf()
    await vault.begin(a)
    const ending = vault.end('a', 'logout')
    expect(vault.markOn('a')).toEqual({ generation: 'a', reason: 'logout' })
    expect(vault.markOn('b')).toBeNull()
    expect((await vault.read()).entry).toBeNull()
    // Another tab may have removed it meanwhile, and has it then.
    expect(await ending).toMatchObject({ isReplaced: false })
  })

  test('leaves another login alone that began by now', async () => {
    const vault = vaultOf()
    await vault.begin(a)
    await vault.begin(b)
    expect(await vault.end('a', 'logout')).toEqual({ removed: null, isReplaced: true })
    expect((await vault.reject(a.facts, 'revoked')).outcome).toBe('moved')
    expect(await vault.read()).toEqual({ entry: b, end: null })
  })

  test('a logout that does not know whose ends whatever is there, and a new login lasts', async () => {
    const vault = vaultOf()
    await vault.begin(a)
    expect(await vault.end(null, 'logout')).toEqual({ removed: a, isReplaced: false })
    expect(await vault.end(null, 'logout')).toEqual({ removed: null, isReplaced: false })
    expect(await vault.read()).toMatchObject({ entry: null, end: { reason: 'logout' } })
    await vault.begin(b)
    expect(await vault.read()).toEqual({ entry: b, end: null })
  })

  test('P8 a verdict removes what it is about, and says why', async () => {
    const vault = vaultOf()
    await vault.begin(a)
    await vault.replace(a.facts, a2)
    expect((await vault.reject(a.facts, 'revoked')).outcome).toBe('moved')
    expect(await vault.reject(a2.facts, 'revoked')).toEqual({ outcome: 'done' })
    expect(await vault.read()).toEqual({ entry: null, end: { generation: 'a', reason: 'revoked' } })
  })

  test('keeps notes of the person who is signed in, for that person, as long as that lasts', async () => {
    const vault = vaultOf()
    const notes = { subject: 'alice', profile: { sub: 'alice', name: 'Alice' }, pending: [{ first_name: 'Al' }] }
    await vault.writeNotes(notes)
    expect(await vault.readNotes('alice')).toBeNull()
    await vault.begin(a)
    await vault.writeNotes(notes)
    expect(await vault.readNotes('alice')).toEqual(notes)
    expect(await vault.readNotes('bob')).toBeNull()
    await vault.end('a', 'logout')
    await vault.writeNotes(notes)
    expect(await vault.readNotes('alice')).toBeNull()
  })
})

describe.each(['encrypted', 'local', 'own'] as const)('the vault "%s" of two tabs', (kind) => {
  const scope = `${kind}|https://issuer.example|app`
  const vaultOf = (of = scope): Vault => {
    const vault = openVault({ kind, scope: of, store: kind === 'own' ? items : null }, tab)
    open.push(vault)
    return vault
  }

  test('P12 what one writes the other reads, and only one of both wins a write', async () => {
    const [one, other] = [vaultOf(), vaultOf()]
    await one.begin(entryOf('a'))
    expect((await other.read()).entry).toEqual(entryOf('a'))
    const outcomes = await Promise.all([
      one.replace(entryOf('a').facts, entryOf('a', 2)),
      other.replace(entryOf('a').facts, entryOf('a', 2)),
    ])
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'moved'])
  })

  test('P22 one that was closed is closed for good, and the other works on', async () => {
    const [one, other] = [vaultOf(), vaultOf()]
    await one.begin(entryOf('a'))
    one.close()
    expect(await codeOf(one.read())).toBe('vault_unavailable')
    expect((await other.read()).entry).toEqual(entryOf('a'))
  })

  test('a login that begins while another tab reads is what it reads', async () => {
    const [one, other] = [vaultOf(), vaultOf()]
    await one.begin(entryOf('a'))
    for (let revision = 1; revision < 12; revision += 1) {
      const [content] = await Promise.all([
        other.read(),
        one.replace(entryOf('a', revision).facts, entryOf('a', revision + 1)),
      ])
      expect([revision, revision + 1]).toContain(content.entry?.facts.revision)
    }
  })

  test('P5 a write that fails leaves everything as it was', async () => {
    const vault = vaultOf()
    await vault.begin(entryOf('a'))
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    expect(await codeOf(vault.replace(entryOf('a').facts, entryOf('a', 2)))).toBe('vault_unavailable')
    expect(await vault.begin(entryOf('b'))).toMatchObject({ code: 'vault_unavailable' })
    vi.restoreAllMocks()
    expect((await vaultOf().read()).entry).toEqual(entryOf('a'))
    // The login that could not be written lives in the page that made it.
    expect((await vault.read()).entry).toEqual(entryOf('b'))
    expect(textOf(tab.localStorage)).not.toContain('refresh-b-1')
  })

  test('a logout of what lives in the page ends what it had taken the place of', async () => {
    const vault = vaultOf()
    await vault.begin(entryOf('a'))
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await vault.begin(entryOf('b'))
    vi.restoreAllMocks()
    await vault.end('b', 'logout')
    expect((await vault.read()).entry).toBeNull()
    expect((await vaultOf().read()).entry).toBeNull()
  })

  test('an end removes the contents although the database fails, and the mark stands for the rest', async () => {
    const vault = vaultOf()
    await vault.begin(entryOf('a'))
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    expect(await codeOf(vault.end('a', 'logout'))).toBe('vault_unavailable')
    expect(textOf(tab.localStorage)).not.toContain('refresh-a-1')
    vi.restoreAllMocks()
    expect(await vaultOf().read()).toEqual({ entry: null, end: { generation: 'a', reason: 'logout' } })
    // And is not needed any more: whoever reads next has finished it.
    tab.localStorage?.clear()
    expect((await vaultOf().read()).entry).toBeNull()
  })

  test("a mark that one tab leaves is not removed by another one's end", async () => {
    const [one, other] = [vaultOf(), vaultOf()]
    await one.begin(entryOf('a'))
    const ending = one.end('a', 'logout')
    // This tab closes in the middle: what it left is all there is.
    tab.localStorage?.setItem(`sessionchart.ended.${scope}`, '{"generation":"b","reason":"logout"}')
    await ending
    await other.replace(entryOf('a').facts, entryOf('a', 2))
    expect(tab.localStorage?.getItem(`sessionchart.ended.${scope}`)).toContain('"b"')
  })

  test('an issuer, or a client, does not see what another one keeps', async () => {
    await vaultOf().begin(entryOf('a'))
    const elsewhere = vaultOf(`${kind}|https://issuer.example|other`)
    expect((await elsewhere.read()).entry).toBeNull()
    await elsewhere.end(null, 'logout')
    expect((await vaultOf().read()).entry).toEqual(entryOf('a'))
  })

  test('an entry that was moved to another client is unreadable there, and put aside', async () => {
    await vaultOf().begin(entryOf('a'))
    const other = `${kind}|https://issuer.example|other`
    await moveRecord(scope, other)
    const vault = vaultOf(other)
    expect(await codeOf(vault.read())).toBe('vault_unreadable')
    await vault.putAside()
    expect(await vault.read()).toMatchObject({ entry: null, end: { reason: 'storage_lost' } })
    expect((await vaultOf().read()).entry).toEqual(entryOf('a'))
  })

  test('what can be read by now is not put aside', async () => {
    const vault = vaultOf()
    await vault.begin(entryOf('a'))
    await vault.putAside()
    expect((await vault.read()).entry).toEqual(entryOf('a'))
  })
})

test('P21 the encrypted vault shows no token to whoever looks into the browser', async () => {
  const vault = openVault({ kind: 'encrypted', scope: 'encrypted|i|c' }, tab)
  open.push(vault)
  await vault.begin(entryOf('a'))
  const database = await request(indexedDB.open('sessionchart'))
  const record = await request(database.transaction('logins').objectStore('logins').get('encrypted|i|c'))
  const key: unknown = await request(database.transaction('keys').objectStore('keys').get('encrypted|i|c'))
  database.close()
  const { data } = (record as { kept: { data: ArrayBuffer } }).kept
  expect(Buffer.from(data).toString('latin1')).not.toMatch(/access-a|refresh-a|alice/)
  expect(key).toMatchObject({ extractable: false })
  expect(textOf(tab.localStorage)).not.toContain('a-1')
})

function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result))
    asked.addEventListener('error', () => reject(asked.error ?? new Error('IndexedDB failed')))
  })
}

/** Whatever belongs to one scope, under the name of another, key included. */
async function moveRecord(from: string, to: string): Promise<void> {
  const database = await request(indexedDB.open('sessionchart'))
  for (const store of ['logins', 'keys']) {
    const records = database.transaction(store, 'readwrite').objectStore(store)
    const record: unknown = await request(records.get(from))
    if (record !== undefined) await request(records.put(record, to))
  }
  database.close()
}

const textOf = (storage: Storage | null): string =>
  Array.from({ length: storage?.length ?? 0 }, (_, index) => storage?.getItem(storage.key(index) ?? '')).join('\n')
