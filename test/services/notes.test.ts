import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createNotebook } from '../../services/credentials/notebook.ts'
import { createMemoryVault } from '../../services/vault/memory.ts'
import { openVault } from '../../services/vault/open.ts'
import { noNotes, type Notes, type Vault } from '../../services/vault/types.ts'
import { createProfile, openTab, type Tab } from '../support/tab.ts'
import { entryOf } from './samples.ts'

let tab: Tab
const open: Vault[] = []

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  tab = openTab({ origin: 'http://127.0.0.1:4999', profile: createProfile() })
})
afterEach(() => {
  for (const vault of open.splice(0)) vault.close()
})

const a = entryOf('a')
const note = (id: string) => (before: Notes) => ({ ...before, pending: [...before.pending, { id, patch: { id } }] })
const idsOf = (notes: Notes | null) => notes?.pending.map(({ id }) => id)

describe.each(['encrypted', 'local', 'session', 'memory'] as const)('the vault "%s"', (kind) => {
  const vaultOf = (): Vault => {
    const vault = openVault({ kind, scope: `${kind}|https://issuer.example|app` }, tab)
    open.push(vault)
    return vault
  }

  test('keeps notes of the person who is signed in, for that person, as long as that lasts', async () => {
    const vault = vaultOf()
    const notes: Notes = {
      subject: 'alice',
      profile: { sub: 'alice', name: 'Alice' },
      metadata: { country: 'PT' },
      saves: 2,
      pending: [{ id: '1', patch: { first_name: 'Al' }, isTried: true }],
    }
    expect(await vault.changeNotes('alice', () => notes)).toBeNull()
    expect(await vault.readNotes()).toBeNull()
    await vault.begin(a)
    expect(await vault.changeNotes('alice', () => notes)).toEqual(notes)
    expect(await vault.readNotes()).toEqual(notes)
    expect(await createNotebook(vault).read('bob')).toEqual(noNotes('bob'))
    expect(await vault.changeNotes('bob', () => ({ ...notes, subject: 'bob' }))).toBeNull()
    expect(await vault.changeNotes('alice', (before) => ({ ...before, saves: before.saves + 1 }))).toEqual({
      ...notes,
      saves: 3,
    })
    await vault.end('a', 'logout')
    expect(await vault.changeNotes('alice', () => notes)).toBeNull()
    expect(await vault.readNotes()).toBeNull()
  })

  test('keeps nothing of one person for another who logs in', async () => {
    const vault = vaultOf()
    await vault.begin(a)
    await vault.changeNotes('alice', (before) => ({ ...before, saves: 7 }))
    await vault.begin(entryOf('b', 1, { subject: 'bob' }))
    expect(await vault.changeNotes('alice', (before) => before)).toBeNull()
    expect(await vault.changeNotes('bob', (before) => before)).toMatchObject({ subject: 'bob', saves: 0 })
  })

  test('P19 loses no change of the notes, however many come at once', async () => {
    const vault = vaultOf()
    await vault.begin(a)
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        vault.changeNotes('alice', (before) => ({
          ...before,
          pending: [...before.pending, { id: String(index), patch: { [`key${index}`]: index } }],
        })),
      ),
    )
    const { pending = [] } = (await vault.readNotes()) ?? {}
    expect(pending.map(({ id }) => Number(id)).toSorted((one, other) => one - other)).toEqual([...Array(12).keys()])
  })
})

describe.each(['encrypted', 'local'] as const)('the vault "%s" of several tabs', (kind) => {
  const vaultOf = (): Vault => {
    const vault = openVault({ kind, scope: `${kind}|https://issuer.example|app` }, tab)
    open.push(vault)
    return vault
  }

  test('P19 what both note at once is there afterwards, and no login comes in between', async () => {
    const tabs = [vaultOf(), vaultOf(), vaultOf()]
    await tabs[0]?.begin(entryOf('a'))
    await Promise.all(
      tabs.flatMap((vault, index) => [1, 2, 3].map((time) => vault.changeNotes('alice', note(`${index}.${time}`)))),
    )
    expect((await tabs[1]?.readNotes())?.pending).toHaveLength(9)
    await tabs[2]?.begin(entryOf('b', 1, { subject: 'bob' }))
    expect(await tabs[0]?.changeNotes('alice', note('late'))).toBeNull()
    expect(await createNotebook(vaultOf()).read('bob')).toEqual(noNotes('bob'))
  })
})

describe('the notebook of a tab', () => {
  async function begun() {
    const vault = createMemoryVault()
    await vault.begin(a)
    let isBroken = false
    const fitful: Pick<Vault, 'readNotes' | 'changeNotes'> = {
      readNotes: () => (isBroken ? Promise.reject(new Error('broken')) : vault.readNotes()),
      changeNotes: (subject, changed) =>
        isBroken ? Promise.reject(new Error('broken')) : vault.changeNotes(subject, changed),
    }
    return { vault, notebook: createNotebook(fitful), breaks: (broken: boolean) => (isBroken = broken) }
  }

  test('P19 keeps in the page what the vault does not take, and writes it with the next change, in order', async () => {
    const { vault, notebook, breaks } = await begun()
    await notebook.change('alice', note('1'))
    breaks(true)
    expect(idsOf(await notebook.change('alice', note('2')))).toEqual(['1', '2'])
    expect(idsOf(await notebook.read('alice'))).toEqual(['1', '2'])
    breaks(false)
    expect(idsOf(await vault.readNotes())).toEqual(['1'])
    expect(idsOf(await notebook.change('alice', note('3')))).toEqual(['1', '2', '3'])
    expect(idsOf(await vault.readNotes())).toEqual(['1', '2', '3'])
  })

  test('P19 adds to what another tab wrote meanwhile', async () => {
    const { vault, notebook } = await begun()
    await notebook.change('alice', note('1'))
    await vault.changeNotes('alice', note('other'))
    expect(idsOf(await notebook.change('alice', note('2')))).toEqual(['1', 'other', '2'])
  })

  test('shows a change from the moment of asking for it', async () => {
    const { notebook } = await begun()
    const writing = notebook.change('alice', note('1'))
    const reading = notebook.read('alice')
    expect(idsOf(await reading)).toEqual(['1'])
    await writing
  })

  test('tells nothing of one person to another, and forgets when it is told to', async () => {
    const { notebook, breaks } = await begun()
    await notebook.change('alice', note('1'))
    breaks(true)
    await notebook.change('alice', note('2'))
    expect(idsOf(await notebook.read('bob'))).toEqual([])
    notebook.forget()
    expect(idsOf(await notebook.read('alice'))).toEqual([])
  })
})
