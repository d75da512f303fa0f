import { SessionError } from '../../machines/errors.ts'
import type { KeyPlace } from './keys.ts'
import type { Stamp } from './types.ts'

/** Where the contents of a vault lie. The database says which write is the valid one; the cabinet holds it. */
export interface Cabinet {
  /** Begins to fetch what `load` needs. Never throws. */
  ready?(): void
  /** Readies a value for keeping. */
  prepare(drawer: Drawer, value: unknown, stamp: Stamp): Promise<Placement>
  /** The value of that write. Rejects with `vault_unreadable`, or with `vault_unavailable`. */
  load(drawer: Drawer, kept: unknown, stamp: Stamp): Promise<unknown>
  /** Removes what lies outside of the database record, of this login or, without a generation, of any. Never throws. */
  clear(generation: string | null): void
  /** No record names these any more, nor anything else that was written for these logins. Never rejects. */
  release?(kept: readonly unknown[], generations: readonly string[]): Promise<void>
}

/** Called within a transaction, hence synchronous. */
export interface Placement {
  /** Puts the value into its place; what it returns goes into the database record. */
  put(): unknown
  /** The transaction failed, or had no place for it: what lay there before lies there again. Never fails. */
  takeBack(): void | Promise<void>
}

export type Drawer = 'login' | 'notes'

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

/**
 * AES-GCM; what is sealed goes into the database record. The scope (kind, issuer and client) is authenticated with every
 * entry, so that an entry cannot be moved to another one.
 */
export function createEncryptedCabinet(scope: string, place: KeyPlace): Cabinet {
  let known: Promise<CryptoKey | null> | null = null

  const keep = (loading: Promise<CryptoKey | null>): Promise<CryptoKey | null> => {
    known = loading
    loading.catch(() => {
      if (known === loading) known = null
    })
    return loading
  }
  const find = (): Promise<CryptoKey | null> => known ?? keep(place.find())
  const key = async (): Promise<CryptoKey> => {
    const found = await find()
    if (found !== null) return found
    const made = place.make()
    void keep(made)
    return made
  }
  const parameters = (iv: Uint8Array<ArrayBuffer>, drawer: Drawer): AesGcmParams => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(`${scope}|${drawer}`),
  })

  return {
    ready: () => void find().catch(() => {}),

    async prepare(drawer, value) {
      // Storage may have been emptied, key and all, while this page was open: what is written must be readable later.
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

function isSealed(kept: unknown): kept is Sealed {
  return typeof kept === 'object' && kept !== null && 'iv' in kept && 'data' in kept
}

interface StoredText extends Stamp {
  readonly value: unknown
}

/** How often, and how many ms apart, a value that is not there yet is looked for: localStorage is late between tabs (design, P10). */
const lookAgain = { times: 10, pause: 20 }

/** Readable in localStorage; for debugging, and where the app accepts that every script on the page can read it. */
export function createWebStorageCabinet(storage: Storage, scope: string): Cabinet {
  const keyOf = (drawer: Drawer): string => `sessionchart.${drawer}.${scope}`

  return {
    prepare(drawer, value, stamp) {
      const text = JSON.stringify({ ...stamp, value } satisfies StoredText)
      let before: string | null = null
      let isPut = false
      return Promise.resolve({
        put() {
          before = read(storage, keyOf(drawer))
          isPut = true
          storage.setItem(keyOf(drawer), text)
          return true
        },
        takeBack() {
          try {
            if (!isPut || storage.getItem(keyOf(drawer)) !== text) return
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
        const stored = parse(read(storage, keyOf(drawer)))
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

/** One that does not let itself be read is not an empty one. */
function read(storage: Storage, name: string): string | null {
  try {
    return storage.getItem(name)
  } catch (cause) {
    throw new SessionError('vault_unavailable', 'The storage of this page does not let itself be read just now.', {
      cause,
    })
  }
}
