import type { Problem } from '../../machines/errors.ts'
import type { Authentication, Clock, CredentialFacts, EndReason, FoundSession, Profile } from '../../machines/facts.ts'
import type { MetadataPatch } from '../../machines/account/types.ts'
import type { RenewalOutcome } from '../../machines/renewal/types.ts'
import type { Siblings } from '../browser/siblings.ts'
import type { EndMark, Stamp, Vault, VaultEntry } from '../vault/types.ts'
import type { FactsPolicy, TokenAnswer } from './facts.ts'
import type { Removal } from './removal.ts'

/** What another tab did, as found in the vault. */
export type VaultNews =
  | { readonly type: 'sibling.renewed'; readonly facts: CredentialFacts }
  | ({ readonly type: 'sibling.loggedIn' } & FoundSession)
  | { readonly type: 'sibling.ended'; readonly generation: string; readonly reason: EndReason }

export interface NewLogin {
  readonly answer: TokenAnswer
  readonly subject: string
  readonly scope: string
  /** Epoch ms. */
  readonly ceilingAt: number | undefined
  readonly profile: Profile | null
  readonly authentication?: Authentication
}

export interface BegunSession extends FoundSession {
  /** Why the login lives in this page's memory only; absent: it is kept. */
  readonly problem?: Problem
}

export interface Opened {
  readonly session: FoundSession | null
  readonly end: EndMark | null
  readonly problem?: Problem
}

export type Outcome<TName extends RenewalOutcome['outcome']> = Extract<RenewalOutcome, { readonly outcome: TName }>

/**
 * The one that writes into the vault and tells the other tabs; holds the tokens in memory for whoever may use them.
 * Every method that takes facts acts on that write of that login, and on no other.
 */
export interface Keeper {
  /** The credentials of this tab's session, in memory; `null`: nobody is signed in here. */
  current(): VaultEntry | null
  /** Reads the vault at opening. What cannot be read is put aside. Once aborted, nothing is taken. */
  open(signal: AbortSignal): Promise<Opened>
  begin(login: NewLogin): Promise<BegunSession>
  /** Once aborted, nothing is taken: a chart that waits no more may act on other facts by then. So too with `confirm`. */
  recheck(
    facts: CredentialFacts,
    signal: AbortSignal,
  ): Promise<{ readonly outcome: 'same' } | Outcome<'adopted' | 'discarded'>>
  /**
   * `spent`: the entry whose refresh token the answer cost (default: the current one). It is written if the vault still holds
   * that entry, whatever this tab is about to do: nobody else has the new refresh token.
   */
  commit(
    facts: CredentialFacts,
    answer: TokenAnswer,
    spent?: VaultEntry | null,
  ): Promise<Outcome<'renewed' | 'unsaved' | 'discarded'>>
  /** Writes what `commit` could not. */
  save(
    facts: CredentialFacts,
  ): Promise<{ readonly outcome: 'stored'; readonly facts: CredentialFacts } | { readonly outcome: 'discarded' }>
  /** Resolves once nothing is left that is only in memory. */
  untilSaved(): Promise<void>
  confirm(
    facts: CredentialFacts,
    problem: Problem,
    signal: AbortSignal,
  ): Promise<Outcome<'adopted' | 'discarded' | 'rejected'>>
  end(generation: string | null, reason: EndReason): Promise<void>
  /** What ends have removed. */
  readonly removal: Omit<Removal, 'begin'>
  /** Reads the vault and tells `listen` what is new. */
  look(): Promise<void>
  listen(listener: (news: VaultNews) => void): () => void
  /** Tells whoever listens, as if another tab had done it: for what happened here when nobody waited for it any more. */
  tell(news: VaultNews): void
  noteProfile(profile: Profile): Promise<void>
  notePending(subject: string, pending: readonly MetadataPatch[]): Promise<void>
  readPending(subject: string): Promise<readonly MetadataPatch[]>
  /** Work that `drain` waits for besides the keeper's own: a request whose answer will be written. */
  hold(work: Promise<unknown>): void
  /** Resolves once every write under way has settled, and what could not be written was tried once more. */
  drain(): Promise<void>
  close(): void
}

export interface KeeperParts {
  readonly vault: Vault
  readonly siblings: Siblings
  readonly clock: Clock
  readonly policy: FactsPolicy
  readonly tab: string
  readonly randomId: () => string
  readonly lastActiveAt: () => number | undefined
}

/** Renewed credentials that are only in memory so far. */
export interface Unsaved {
  readonly entry: VaultEntry
  /** The write that the vault holds, and that this one follows. */
  readonly expected: Stamp
  readonly settle: () => void
  /** Resolves once they are written, or have no place any more. */
  readonly settled: Promise<void>
}
