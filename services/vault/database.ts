import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import { SessionError } from '../../machines/errors.ts'
import type { EndMark } from './types.ts'

/** What all tabs agree on about one vault, and what an encrypted vault keeps. `kept` belongs to the cabinet. */
export interface LoginRecord {
  readonly generation: string | null
  readonly revision: number
  readonly end: EndMark | null
  readonly kept: unknown
}

export interface VaultSchema extends DBSchema {
  logins: { key: string; value: LoginRecord }
  /** `revision` counts the writes; absent: 0. */
  notes: { key: string; value: { readonly kept: unknown; readonly revision?: number } }
  keys: { key: string; value: CryptoKey | CryptoKeyPair }
  /** Who has the turn, where there are no Web Locks. */
  turns: { key: string; value: TurnRecord }
}

export interface TurnRecord {
  /** A random id, another one for each turn. */
  readonly holder: string
  /** Epoch ms. */
  readonly expiresAt: number
}

export type VaultDatabase = IDBPDatabase<VaultSchema>

export interface VaultConnection {
  /** Begins to open it, for whoever uses it next. Never rejects. */
  warm(): Promise<void>
  /** Works on the open database; opens it again when the browser closed it meanwhile. */
  use<T>(work: (database: VaultDatabase) => Promise<T>): Promise<T>
  /** For good: whoever uses it afterwards gets `vault_unavailable`. */
  close(): void
}

export type VaultTransaction<TStore extends StoreNames<VaultSchema>> = IDBPTransaction<
  VaultSchema,
  TStore[],
  'readwrite'
>

/** One transaction that changes things: all of it happens, or, when `work` or the browser fails, nothing. */
export async function change<T, TStore extends StoreNames<VaultSchema>>(
  database: VaultDatabase,
  stores: TStore[],
  work: (transaction: VaultTransaction<TStore>) => Promise<T>,
): Promise<T> {
  const transaction = database.transaction(stores, 'readwrite')
  // It rejects as well when a request in it fails: whoever awaits the request hears of it.
  transaction.done.catch(() => {})
  let result: T
  try {
    result = await work(transaction)
  } catch (error) {
    try {
      transaction.abort()
    } catch {
      // The browser has done so already.
    }
    throw error
  }
  await transaction.done
  return result
}

const databaseName = 'sessionchart'
/** Raise it together with a step in `upgrade`; a tab with an older version then lets go, and finds `vault_unavailable`. */
const databaseVersion = 2

export function connectToDatabase(): VaultConnection {
  let opening: Promise<VaultDatabase> | null = null
  let isClosed = false

  const open = (): Promise<VaultDatabase> => {
    if (isClosed) return Promise.reject(unavailable(new Error('this session was disposed')))
    opening ??= begin().catch((error: unknown) => {
      opening = null
      throw unavailable(error)
    })
    return opening
  }
  // Where storage is blocked, asking for it throws at once.
  const begin = async (): Promise<VaultDatabase> =>
    openDB<VaultSchema>(databaseName, databaseVersion, {
      upgrade(database, from) {
        if (from < 1) for (const store of ['logins', 'notes', 'keys'] as const) database.createObjectStore(store)
        if (from < 2) database.createObjectStore('turns')
      },
      // Another tab wants a newer version: holding on would block it.
      blocking: () => letGo(),
      terminated: () => (opening = null),
    })

  const letGo = (): void => {
    const closing = opening
    opening = null
    closing?.then((database) => database.close()).catch(() => {})
  }

  return {
    // Whoever uses it hears why it does not open.
    warm: () =>
      open().then(
        () => {},
        () => {},
      ),
    async use(work) {
      try {
        return await work(await open())
      } catch (error) {
        if (!wasClosed(error)) throw asVaultError(error)
        opening = null
        try {
          return await work(await open())
        } catch (again) {
          throw asVaultError(again)
        }
      }
    },
    close() {
      isClosed = true
      letGo()
    },
  }
}

const wasClosed = (error: unknown): boolean => error instanceof DOMException && error.name === 'InvalidStateError'

function asVaultError(error: unknown): unknown {
  return error instanceof SessionError ? error : unavailable(error)
}

function unavailable(cause: unknown): SessionError {
  const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  return new SessionError(
    'vault_unavailable',
    `The browser's storage (IndexedDB) does not work here: ${why}. Allow this site to store data, leave private mode, or make room.`,
    { cause },
  )
}
