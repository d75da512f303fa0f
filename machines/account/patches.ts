import { SessionError } from '../errors.ts'
import type { MetadataPatch, UserMetadata } from './types.ts'

const isEmpty = (patch: MetadataPatch): boolean => Object.keys(patch).length === 0

/** The metadata as it will be: root-level merge, `null` removes a key, `{}` removes all (Auth0's rules). */
export function applyPatch(metadata: UserMetadata, patch: MetadataPatch): UserMetadata {
  if (isEmpty(patch)) return {}
  const result: Record<string, unknown> = { ...metadata, ...patch }
  for (const [key, value] of Object.entries(patch)) if (value === null) delete result[key]
  return result
}

export function applyPatches(metadata: UserMetadata, patches: readonly MetadataPatch[]): UserMetadata {
  return patches.reduce(applyPatch, metadata)
}

/** The one to be saved next. Nothing may stand in for a missing one: an empty patch removes all that the person keeps. */
export function firstPatch([first]: readonly MetadataPatch[]): MetadataPatch {
  if (first === undefined) throw new SessionError('unexpected', 'There is no change to be saved.')
  return first
}

/**
 * Adds a patch to a queue whose first entry may be on its way (`isSaving`), and merges it into the last one that is not.
 * An empty patch removes all, so what waits before it has no meaning any more; what comes after it stays apart. So a queue
 * never holds more than three: the one on its way, one that removes all, and one that sets keys.
 */
export function enqueuePatch(
  pending: readonly MetadataPatch[],
  patch: MetadataPatch,
  isSaving: boolean,
): readonly MetadataPatch[] {
  const fixed = isSaving ? pending.slice(0, 1) : []
  const free = pending.slice(fixed.length)
  if (isEmpty(patch)) return [...fixed, patch]
  const last = free.at(-1)
  if (last === undefined || isEmpty(last)) return [...pending, patch]
  return [...fixed, ...free.slice(0, -1), { ...last, ...patch }]
}
