import type { Clock } from '../../machines/facts.ts'
import type { VaultContent } from '../vault/types.ts'

/** ms; less than any tab waits for an answer before it takes the turn of one that is silent (services/browser/turns.ts). */
const longest = 3_000

/**
 * What the vault holds, for a tab that has the turn. Where the tab was held up between asking and hearing (frozen, hung), another
 * one may have overruled it and renewed: then what it heard is old, and it asks again.
 */
export async function readFresh(
  read: () => Promise<VaultContent>,
  clock: Clock,
  signal: AbortSignal,
): Promise<VaultContent> {
  for (;;) {
    const askedAt = clock.now()
    const content = await read()
    if (Math.abs(clock.now() - askedAt) < longest || signal.aborted) return content
  }
}
