import { isSameValue, type MetadataPatch, type UserMetadata } from '../../../machines/index.ts'

/** Keys with a field of their own; all others are the person's own. */
const textKeys = ['first_name', 'last_name', 'country'] as const
export const flagKey = 'active'

const labels: ReadonlyMap<string, string> = new Map([
  ['first_name', 'First name'],
  ['last_name', 'Last name'],
  ['country', 'Country'],
  [flagKey, 'Active'],
])

/** What people read for a key; an own entry is called as they called it. */
const labelOf = (key: string): string => labels.get(key) ?? key

/** Names in a sentence: `A`, `A and B`, `A, B and C`. */
export const listed = (keys: readonly string[]): string =>
  new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(keys.map(labelOf))

const isKnownKey = (key: string): boolean => key === flagKey || textKeys.some((known) => known === key)

/** How the value of an own key is typed. */
export type Kind = 'text' | 'json'

/** What the person did to one key. `seen`: the value that stood there when it was touched first. */
export type Edit = { readonly seen: unknown } & (
  | { readonly as: Kind; readonly text: string }
  | { readonly as: 'flag'; readonly on: boolean }
  | { readonly as: 'removed' }
)

type Change = { readonly as: Kind; readonly text: string } | { readonly as: 'flag'; readonly on: boolean }

/** What is typed and not saved yet, by key. Whatever arrives from the API leaves it alone. */
export type Draft = ReadonlyMap<string, Edit>

export const emptyDraft: Draft = new Map()

/** `undefined`: the key is to be removed, or is not there. */
type Reading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string }

function readJson(text: string): Reading {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, message: 'This is not valid JSON. Text needs quotes in JSON: "like this".' }
  }
  return value === null
    ? { ok: false, message: 'null would remove the entry: use Remove for that.' }
    : { ok: true, value }
}

/** The value that an edit stands for. */
function readEdit(key: string, edit: Edit): Reading {
  switch (edit.as) {
    case 'removed':
      return { ok: true, value: undefined }
    case 'flag':
      return { ok: true, value: edit.on }
    case 'json':
      return readJson(edit.text)
    case 'text':
      // A field of its own that is emptied removes its key; an own key may well hold an empty text.
      return { ok: true, value: edit.text === '' && isKnownKey(key) ? undefined : edit.text }
  }
}

const valueAt = (metadata: UserMetadata, key: string): unknown =>
  Object.hasOwn(metadata, key) ? metadata[key] : undefined

const without = (draft: Draft, key: string): Draft => new Map([...draft].filter(([other]) => other !== key))

const withEdit = (draft: Draft, key: string, edit: Edit): Draft => new Map([...draft, [key, edit]])

/** Does the edit ask for anything? One that cannot be read does. A box that was never there and stays empty does not. */
function isChange(metadata: UserMetadata, key: string, edit: Edit): boolean {
  const reading = readEdit(key, edit)
  if (!reading.ok) return true
  const current = valueAt(metadata, key)
  if (edit.as === 'flag' && current === undefined) return edit.on
  return !isSameValue(reading.value, current)
}

/** Notes what was typed; typing back what is there already leaves nothing to save. */
export function change(draft: Draft, metadata: UserMetadata, key: string, typed: Change): Draft {
  const edit = { ...typed, seen: draft.has(key) ? draft.get(key)?.seen : valueAt(metadata, key) }
  return isChange(metadata, key, edit) ? withEdit(draft, key, edit) : without(draft, key)
}

/** Marks a key as removed; one that only the draft knows is forgotten. */
export function remove(draft: Draft, metadata: UserMetadata, key: string): Draft {
  const current = valueAt(metadata, key)
  return current === undefined ? without(draft, key) : withEdit(draft, key, { as: 'removed', seen: current })
}

/** Takes back whatever was done to a key. */
export const restore = (draft: Draft, key: string): Draft => without(draft, key)

/** Why this cannot be the name of a new entry; `null`: it can. */
export function nameProblem(name: string, draft: Draft, metadata: UserMetadata): string | null {
  if (name.trim() === '') return 'Give the entry a name.'
  if (/[.$]/.test(name)) return 'A name cannot hold a dot or a dollar sign.'
  if (isKnownKey(name)) return `“${name}” has a field of its own above.`
  if (draft.get(name)?.as === 'removed') return `“${name}” is being removed: keep it, or save first.`
  if (draft.has(name) || valueAt(metadata, name) !== undefined) return `There is an entry “${name}” already.`
  return null
}

/** The keys whose edits ask for something. */
export const changedKeys = (draft: Draft, metadata: UserMetadata): readonly string[] =>
  [...draft].filter(([key, edit]) => isChange(metadata, key, edit)).map(([key]) => key)

/** What is to be sent: the changed keys only, `null` where one is removed; `null` as a whole when there is nothing, or something cannot be read. */
export function patchFrom(draft: Draft, metadata: UserMetadata): MetadataPatch | null {
  const entries: [string, unknown][] = []
  for (const key of changedKeys(draft, metadata)) {
    const edit = draft.get(key)
    const reading: Reading = edit === undefined ? { ok: true, value: undefined } : readEdit(key, edit)
    if (!reading.ok) return null
    entries.push([key, reading.value ?? null])
  }
  return entries.length === 0 ? null : Object.fromEntries(entries)
}

export interface Field {
  readonly key: string
  readonly kind: Kind
  readonly text: string
  readonly changed: boolean
  readonly removed: boolean
  /** Why what is typed cannot be saved. */
  readonly problem: string | null
  /** Another tab or device has changed the saved value since this field was touched. */
  readonly movedOn: boolean
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** One key as its field shows it. */
export function fieldOf(draft: Draft, metadata: UserMetadata, key: string): Field {
  const current = valueAt(metadata, key)
  const edit = draft.get(key)
  const kind: Kind = current === undefined || typeof current === 'string' || isKnownKey(key) ? 'text' : 'json'
  const shown = { key, kind, text: current === undefined ? '' : textOf(current) }
  if (edit === undefined || !isChange(metadata, key, edit)) {
    return { ...shown, changed: false, removed: false, problem: null, movedOn: false }
  }
  const movedOn = !isSameValue(edit.seen, current)
  if (edit.as === 'removed') return { ...shown, changed: true, removed: true, problem: null, movedOn }
  const reading = readEdit(key, edit)
  return {
    key,
    kind: edit.as === 'json' ? 'json' : 'text',
    text: edit.as === 'flag' ? '' : edit.text,
    changed: true,
    removed: false,
    problem: reading.ok ? null : reading.message,
    movedOn,
  }
}

/** The check box. */
export function flagOf(draft: Draft, metadata: UserMetadata): boolean {
  const edit = draft.get(flagKey)
  return edit?.as === 'flag' ? edit.on : valueAt(metadata, flagKey) === true
}

/** The person's own keys: those that are saved, in their order, then new ones. */
export function ownKeys(draft: Draft, metadata: UserMetadata): readonly string[] {
  return [...new Set([...Object.keys(metadata), ...draft.keys()])].filter((key) => !isKnownKey(key))
}
