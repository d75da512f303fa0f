import type { SessionError } from '../../machines/errors.ts'
import type { QueuedPatch, UserMetadata } from '../../machines/account/types.ts'
import type { CredentialFacts, EndReason, Profile } from '../../machines/facts.ts'

/** What must never leave `services/`. */
export interface Tokens {
  readonly accessToken: string
  /** As in the token response (RFC 6749 section 7.1). */
  readonly tokenType: string
  readonly refreshToken?: string
  readonly idToken?: string
}

/** One write of one login. */
export interface VaultEntry {
  readonly facts: CredentialFacts
  readonly tokens: Tokens
}

/** Which write of which login; how tabs agree on what is in the vault. */
export interface Stamp {
  readonly generation: string
  readonly revision: number
}

/** A login that ended: its generation is never restored. */
export interface EndMark {
  readonly generation: string
  readonly reason: EndReason
}

/** What a person keeps beside the credentials: profile and metadata as last seen, and changes that are not saved yet. */
export interface Notes {
  readonly subject: string
  readonly profile: Profile | null
  readonly metadata: UserMetadata | null
  /** Counts the times at which this browser has saved metadata: what was fetched before one of them is out of date. */
  readonly saves: number
  readonly pending: readonly QueuedPatch[]
}

export const noNotes = (subject: string): Notes => ({ subject, profile: null, metadata: null, saves: 0, pending: [] })

export interface VaultContent {
  /** `null`: nobody is signed in. */
  readonly entry: VaultEntry | null
  /** How the last session ended, if one did. */
  readonly end: EndMark | null
}

export type CompareResult =
  | { readonly outcome: 'done' }
  /** The vault holds something else by now. */
  | { readonly outcome: 'moved'; readonly content: VaultContent }

export interface Ended {
  /** What was removed, where that could be read: for revocation. */
  readonly removed: VaultEntry | null
  /** Another login is there by now, and stays. */
  readonly isReplaced: boolean
}

/**
 * Where credentials are kept. Every compare and write is one transaction among all tabs. Rejects with `vault_unavailable`
 * (the storage does not work just now) or `vault_unreadable` (it works, and what it holds makes no sense).
 */
export interface Vault {
  /** Begins to open what it is kept in, for whoever reads next: nothing else takes as long. Never rejects. */
  warm?(): Promise<void>
  /** What is in it now. An entry whose generation is marked as ended is not there any more. */
  read(): Promise<VaultContent>
  /**
   * A new login takes the place of whatever is there, if it is still wanted when its turn to be written comes. `null`: kept;
   * otherwise why it lives in this page's memory only.
   */
  begin(entry: VaultEntry, isWanted?: () => boolean): Promise<SessionError | null>
  /** Writes if what is there is `expected`, and not marked as ended. */
  replace(expected: Stamp, entry: VaultEntry): Promise<CompareResult>
  /** Ends the login if what is there is `expected`: removes it and leaves the mark. */
  reject(expected: Stamp, reason: EndReason): Promise<CompareResult>
  /**
   * Ends a login: removes it and leaves the mark; another login by now stays. Without a generation: whatever is there.
   * The mark is left synchronously as well, before the first await, for a page that is closing.
   */
  end(generation: string | null, reason: EndReason): Promise<Ended>
  /** The mark that ends this login, by what can be read at once: also when the database does not answer. */
  markOn(generation: string): EndMark | null
  /** Ends what `read` found unreadable, with the reason `storage_lost`; what can be read by now stays. */
  putAside(): Promise<void>
  /** Of whoever they are. `null`: there are none. */
  readNotes(): Promise<Notes | null>
  /**
   * Changes the notes of the person who is signed in, in one transaction among all tabs, and resolves with what is there now.
   * `changed` is called again when another tab was faster. `null`: nobody is signed in, or someone else; nothing is written.
   */
  changeNotes(subject: string, changed: (before: Notes) => Notes): Promise<Notes | null>
  /** Lets go of connections. */
  close(): void
}
