import type { SnapshotFrom } from 'xstate'
import type { Problem } from '../errors.ts'
import type { Profile } from '../facts.ts'
import type { accountMachine } from './machine.ts'
import { applyPatches, unsavedKeys } from '../patches.ts'
import type { AccountContext, ChangesElsewhere, QueuedPatch, UserMetadata } from './types.ts'

/** A snapshot of the account chart, for its selectors. */
export type AccountSnapshot = SnapshotFrom<typeof accountMachine>

/** What selectors read of such a snapshot. It has a name, which the compiler says to whoever gives them something else. */
export interface AccountSnapshotLike {
  readonly context: AccountContext
  readonly value: AccountSnapshot['value']
}

/** Where the profile is: being fetched, here, or not to be had. */
export type ProfileStatus = 'loading' | 'loaded' | 'failed'
/** Where the user metadata is, and whether changes wait. */
export type MetadataStatus = 'loading' | 'ready' | 'saving' | 'waiting' | 'unsaved' | 'discarding' | 'failed'

/** The last profile known; `null` before there is one. */
export const selectProfile = (snapshot: AccountSnapshotLike): Profile | null => snapshot.context.profile

/** Where the profile is. */
export const selectProfileStatus = (snapshot: AccountSnapshotLike): ProfileStatus => snapshot.value.profile

/** Why the profile could not be fetched; `null` when nothing is wrong. */
export const selectProfileProblem = (snapshot: AccountSnapshotLike): Problem | null => snapshot.context.profileProblem

/** As the API last told, on an earlier visit if need be; `null`: it is not known. */
export const selectSavedMetadata = (snapshot: AccountSnapshotLike): UserMetadata | null => snapshot.context.metadata

const patchesOf = (pending: readonly QueuedPatch[]) => pending.map(({ patch }) => patch)

const shown = new WeakMap<object, { readonly base: UserMetadata | null; readonly result: UserMetadata | null }>()

/** As it will be once everything that waits is saved: what the person sees. The same object as long as nothing changes. */
export function selectMetadata({ context }: AccountSnapshotLike): UserMetadata | null {
  const known = shown.get(context.pending)
  if (known !== undefined && known.base === context.metadata) return known.result
  const base = context.metadata ?? (context.pending.length > 0 ? {} : null)
  const result = base === null || context.pending.length === 0 ? base : applyPatches(base, patchesOf(context.pending))
  shown.set(context.pending, { base: context.metadata, result })
  return result
}

/** Where the user metadata is, and whether changes wait. */
export const selectMetadataStatus = (snapshot: AccountSnapshotLike): MetadataStatus =>
  snapshot.value.metadata === 'loaded' ? 'ready' : snapshot.value.metadata

/** Why metadata could not be loaded or saved; `null` when nothing is wrong. */
export const selectMetadataProblem = (snapshot: AccountSnapshotLike): Problem | null => snapshot.context.metadataProblem

/** How many changes wait to be saved. */
export const selectPendingCount = (snapshot: AccountSnapshotLike): number => snapshot.context.pending.length

/** The names of the keys that wait to be saved. */
export const selectUnsavedKeys = ({ context }: AccountSnapshotLike): readonly string[] =>
  unsavedKeys(context.metadata, context.pending)

/** Whether this person may change it here, as the API said; false before it did. */
export const selectIsWritable = (snapshot: AccountSnapshotLike): boolean => snapshot.context.writable ?? false

/** Why nobody can change it here, in a sentence for people; `null`: no such reason is known. */
export const selectReadOnlyReason = ({ context }: AccountSnapshotLike): string | null =>
  context.policy.readOnlyBecause ?? null

/** What others have changed on another device or by another app, until `metadata.acknowledge`; `null`: nothing. */
export const selectChangedElsewhere = ({ context }: AccountSnapshotLike): ChangesElsewhere | null =>
  context.elsewhere.keys.length === 0 ? null : context.elsewhere
