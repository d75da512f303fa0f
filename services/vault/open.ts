import type { Platform } from '../browser/platform.ts'
import { createQueue } from '../browser/queue.ts'
import type { TurnLocks } from '../browser/turns.ts'
import type { CredentialStore } from '../face.ts'
import type { Settings } from '../options.ts'
import { createEncryptedCabinet, createWebStorageCabinet } from './cabinet.ts'
import { connectToDatabase } from './database.ts'
import { createDatabaseLocks } from './database-locks.ts'
import { createUnavailableVault, withMemoryBehind } from './fallback.ts'
import { keyInDatabase, keyInSession } from './keys.ts'
import { createMemoryVault } from './memory.ts'
import { createOwnCabinet } from './own.ts'
import { createSharedVault } from './shared.ts'
import type { Vault } from './types.ts'

export interface VaultPlace {
  readonly kind: Settings['vault']
  readonly store: CredentialStore | null
  /** What vault, lock and channel are named by. */
  readonly scope: string
  /** Of the DPoP key in the database; `null`: it goes with the page. */
  readonly proofKey: string | null
}

const tabSessionKey = 'sessionchart.tabSession'

/**
 * One vault for each kind, issuer and client; one for each tab where the contents are the tab's own. DPoP has vaults of its
 * own: a tab that is still without it could neither use nor renew what it found, and would end the session of all.
 */
export function placeOf(
  {
    vault: kind,
    store,
    authority,
    clientId,
    dpop,
  }: Pick<Settings, 'vault' | 'store' | 'authority' | 'clientId' | 'dpop'>,
  platform: Platform,
): VaultPlace {
  const scope = `${kind}|${authority}|${clientId}${dpop ? '|dpop' : ''}`
  if (kind === 'memory') return { kind, store, scope: `${scope}|${platform.randomId()}`, proofKey: null }
  // Of all tabs also where each has a session of its own: one key stays behind, not one for each tab that ever was.
  const proofKey = `proof|${scope}`
  if (kind !== 'session') return { kind, store, scope, proofKey }
  // sessionStorage is copied by window.open: the copy then shares the vault with all that is in it, the turn and the logout.
  const known = tabSessionOf(platform.sessionStorage) ?? platform.randomId()
  try {
    platform.sessionStorage?.setItem(tabSessionKey, known)
  } catch {
    // A storage that takes nothing: the vault finds out.
  }
  return { kind, store, scope: `${scope}|${known}`, proofKey }
}

function tabSessionOf(storage: Storage | null): string | null {
  try {
    return storage?.getItem(tabSessionKey) ?? null
  } catch {
    return null
  }
}

/** Never throws: where the browser gives no storage, the vault says so when it is used. */
export function openVault(
  { kind, scope, store = null }: Pick<VaultPlace, 'kind' | 'scope'> & Partial<VaultPlace>,
  platform: Platform,
): Vault {
  if (kind === 'memory') return createMemoryVault()
  const connection = connectToDatabase()
  if (kind === 'encrypted' || kind === 'own') {
    const cabinet =
      store === null
        ? createEncryptedCabinet(scope, keyInDatabase(connection, scope))
        : createOwnCabinet({ store, connection, scope, platform })
    return withMemoryBehind(createSharedVault({ connection, scope, marks: platform.localStorage, cabinet }))
  }
  const storage = kind === 'local' ? platform.localStorage : platform.sessionStorage
  if (storage === null || !takesWrites(storage)) {
    return withMemoryBehind(
      createUnavailableVault(
        `This browser gives no ${kind}Storage to the page. Allow this site to store data, or log in each time.`,
      ),
    )
  }
  const cabinet =
    kind === 'local'
      ? createWebStorageCabinet(storage, scope)
      : createEncryptedCabinet(scope, keyInSession(storage, scope))
  return withMemoryBehind(createSharedVault({ connection, scope, marks: platform.localStorage ?? storage, cabinet }))
}

/** What tabs of this vault take turns by. */
export function locksFor(
  { kind }: Pick<VaultPlace, 'kind'>,
  platform: Platform,
): { readonly locks: TurnLocks; close(): void } {
  if (platform.locks !== null) return { locks: platform.locks, close: () => {} }
  // No other tab knows of what this one has in its memory.
  if (kind === 'memory') return { locks: createQueue(), close: () => {} }
  const connection = connectToDatabase()
  return { locks: createDatabaseLocks(connection, platform), close: () => connection.close() }
}

/** Some browsers give a storage in private mode that takes nothing: people are told before they log in, not after. */
function takesWrites(storage: Storage): boolean {
  const probe = 'sessionchart.probe'
  try {
    storage.setItem(probe, '')
    storage.removeItem(probe)
    return true
  } catch {
    return false
  }
}
