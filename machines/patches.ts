import type { ChangesElsewhere, MetadataPatch, QueuedPatch, SavedMetadata, UserMetadata } from './account/types.ts'

const isEmpty = (patch: MetadataPatch): boolean => Object.keys(patch).length === 0

/** The metadata as it will be: root-level merge, `null` removes a key, `{}` removes all (Auth0's rules). */
export function applyPatch(metadata: UserMetadata, patch: MetadataPatch): UserMetadata {
  if (isEmpty(patch)) return {}
  const result: Record<string, unknown> = { ...metadata, ...patch }
  for (const [key, value] of Object.entries(patch)) if (value === null) delete result[key]
  return result
}

/** The metadata as it will be after all of these, oldest first. */
export function applyPatches(metadata: UserMetadata, patches: readonly MetadataPatch[]): UserMetadata {
  return patches.reduce(applyPatch, metadata)
}

/**
 * Adds a change to a queue. It is merged into the last one, unless that was sent already, or removes all. A change that
 * removes all takes away the meaning of what was not sent before it. Whatever was refused may be taken with what is new.
 */
export function enqueuePatch(queue: readonly QueuedPatch[], added: QueuedPatch): readonly QueuedPatch[] {
  const before = queue.map((queued) => (isRefused(queued) ? withoutSetback(queued) : queued))
  if (isEmpty(added.patch)) return [...before.filter(({ isTried }) => isTried === true), added]
  const last = before.at(-1)
  if (last === undefined || last.isTried === true || isEmpty(last.patch)) return [...before, added]
  return [...before.slice(0, -1), { ...last, patch: { ...last.patch, ...added.patch } }]
}

/** Everything at the head of the queue that one request can save becomes one change, which is marked as sent. */
export function startFirst([first, ...rest]: readonly QueuedPatch[]): readonly QueuedPatch[] {
  if (first === undefined) return []
  const [next, ...others] = rest
  if (next === undefined || (isEmpty(first.patch) && !isEmpty(next.patch)))
    return [{ ...first, isTried: true }, ...rest]
  const patch = isEmpty(next.patch) ? next.patch : { ...first.patch, ...next.patch }
  return startFirst([{ ...first, patch }, ...others])
}

/** Was it refused for good, until someone asks again? */
export const isRefused = ({ setback }: QueuedPatch): boolean => setback !== undefined && setback.until === undefined

/** The same change, as if it had met no difficulty yet. */
export function withoutSetback({ setback: _, ...queued }: QueuedPatch): QueuedPatch {
  return queued
}

/** The names of the keys that are not saved yet. For a change that removes all, those of everything that is there. */
export function unsavedKeys(metadata: UserMetadata | null, queue: readonly QueuedPatch[]): readonly string[] {
  const keys = queue.flatMap(({ patch }) => Object.keys(isEmpty(patch) ? (metadata ?? {}) : patch))
  return [...new Set(keys)]
}

/** Equal as JSON, whatever the order of keys. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [left, right] = [Object.entries(one), new Map<string, unknown>(Object.entries(other))]
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && isSameValue(value, right.get(key)))
  )
}

const valueAt = (metadata: UserMetadata, key: string): unknown =>
  Object.hasOwn(metadata, key) ? metadata[key] : undefined

/** The root-level keys that differ. */
function differingKeys(one: UserMetadata, other: UserMetadata): readonly string[] {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].filter((key) => !isSameValue(valueAt(one, key), valueAt(other, key)))
}

export const nothingElsewhere: ChangesElsewhere = { keys: [], contested: [] }

/**
 * What someone else has changed since `known` was told, given what the API says now and what waits here. A value that is what
 * this person typed is no news: the change had arrived although nobody heard of it.
 */
export function changesElsewhere(
  known: UserMetadata | null,
  now: UserMetadata,
  queue: readonly QueuedPatch[],
): ChangesElsewhere {
  if (known === null) return nothingElsewhere
  const patches = queue.map(({ patch }) => patch)
  const wanted = applyPatches(now, patches)
  const keys = differingKeys(known, now).filter((key) => {
    const isTyped = patches.some((patch) => isEmpty(patch) || Object.hasOwn(patch, key))
    return !isTyped || !isSameValue(valueAt(now, key), valueAt(wanted, key))
  })
  return { keys, contested: keys.filter((key) => !isSameValue(valueAt(now, key), valueAt(wanted, key))) }
}

/** The same, from what a save told. Where the API made something else of a typed value, nobody else was at work. */
export function changesAtSave(known: UserMetadata | null, saved: SavedMetadata): ChangesElsewhere {
  const { patch, before, metadata, pending } = saved
  if (known === null || patch === undefined) return nothingElsewhere
  if (before !== undefined) return changesElsewhere(known, before, [{ patch }, ...pending])
  const { keys, contested } = changesElsewhere(applyPatch(known, patch), metadata, pending)
  const isOther = (key: string): boolean => !Object.hasOwn(patch, key)
  return { keys: keys.filter(isOther), contested: contested.filter(isOther) }
}

/** Both, each name once. */
export function joinChanges(one: ChangesElsewhere, other: ChangesElsewhere): ChangesElsewhere {
  return {
    keys: [...new Set([...one.keys, ...other.keys])],
    contested: [...new Set([...one.contested, ...other.contested])],
  }
}
