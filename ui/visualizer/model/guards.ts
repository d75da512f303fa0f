import { and, not, or } from 'xstate'

/** A guard as it was written: by name, or made of others. */
export interface GuardShape {
  readonly kind: 'one' | 'and' | 'or' | 'not'
  /** `inline` for a function without a name in the machine's `setup`. */
  readonly name: string
  /** What `and`, `or` and `not` are made of; empty for one. */
  readonly parts: readonly unknown[]
}

/** `and`, `or` and `not` are functions that carry what they are made of. */
interface CompositeGuard {
  readonly check: unknown
  readonly guards: readonly unknown[]
}

const isComposite = (guard: unknown): guard is CompositeGuard =>
  typeof guard === 'function' && 'check' in guard && 'guards' in guard

// Told by what they check with: where code is minified, the names of functions are gone.
const checkOf = (guard: unknown): unknown => (isComposite(guard) ? guard.check : undefined)
const kinds = new Map<unknown, GuardShape['kind']>([
  [checkOf(and([])), 'and'],
  [checkOf(or([])), 'or'],
  [checkOf(not('')), 'not'],
])

const isNamed = (value: unknown): value is { readonly type: string } =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

export function guardShapeOf(guard: unknown): GuardShape {
  const kind = isComposite(guard) ? kinds.get(guard.check) : undefined
  if (isComposite(guard) && kind !== undefined) {
    const words = guard.guards.map((part) => guardShapeOf(part).name)
    const name = kind === 'not' ? `not ${words.join(' ')}` : words.join(kind === 'or' ? ' or ' : ' and ')
    return { kind, name, parts: guard.guards }
  }
  if (typeof guard === 'string') return { kind: 'one', name: guard, parts: [] }
  return { kind: 'one', name: isNamed(guard) ? guard.type : 'inline', parts: [] }
}
