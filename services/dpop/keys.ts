import { SessionError } from '../../machines/errors.ts'
import { change, connectToDatabase } from '../vault/database.ts'
import { isKeyPair, makeKeyPair, readKey, type ProofKey } from './proof.ts'

/** The one key of a vault, which all its tabs share. */
export interface ProofKeys {
  /** For requests with an access token: the key as it was last seen. */
  known(): Promise<ProofKey>
  /**
   * The key as all tabs have it now. Where the browser's storage fails, the one that this page knows; where it knows none,
   * a login makes one for this page (`mayLiveInPage`), and everything else rejects with `vault_unavailable`: tokens that are
   * bound to the stored key must not be spent with another.
   */
  load(mayLiveInPage: boolean): Promise<ProofKey>
  /** Is the loaded key still there when this page was left and came back? */
  outlivesPage(): boolean
}

/** `name`: of the key in the database; `null`: it lives in this page's memory. */
export function openProofKeys(name: string | null): ProofKeys {
  let known: ProofKey | null = null
  let isStored = false
  /** One for this page, whoever asks first, until another tab's turns out to be everyone's. */
  let made: Promise<ProofKey> | null = null
  const make = (): Promise<ProofKey> => (made ??= makeKeyPair().then(readKey))

  const load = async (mayLiveInPage: boolean): Promise<ProofKey> => {
    assertCrypto()
    if (name === null) return (known = await make())
    try {
      known = await readKey(await storedPair(name, async () => (known ?? (await make())).pair))
      isStored = true
    } catch (error) {
      isStored = false
      if (known === null && !mayLiveInPage) throw error
      known ??= await make()
    }
    return known
  }

  return {
    known: async () => known ?? load(false),
    load,
    outlivesPage: () => isStored,
  }
}

/**
 * The first tab's key is everyone's. One that is missing is put back by whoever knows it: a page that goes on must not
 * lose its session to a database that was emptied.
 */
async function storedPair(name: string, own: () => Promise<CryptoKeyPair>): Promise<CryptoKeyPair> {
  // Opened for the moment: a key is read once for each page and renewal, and nothing is left to close.
  const connection = connectToDatabase()
  try {
    const found: unknown = await connection.use((database) => database.get('keys', name))
    if (isKeyPair(found)) return found
    // Made before the transaction: one ends as soon as it is left alone.
    const mine = await own()
    return await connection.use((database) =>
      change(database, ['keys'], async (transaction) => {
        const keys = transaction.objectStore('keys')
        const existing: unknown = await keys.get(name)
        if (isKeyPair(existing)) return existing
        await keys.put(mine, name)
        return mine
      }),
    )
  } finally {
    connection.close()
  }
}

function assertCrypto(): void {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle
  if (subtle !== undefined) return
  throw new SessionError(
    'login_failed',
    'This page cannot prove that its tokens are its own (DPoP): browsers give what it takes (Web Crypto) to https and localhost only.',
  )
}
