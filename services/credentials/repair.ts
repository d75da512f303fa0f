import { SessionError } from '../../machines/errors.ts'
import type { CompareResult, VaultContent, VaultEntry } from '../vault/types.ts'

/**
 * Reads the vault. What works but makes no sense stays so: then `known`, the very write that should be there, is written anew
 * by `rewrite`, if by the record that write is still the one that counts.
 */
export async function readOrRepair(
  read: () => Promise<VaultContent>,
  known: VaultEntry | null,
  rewrite: (known: VaultEntry) => Promise<CompareResult>,
): Promise<VaultContent> {
  try {
    return await read()
  } catch (error) {
    if (known === null || !(error instanceof SessionError) || error.code !== 'vault_unreadable') throw error
    const result = await rewrite(known)
    return result.outcome === 'done' ? { entry: known, end: null } : result.content
  }
}
