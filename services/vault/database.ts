import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
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
  notes: { key: string; value: { readonly kept: unknown } }
  keys: { key: string; value: CryptoKey }
}

export type VaultDatabase = IDBPDatabase<VaultSchema>

export interface VaultConnection {
  /** Works on the open database; opens it again when the browser closed it meanwhile. */
  use<T>(work: (database: VaultDatabase) => Promise<T>): Promise<T>
  close(): void
}

const databaseName = 'sessionchart'
/** Raise it together with a step in `upgrade`; a tab with an older version then lets go, and finds `vault_unavailable`. */
const databaseVersion = 1

export function connectToDatabase(): VaultConnection {
  let opening: Promise<VaultDatabase> | null = null

  const open = (): Promise<VaultDatabase> => {
    opening ??= openDB<VaultSchema>(databaseName, databaseVersion, {
      upgrade(database) {
        database.createObjectStore('logins')
        database.createObjectStore('notes')
        database.createObjectStore('keys')
      },
      // Another tab wants a newer version: holding on would block it.
      blocking: () => close(),
      terminated: () => (opening = null),
    }).catch((error: unknown) => {
      opening = null
      throw unavailable(error)
    })
    return opening
  }

  const close = (): void => {
    const closing = opening
    opening = null
    closing?.then((database) => database.close()).catch(() => {})
  }

  return {
    async use(work) {
      try {
        return await work(await open())
      } catch (error) {
        if (!isClosed(error)) throw asVaultError(error)
        opening = null
        try {
          return await work(await open())
        } catch (again) {
          throw asVaultError(again)
        }
      }
    },
    close,
  }
}

const isClosed = (error: unknown): boolean => error instanceof DOMException && error.name === 'InvalidStateError'

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
