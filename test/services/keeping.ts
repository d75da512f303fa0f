import type { Clock } from '../../machines/facts.ts'
import type { SiblingMessage } from '../../services/browser/siblings.ts'
import type { TokenAnswer } from '../../services/credentials/facts.ts'
import { createKeeper } from '../../services/credentials/keeper.ts'
import type { Keeper, NewLogin, VaultNews } from '../../services/credentials/types.ts'
import { createMemoryVault } from '../../services/vault/memory.ts'
import type { Vault } from '../../services/vault/types.ts'
import { clockAt } from './samples.ts'

/** A vault in which one kind of work waits, or fails, as the test says. */
function createFitfulVault() {
  const vault = createMemoryVault()
  const gates = new Map<keyof Vault, Promise<void>>()
  const failing = new Set<keyof Vault>()
  const through = <T>(name: keyof Vault, work: () => Promise<T>): Promise<T> =>
    (gates.get(name) ?? Promise.resolve()).then(() =>
      failing.has(name) ? Promise.reject(new Error(`${name} failed`)) : work(),
    )
  const fitful: Vault = {
    ...vault,
    // What was asked for before is answered as it was then.
    read: () => {
      const answered = vault.read()
      return through('read', () => answered)
    },
    begin: (entry) => through('begin', () => vault.begin(entry)),
    writeNotes: (notes) => through('writeNotes', () => vault.writeNotes(notes)),
    reject: (expected, reason) => through('reject', () => vault.reject(expected, reason)),
    replace: (expected, entry) => through('replace', () => vault.replace(expected, entry)),
  }
  return {
    vault: fitful,
    failing,
    /** Holds this work back; returns how to let it go on. */
    hold(name: keyof Vault): () => void {
      let open = (): void => {}
      gates.set(name, new Promise((resolve) => (open = resolve)))
      return () => {
        gates.delete(name)
        open()
      }
    },
  }
}

export const login = (subject = 'alice'): NewLogin => ({
  answer: { accessToken: `access of ${subject}`, tokenType: 'Bearer', refreshToken: 'r1', expiresIn: 300 },
  subject,
  scope: 'openid',
  ceilingAt: undefined,
  profile: null,
})
export const answer: TokenAnswer = { accessToken: 'new', tokenType: 'Bearer', refreshToken: 'r2', expiresIn: 300 }
export const stay = new AbortController().signal

/** What the keepers of one test share. */
export interface Keeping {
  readonly kept: ReturnType<typeof createFitfulVault>
  readonly announced: SiblingMessage[]
  keeperOf(tab?: string, clock?: Clock): Keeper
  close(): void
}

export function startKeeping(): Keeping {
  const kept = createFitfulVault()
  const announced: SiblingMessage[] = []
  const keepers: Keeper[] = []
  return {
    kept,
    announced,
    keeperOf(tab = 'tab', clock = clockAt(0)) {
      const keeper = createKeeper({
        vault: kept.vault,
        siblings: {
          isReachable: true,
          announce: (message) => void announced.push(message),
          listen: () => () => {},
          close: () => {},
        },
        clock,
        policy: { lead: 60_000 },
        tab,
        randomId: () => crypto.randomUUID(),
        lastActiveAt: () => undefined,
      })
      keepers.push(keeper)
      return keeper
    },
    close() {
      for (const keeper of keepers) keeper.close()
    },
  }
}
export function newsOf(keeper: Keeper): VaultNews[] {
  const news: VaultNews[] = []
  keeper.listen((item) => news.push(item))
  return news
}
