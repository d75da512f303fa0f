import type { Clock, Profile } from '../facts.ts'
import type { Problem } from '../errors.ts'

/** User metadata: root-level keys with JSON values. */
export type UserMetadata = Readonly<Record<string, unknown>>

/** Root-level keys to set; `null` removes a key; `{}` as a whole removes all (Auth0's rules). */
export type MetadataPatch = Readonly<Record<string, unknown>>

export interface AccountPolicy {
  /** How long one answer about profile or metadata may take, ms. */
  readonly requestTimeout: number
  /** The first wait before a failed save is tried again, ms; doubled with each further one, spread by chance. */
  readonly backoffFirst: number
  /** The longest such wait, ms. */
  readonly backoffMost: number
}

export interface AccountInput {
  readonly subject: string
  /** As last seen; shown until the fresh one is here. */
  readonly profile: Profile | null
  readonly clock: Clock
  readonly policy: AccountPolicy
}

/** What the metadata adapter says at loading. */
export interface LoadedMetadata {
  readonly metadata: UserMetadata
  /** Patches that were typed before and are not saved yet, oldest first. */
  readonly pending: readonly MetadataPatch[]
  /** Whether this person may change it here. */
  readonly writable: boolean
}

export interface AccountContext extends AccountInput {
  readonly profileProblem: Problem | null
  /** As the API last answered. */
  readonly metadata: UserMetadata | null
  readonly writable: boolean
  /** Not saved yet, oldest first. The first one may be on its way. */
  readonly pending: readonly MetadataPatch[]
  readonly metadataProblem: Problem | null
  /** Failed saves in a row, counted up to `maxSaveAttempts`. */
  readonly attempts: number
}

export type AccountFact =
  | { readonly type: 'profile.loaded' }
  | { readonly type: 'profile.failed'; readonly problem: Problem }
  | { readonly type: 'metadata.loaded' }
  | { readonly type: 'metadata.saved' }
  | { readonly type: 'metadata.refused'; readonly problem: Problem }

export type AccountRequest =
  | { readonly type: 'profile.reload' }
  | { readonly type: 'metadata.reload' }
  | { readonly type: 'metadata.patch'; readonly patch: MetadataPatch }
  | { readonly type: 'metadata.retry' }
  | { readonly type: 'metadata.discard' }

export type AccountEvent =
  | AccountRequest
  /** There is a new access token: what failed for want of one can be tried again. */
  | { readonly type: 'access.renewed' }
  | { readonly type: 'network.online' }
  | { readonly type: 'page.resumed' }

export const maxSaveAttempts = 16
