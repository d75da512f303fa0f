import { SessionError } from '../../machines/errors.ts'
import type { Platform } from '../browser/platform.ts'
import type { CredentialStore } from '../face.ts'
import { unreadable, type Cabinet } from './cabinet.ts'
import { change, type VaultConnection } from './database.ts'

/** How long the app's own store may take for one thing, ms; the charts wait longer for a vault. */
const patience = 2_000

/** What was put into the app's store, and the login for which. */
interface Item {
  readonly key: string
  readonly generation: string
}

interface OwnCabinetParts {
  readonly store: CredentialStore
  readonly connection: VaultConnection
  readonly scope: string
  readonly platform: Pick<Platform, 'timers' | 'randomId'>
}

/**
 * Contents in a store that the app brings, which knows no transactions: each write is an item of its own, put there before the
 * transaction that makes it the valid one, and removed when no record names it any more. All items are listed in the
 * database, so that what a page wrote that was killed in between goes with its login.
 */
export function createOwnCabinet({ store, connection, scope, platform }: OwnCabinetParts): Cabinet {
  const listName = `${scope}|items`

  const changeList = (next: (items: readonly Item[]) => readonly Item[]): Promise<void> =>
    connection.use((database) =>
      change(database, ['notes'], async (transaction) => {
        const lists = transaction.objectStore('notes')
        await lists.put({ kept: next(itemsOf(await lists.get(listName))) }, listName)
      }),
    )
  const inTime = async <T>(work: () => T): Promise<Awaited<T>> => {
    let timer: unknown
    const late = new Promise<never>((_, reject) => {
      timer = platform.timers.setTimeout(() => reject(refusal('it did not answer in time')), patience)
    })
    try {
      return await Promise.race([late, Promise.resolve().then(work).catch(refuse)])
    } finally {
      platform.timers.clearTimeout(timer)
    }
  }
  /** What cannot be removed now stays in the list, and is tried again when its login ends. */
  const remove = async (items: readonly Item[]): Promise<void> => {
    const removed = new Set<string>()
    const one = async ({ key }: Item): Promise<void> => {
      await inTime(() => store.removeItem(key))
      removed.add(key)
    }
    await Promise.allSettled(items.map(one))
    if (removed.size > 0) await changeList((all) => all.filter(({ key }) => !removed.has(key))).catch(() => {})
  }

  return {
    async prepare(drawer, value, { generation }) {
      const item: Item = { key: `sessionchart.${platform.randomId()}`, generation }
      const text = JSON.stringify({ scope, drawer, value } satisfies Content)
      await changeList((items) => [...items, item])
      let hasSettled = false
      const write = async (): Promise<void> => {
        try {
          await store.setItem(item.key, text)
        } finally {
          hasSettled = true
        }
      }
      try {
        await inTime(write)
      } catch (error) {
        // One that hangs may still come to pass: it stays in the list.
        if (hasSettled) await remove([item])
        throw error
      }
      return { put: () => item, takeBack: () => remove([item]) }
    },

    async load(drawer, kept) {
      if (!isItem(kept)) throw unreadable('it has another form')
      const text: unknown = await inTime(() => store.getItem(kept.key))
      const content = typeof text === 'string' ? parse(text) : null
      if (content?.scope !== scope || content.drawer !== drawer) throw unreadable('it is missing or was changed')
      return content.value
    },

    clear: () => {},

    async release(kept, generations) {
      const listed = await connection.use((database) => database.get('notes', listName)).catch(() => undefined)
      const keys = new Set(kept.filter(isItem).map(({ key }) => key))
      // Of what is listed here: a record may name what belongs to another client.
      await remove(itemsOf(listed).filter(({ key, generation }) => keys.has(key) || generations.includes(generation)))
    },
  }
}

interface Content {
  readonly scope: string
  readonly drawer: string
  readonly value: unknown
}

function parse(text: string): Partial<Content> | null {
  try {
    return JSON.parse(text) as Partial<Content> | null
  } catch {
    return null
  }
}

const isItem = (kept: unknown): kept is Item =>
  typeof kept === 'object' && kept !== null && 'key' in kept && typeof kept.key === 'string'

const itemsOf = (row: { readonly kept: unknown } | undefined): readonly Item[] =>
  Array.isArray(row?.kept) ? row.kept.filter(isItem) : []

/** The store's own error is not handed on: it may quote what was to be kept. */
function refuse(error: unknown): never {
  throw refusal(error instanceof Error ? `it failed with ${error.name}` : 'it failed')
}

function refusal(why: string): SessionError {
  return new SessionError('vault_unavailable', `The vault that this app brings cannot be used just now: ${why}.`)
}
