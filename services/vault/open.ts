import type { VaultKind } from '../face.ts'
import type { Platform } from '../browser/platform.ts'
import { createEncryptedCabinet, createWebStorageCabinet } from './cabinet.ts'
import { connectToDatabase } from './database.ts'
import { createMemoryVault } from './memory.ts'
import { createSharedVault } from './shared.ts'
import type { Vault } from './types.ts'
import { SessionError } from '../../machines/errors.ts'

interface VaultPlace {
  readonly kind: VaultKind
  /** What vault, lock and channel are named by. */
  readonly scope: string
}

const tabSessionKey = 'sessionchart.tabSession'

/** One vault for each kind, issuer and client; one for each tab where the contents are the tab's own. */
export function placeOf(kind: VaultKind, authority: string, clientId: string, platform: Platform): VaultPlace {
  const scope = `${kind}|${authority}|${clientId}`
  if (kind === 'memory') return { kind, scope: `${scope}|${platform.randomId()}` }
  if (kind !== 'session' || platform.sessionStorage === null) return { kind, scope }
  // sessionStorage is copied by window.open: the copy then shares the vault, and so the turn and the logout.
  const known = platform.sessionStorage.getItem(tabSessionKey) ?? platform.randomId()
  platform.sessionStorage.setItem(tabSessionKey, known)
  return { kind, scope: `${scope}|${known}` }
}

export function openVault({ kind, scope }: VaultPlace, platform: Platform): Vault {
  if (kind === 'memory') return createMemoryVault()
  const connection = connectToDatabase()
  if (kind === 'encrypted') {
    return createSharedVault({
      connection,
      scope,
      marks: platform.localStorage,
      cabinet: createEncryptedCabinet(connection, scope),
    })
  }
  const storage = kind === 'local' ? platform.localStorage : platform.sessionStorage
  if (storage === null) {
    throw new SessionError(
      'vault_unavailable',
      `This browser gives no ${kind}Storage to the page. Allow this site to store data, or choose vault: 'memory'.`,
    )
  }
  return createSharedVault({ connection, scope, marks: storage, cabinet: createWebStorageCabinet(storage, scope) })
}
