import { SessionError } from '../../machines/errors.ts'
import type { VaultConnection } from './database.ts'
import type { Stamp } from './types.ts'

/** Where the contents of a vault lie. The database says which write is the valid one; the cabinet holds it. */
export interface Cabinet {
  /**
   * Readies a value for keeping. The result is called within a transaction, hence synchronous; what it returns goes into the
   * database record.
   */
  prepare(drawer: Drawer, value: unknown, stamp: Stamp): Promise<() => unknown>
  /** The value of that write. Rejects with `vault_unreadable`. */
  load(drawer: Drawer, kept: unknown, stamp: Stamp): Promise<unknown>
  /** Removes what lies outside of the database record. */
  clear(): void
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
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const data = await crypto.subtle.encrypt(
        parameters(iv, drawer),
        await key(),
        new TextEncoder().encode(JSON.stringify(value)),
      )
      const sealed: Sealed = { iv, data }
      return () => sealed
    },
    async load(drawer, kept) {
      if (!isSealed(kept)) throw unreadable('it has another form')
      const opener = await key()
      try {
        const text = await crypto.subtle.decrypt(parameters(kept.iv, drawer), opener, kept.data)
        return JSON.parse(new TextDecoder().decode(text)) as unknown
      } catch (cause) {
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
  const fresh = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  return connection.use(async (database) => {
    const transaction = database.transaction('keys', 'readwrite')
    // The first tab's key is everyone's.
    const existing = await transaction.store.get(scope)
    if (existing === undefined) await transaction.store.put(fresh, scope)
    await transaction.done
    return existing ?? fresh
  })
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

  return {
    prepare: (drawer, value, stamp) => {
      const text = JSON.stringify({ ...stamp, value } satisfies StoredText)
      return Promise.resolve(() => {
        storage.setItem(keyOf(drawer), text)
        return true
      })
    },
    async load(drawer, _kept, stamp) {
      for (let time = 0; time < lookAgain.times; time += 1) {
        const stored = parse(storage.getItem(keyOf(drawer)))
        if (stored?.generation === stamp.generation && stored.revision === stamp.revision) return stored.value
        await new Promise((resolve) => setTimeout(resolve, lookAgain.pause))
      }
      throw unreadable('it is missing or was changed')
    },
    clear: () => {
      storage.removeItem(keyOf('login'))
      storage.removeItem(keyOf('notes'))
    },
  }
}

function parse(text: string | null): StoredText | null {
  if (text === null) return null
  try {
    return JSON.parse(text) as StoredText
  } catch {
    return null
  }
}

function unreadable(why: string, cause?: unknown): SessionError {
  return new SessionError(
    'vault_unreadable',
    `The stored session cannot be read: ${why}. It was put aside; a new login replaces it.`,
    { cause },
  )
}
