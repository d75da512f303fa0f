import { SessionError } from '../../machines/errors.ts'
import { change, type VaultConnection } from './database.ts'
import type { Stamp } from './types.ts'

/** Where the contents of a vault lie. The database says which write is the valid one; the cabinet holds it. */
export interface Cabinet {
  /** Readies a value for keeping. */
  prepare(drawer: Drawer, value: unknown, stamp: Stamp): Promise<Placement>
  /** The value of that write. Rejects with `vault_unreadable`, or with `vault_unavailable`. */
  load(drawer: Drawer, kept: unknown, stamp: Stamp): Promise<unknown>
  /** Removes what lies outside of the database record, of this login or, without a generation, of any. Never throws. */
  clear(generation: string | null): void
}

/** Called within a transaction, hence synchronous. */
export interface Placement {
  /** Puts the value into its place; what it returns goes into the database record. */
  put(): unknown
  /** The transaction failed: what lay there before lies there again. Never throws. */
  takeBack(): void
}

export type Drawer = 'login' | 'notes'

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

/**
 * AES-GCM under a key that no script can read out (`extractable: false`), kept in the database. The scope (kind, issuer and
 * client) is authenticated with every entry, so that an entry cannot be moved to another one.
 */
export function createEncryptedCabinet(connection: VaultConnection, scope: string): Cabinet {
  let known: Promise<CryptoKey> | null = null

  const key = (): Promise<CryptoKey> => {
    known ??= loadKey(connection, scope).catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
  const parameters = (iv: Uint8Array<ArrayBuffer>, drawer: Drawer): AesGcmParams => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(`${scope}|${drawer}`),
  })

  return {
    async prepare(drawer, value) {
      // The database may have been emptied, key and all, while this page was open: what is written must be readable later.
      known = null
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const data = await crypto.subtle.encrypt(
        parameters(iv, drawer),
        await key(),
        new TextEncoder().encode(JSON.stringify(value)),
      )
      const sealed: Sealed = { iv, data }
      return { put: () => sealed, takeBack: () => {} }
    },
    async load(drawer, kept) {
      if (!isSealed(kept)) throw unreadable('it has another form')
      const opener = await key()
      try {
        const text = await crypto.subtle.decrypt(parameters(kept.iv, drawer), opener, kept.data)
        return JSON.parse(new TextDecoder().decode(text)) as unknown
      } catch (cause) {
        known = null
        throw unreadable('it was changed, or its key is lost', cause)
      }
    },
    clear: () => {},
  }
}

async function loadKey(connection: VaultConnection, scope: string): Promise<CryptoKey> {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle
  if (subtle === undefined) {
    throw new SessionError(
      'vault_unavailable',
      'This page has no access to the Web Crypto API, which the encrypted vault needs: serve it over https or from localhost.',
    )
  }
  const found: unknown = await connection.use((database) => database.get('keys', scope))
  if (isKey(found)) return found
  const fresh = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  return connection.use((database) =>
    change(database, ['keys'], async (transaction) => {
      const keys = transaction.objectStore('keys')
      // The first tab's key is everyone's.
      const existing: unknown = await keys.get(scope)
      if (isKey(existing)) return existing
      await keys.put(fresh, scope)
      return fresh
    }),
  )
}

/** Anything may lie in a database; with what is no key of ours, nothing could ever be written again. */
function isKey(found: unknown): found is CryptoKey {
  return (
    found instanceof CryptoKey &&
    found.algorithm.name === 'AES-GCM' &&
    found.usages.includes('encrypt') &&
    found.usages.includes('decrypt')
  )
}

function isSealed(kept: unknown): kept is Sealed {
  return typeof kept === 'object' && kept !== null && 'iv' in kept && 'data' in kept
}

interface StoredText extends Stamp {
  readonly value: unknown
}

/** How often, and how many ms apart, a value that is not there yet is looked for: localStorage is late between tabs (design, P10). */
const lookAgain = { times: 10, pause: 20 }

/** Readable in localStorage or sessionStorage; for debugging, and where the app accepts that every script on the page can read it. */
export function createWebStorageCabinet(storage: Storage, scope: string): Cabinet {
  const keyOf = (drawer: Drawer): string => `sessionchart.${drawer}.${scope}`
  const read = (drawer: Drawer): string | null => {
    try {
      return storage.getItem(keyOf(drawer))
    } catch (cause) {
      throw new SessionError('vault_unavailable', 'The storage of this page does not let itself be read just now.', {
        cause,
      })
    }
  }

  return {
    prepare(drawer, value, stamp) {
      const text = JSON.stringify({ ...stamp, value } satisfies StoredText)
      let before: string | null = null
      return Promise.resolve({
        put() {
          before = read(drawer)
          storage.setItem(keyOf(drawer), text)
          return true
        },
        takeBack() {
          try {
            if (storage.getItem(keyOf(drawer)) !== text) return
            if (before === null) storage.removeItem(keyOf(drawer))
            else storage.setItem(keyOf(drawer), before)
          } catch {
            // What failed is told already; the record does not name this write.
          }
        },
      })
    },
    async load(drawer, _kept, stamp) {
      for (let time = 0; time < lookAgain.times; time += 1) {
        const stored = parse(read(drawer))
        if (stored?.generation === stamp.generation && stored.revision === stamp.revision) return stored.value
        await new Promise((resolve) => setTimeout(resolve, lookAgain.pause))
      }
      throw unreadable('it is missing or was changed')
    },
    clear(generation) {
      try {
        const stored = parse(storage.getItem(keyOf('login')))
        if (generation !== null && stored !== null && stored.generation !== generation) return
        storage.removeItem(keyOf('login'))
        storage.removeItem(keyOf('notes'))
      } catch {
        // A storage that can be read no more gives nothing away either.
      }
    },
  }
}

function parse(text: string | null): StoredText | null {
  if (text === null) return null
  try {
    return JSON.parse(text) as StoredText | null
  } catch {
    return null
  }
}

export function unreadable(why: string, cause?: unknown): SessionError {
  return new SessionError(
    'vault_unreadable',
    `The stored session cannot be read: ${why}. It was put aside; a new login replaces it.`,
    { cause },
  )
}
