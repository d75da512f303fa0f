import type { MetadataPatch, UserMetadata } from '../../machines/account/types.ts'
import { SessionError } from '../../machines/errors.ts'
import { applyPatch } from '../../machines/patches.ts'

export interface Limits {
  /** How messages call the other side. */
  readonly what: string
  /** Of all metadata of a person as JSON. */
  readonly mostBytes: number
  /** What no name may hold, at any depth. */
  readonly forbidden?: RegExp
}

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

function invalid(message: string): SessionError {
  return new SessionError('metadata_invalid', message)
}

/** Names within a value, as paths from its root-level key: `address → street.no`. */
function* namesIn(value: unknown, path: readonly string[]): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    const here = [...path, name]
    if (!Array.isArray(value)) yield here
    yield* namesIn(inner, here)
  }
}

/** Throws `metadata_invalid`, naming the key, for a patch that the API would refuse anyway. */
export function checkLimits(patch: MetadataPatch, known: UserMetadata | null, limits: Limits): void {
  const { what, mostBytes, forbidden } = limits
  for (const path of namesIn(patch, [])) {
    const name = path.at(-1) ?? ''
    const place = path.length > 1 ? ` (in "${path[0] ?? ''}")` : ''
    if (name.trim() === '') throw invalid(`A name is empty${place}. Give it one.`)
    if (forbidden?.test(name) === true)
      throw invalid(`The name "${name}"${place} holds a "." or a "$", which ${what} does not take.`)
  }
  const total = bytesOf(applyPatch(known ?? {}, patch))
  if (total <= mostBytes) return
  const sizes = Object.entries(patch).map(([key, value]) => ({ key, bytes: bytesOf(value) }))
  const largest = sizes.toSorted((one, other) => other.bytes - one.bytes)[0]
  // What is too large already may still become smaller.
  if (largest === undefined || (known !== null && total <= bytesOf(known))) return
  throw invalid(
    `"${largest.key}" is too long: it has ${largest.bytes} bytes, and all details together would have ${total}, ` +
      `of which ${what} takes about ${mostBytes}. Shorten it, or remove something else.`,
  )
}
