import { SessionError } from '../../machines/errors.ts'
import { createMemoryVault } from './memory.ts'
import type { Vault } from './types.ts'

/**
 * A vault whose logins live in this page's memory while the browser gives no storage (private mode, blocked, full): people
 * can still log in, and are told. Every new login tries the real vault first.
 */
export function withMemoryBehind(vault: Vault): Vault {
  let memory: Vault | null = null
  const present = (): Vault => memory ?? vault

  return {
    warm: async () => vault.warm?.(),
    read: () => present().read(),
    async begin(entry, isWanted) {
      try {
        await vault.begin(entry, isWanted)
        memory = null
        return null
      } catch (error) {
        if (!(error instanceof SessionError) || error.code !== 'vault_unavailable') throw error
        memory = createMemoryVault()
        await memory.begin(entry)
        return new SessionError('vault_unavailable', `You are signed in until this page closes. ${error.message}`, {
          cause: error,
        })
      }
    },
    replace: (expected, entry) => present().replace(expected, entry),
    reject: (expected, reason) => present().reject(expected, reason),
    async end(generation, reason) {
      if (memory === null) return vault.end(generation, reason)
      // Someone else's login may lie in the vault that did not open; the present one had taken its place.
      const elsewhere = reason === 'logout' ? vault.end(null, reason).catch(() => {}) : null
      const ended = await memory.end(generation, reason)
      await elsewhere
      return ended
    },
    markOn: (generation) => present().markOn(generation),
    putAside: () => present().putAside(),
    readNotes: () => present().readNotes(),
    changeNotes: (subject, changed) => present().changeNotes(subject, changed),
    close: () => vault.close(),
  }
}

/** Stands in for a vault that cannot even be opened. */
export function createUnavailableVault(message: string): Vault {
  const refuse = (): Promise<never> => Promise.reject(new SessionError('vault_unavailable', message))
  return {
    read: refuse,
    begin: refuse,
    replace: refuse,
    reject: refuse,
    end: refuse,
    markOn: () => null,
    putAside: refuse,
    readNotes: refuse,
    changeNotes: refuse,
    close: () => {},
  }
}
