import type { Stepped } from './records.ts'

/**
 * What a record may say of an event besides its type, as paths into it. Of a session: words out of fixed lists, figures, and the random
 * name of the tab that wrote. Nobody's subject, name, address, scope or metadata, nothing that is typed, and no token: those are under
 * none of these names.
 */
export const sessionDetails: readonly string[] = [
  'reason',
  'limit',
  'via',
  'from',
  'revision',
  'problem.code',
  'error.code',
  'facts.revision',
  'facts.writtenBy',
  'output.outcome',
  'output.reason',
  'output.facts.revision',
  'output.problem.code',
]

/** A second fence: no sentence and no token gets through, under whichever name. JWTs are longer, as are refresh tokens. */
const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' ? /^[\w.-]{1,40}$/.test(value) : typeof value === 'number' || typeof value === 'boolean'

function valueAt(from: unknown, path: string): unknown {
  let value = from
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

/** What of an event is kept, by path. */
export function detailsOf(event: unknown, allow: readonly string[]): Stepped['details'] {
  const details: Record<string, string | number | boolean> = {}
  for (const path of allow) {
    const value = valueAt(event, path)
    if (isPlain(value)) details[path] = value
  }
  return details
}
