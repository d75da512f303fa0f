import type { Clock, Profile } from '../facts.ts'
import type { Problem } from '../errors.ts'

/** User metadata: root-level keys with JSON values. */
export type UserMetadata = Readonly<Record<string, unknown>>

/** Root-level keys to set; `null` removes a key; `{}` as a whole removes all (Auth0's rules). */
export type MetadataPatch = Readonly<Record<string, unknown>>

/** A change that waits to be saved. All tabs of a login share one queue of them. */
export interface QueuedPatch {
  /** A random id, given when it is kept; absent before that. */
  readonly id?: string
  readonly patch: MetadataPatch
  /** It was sent, and nobody knows yet that it was saved: nothing is merged into it while it is on its way. */
  readonly isTried?: true
  /** Why it is not saved. With `until` (epoch ms) it is not sent before that time; without, it was refused. */
  readonly setback?: { readonly problem: Problem; readonly until?: number }
}

/** Names of root-level keys that someone else has changed, on another device or by another app. No values. */
export interface ChangesElsewhere {
  readonly keys: readonly string[]
  /** Those of them that the person has changed here as well: what was typed here replaces the other value. */
  readonly contested: readonly string[]
}

export interface AccountPolicy {
  /** How long one answer about profile or metadata may take, ms. */
  readonly requestTimeout: number
  /** The first wait before a failed save is tried again, ms; doubled with each further one, spread by chance. */
  readonly backoffFirst: number
  /** The longest such wait, ms. */
  readonly backoffMost: number
  /** Why nobody can change the metadata here, in a sentence for people; absent: it can be changed. */
  readonly readOnlyBecause?: string
}

export interface AccountInput {
  readonly subject: string
  /** As last seen; shown until the fresh one is here. */
  readonly profile: Profile | null
  readonly clock: Clock
  readonly policy: AccountPolicy
}

/** What the API says at loading, and what waits. */
export interface LoadedMetadata {
  readonly metadata: UserMetadata
  /** As the tabs of this login knew it before; absent: as this tab knew it. */
  readonly known?: UserMetadata | null
  /** The whole queue, oldest first: from an earlier visit, from other tabs, and all that `keepPatch` was given. */
  readonly pending: readonly QueuedPatch[]
  /** Whether this person may change it here. */
  readonly writable: boolean
}

/** What became of the first change in the queue. */
export interface SavedMetadata {
  /** As the API has it now. */
  readonly metadata: UserMetadata
  /** What was saved; absent: nothing, for another tab had done so. */
  readonly patch?: MetadataPatch
  /** As the API had it just before; absent: not known. */
  readonly before?: UserMetadata
  /** As the tabs of this login knew it before; absent: as this tab knew it. */
  readonly known?: UserMetadata | null
  /** The whole queue, as it is now. */
  readonly pending: readonly QueuedPatch[]
}

export interface AccountContext extends AccountInput {
  readonly profileProblem: Problem | null
  /** As the API last answered, in this page, in another tab, or on an earlier visit. */
  readonly metadata: UserMetadata | null
  /** `null`: the API has not been heard in this page. */
  readonly writable: boolean | null
  /** Not saved yet, oldest first. The first one may be on its way. */
  readonly pending: readonly QueuedPatch[]
  readonly metadataProblem: Problem | null
  /** What others have changed, until the person has taken note of it. */
  readonly elsewhere: ChangesElsewhere
  /** Failed attempts in a row, counted up to `maxSaveAttempts`. */
  readonly attempts: number
}

/** Facts about profile and metadata, told to whoever listens. None of them ends a session. */
export type AccountFact =
  | { readonly type: 'profile.loaded' }
  | { readonly type: 'profile.failed'; readonly problem: Problem }
  | { readonly type: 'metadata.loaded' }
  | { readonly type: 'metadata.failed'; readonly problem: Problem }
  | { readonly type: 'metadata.saved' }
  | { readonly type: 'metadata.refused'; readonly problem: Problem }
  | ({ readonly type: 'metadata.changedElsewhere' } & ChangesElsewhere)

/** What the app asks for about profile and metadata. */
export type AccountRequest =
  | { readonly type: 'profile.reload' }
  | { readonly type: 'metadata.reload' }
  | { readonly type: 'metadata.patch'; readonly patch: MetadataPatch }
  | { readonly type: 'metadata.retry' }
  | { readonly type: 'metadata.discard' }
  /** The person has taken note of what was changed elsewhere. */
  | { readonly type: 'metadata.acknowledge' }

/** All that the account chart takes: requests of the app, and news of the services. */
export type AccountEvent =
  | AccountRequest
  /** There is a new access token: what failed for want of one can be tried again. */
  | { readonly type: 'access.renewed' }
  /** What the tabs of this login keep together, as it now is. */
  | { readonly type: 'notes.changed'; readonly pending: readonly QueuedPatch[]; readonly metadata: UserMetadata | null }
  | { readonly type: 'network.online' }
  | { readonly type: 'page.resumed' }

export const maxSaveAttempts = 16
