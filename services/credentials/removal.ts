import type { Ended, VaultEntry } from '../vault/types.ts'

/** What ends have removed, for revocation and for the provider's logout page, until it is forgotten. */
export interface Removal {
  /** `known`: what this tab held, which counts until the vault has said what it removed; it may never. */
  begin(known: VaultEntry | null): (ended: Ended) => void
  entry(): VaultEntry | null
  forget(): void
}

export function createRemoval(): Removal {
  let last: { entry: VaultEntry | null } | null = null
  return {
    begin(known) {
      // A logout in the middle of another end finds nothing any more.
      const mine = (last = { entry: known ?? last?.entry ?? null })
      return ({ removed, isReplaced }) => {
        // Another login by now stays, at the provider too: some share a grant among logins, and would end both.
        mine.entry = isReplaced ? null : (laterOf(known, removed) ?? mine.entry)
      }
    },
    entry: () => last?.entry ?? null,
    forget: () => {
      last = null
    },
  }
}

/** Another tab may have renewed what is known here; or the last renewal could not be written. */
function laterOf(known: VaultEntry | null, found: VaultEntry | null): VaultEntry | null {
  if (known === null || found === null) return found ?? known
  const isLater = known.facts.generation === found.facts.generation && known.facts.revision > found.facts.revision
  return isLater ? known : found
}
