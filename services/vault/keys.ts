import { SessionError } from '../../machines/errors.ts'
import { change, type VaultConnection } from './database.ts'

const algorithm = { name: 'AES-GCM', length: 256 } as const

/** Where the key of a vault lies. */
export interface KeyPlace {
  /** `null`: there is none yet. */
  find(): Promise<CryptoKey | null>
  /** The key that all who ask for one find from then on. */
  make(): Promise<CryptoKey>
}

/** A key that no script can read out, in the database: of all tabs. */
export function keyInDatabase(connection: VaultConnection, scope: string): KeyPlace {
  return {
    async find() {
      subtleCrypto()
      const found: unknown = await connection.use((database) => database.get('keys', scope))
      return isKey(found) ? found : null
    },
    async make() {
      const fresh = await subtleCrypto().generateKey(algorithm, false, ['encrypt', 'decrypt'])
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
    },
  }
}

/**
 * A key in sessionStorage: it goes when the tab closes, and is copied to the windows that this one opens. It is there as soon
 * as the tab's session has its name, so that no copy has the one without the other.
 */
export function keyInSession(storage: Storage, scope: string): KeyPlace {
  const name = `sessionchart.key.${scope}`
  const found = bytesOf(storage.getItem(name))
  const bytes = found ?? crypto.getRandomValues(new Uint8Array(algorithm.length / 8))
  if (found === null) storage.setItem(name, btoa(String.fromCharCode(...bytes)))
  const make = async () => subtleCrypto().importKey('raw', bytes, algorithm, false, ['encrypt', 'decrypt'])
  return { find: make, make }
}

function subtleCrypto(): SubtleCrypto {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle
  if (subtle !== undefined) return subtle
  throw new SessionError(
    'vault_unavailable',
    'This page has no access to the Web Crypto API, which this vault needs: serve it over https or from localhost.',
  )
}

/** Anything may lie in a database; with what is no key of ours, nothing could ever be written again. */
function isKey(found: unknown): found is CryptoKey {
  return (
    found instanceof CryptoKey &&
    found.algorithm.name === algorithm.name &&
    found.usages.includes('encrypt') &&
    found.usages.includes('decrypt')
  )
}

function bytesOf(text: string | null): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.from(atob(text ?? ''), (letter) => letter.charCodeAt(0))
    return bytes.length === algorithm.length / 8 ? bytes : null
  } catch {
    return null
  }
}
