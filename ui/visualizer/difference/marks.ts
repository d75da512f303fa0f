import type { Mark, Marks } from '../chart/marks.ts'
import type { ChartDifference, StateAspect, TransitionAspect } from './difference.ts'

type AnyChange = ChartDifference['states'][number] | ChartDifference['transitions'][number]

/**
 * The difference as marks on the drawing of both versions. A state that is itself the same counts what has changed within, so that it
 * shows when it is closed.
 */
export function differenceMarks({ states, transitions, united }: ChartDifference): Marks {
  const changes: readonly AnyChange[] = [...states, ...transitions]
  const marks = new Map(changes.map((change) => [change.id, markOf(change)]))
  for (const { id, parent } of united.states) {
    if (parent === null || marks.has(id)) continue
    const within = changes.filter((change) => change.id.startsWith(`${id}.`)).length
    if (within > 0)
      marks.set(id, {
        tone: 'changed',
        words: `${within} ${within === 1 ? 'difference' : 'differences'} within.`,
        text: `${within}`,
      })
  }
  return marks
}

function markOf(change: AnyChange): Mark {
  if (change.kind === 'changed') return { tone: 'changed', words: changeInWords(change) }
  return change.kind === 'added' ? { tone: 'added', words: 'New.' } : { tone: 'removed', words: 'Gone.' }
}

const titles: Readonly<Record<StateAspect | TransitionAspect, string>> = {
  type: 'kind',
  initial: 'begins at',
  description: 'description',
  tags: 'tags',
  entry: 'on entry',
  exit: 'on exit',
  invokes: 'asks',
  history: 'remembers',
  targets: 'leads to',
  guard: 'if',
  actions: 'does',
  reenters: 'enters again',
  order: 'order',
}

/** `leads to: session.loggedOut, before: session.ending. if: nothing, before: isMine.` */
export function changeInWords({ before, after, what }: Extract<AnyChange, { readonly kind: 'changed' }>): string {
  const aspects: readonly (StateAspect | TransitionAspect)[] = what
  return aspects
    .map((aspect) => {
      if (aspect === 'order') return 'Asked in another order.'
      const [then, now] = [before, after].map((one) =>
        valueInWords(Object.entries(one).find(([name]) => name === aspect)?.[1]),
      )
      return `${titles[aspect]}: ${now}, before: ${then}.`
    })
    .join(' ')
}

function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(valueInWords).join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  // An invoked service.
  if (typeof value === 'object' && value !== null && 'id' in value) return String(value.id)
  return typeof value === 'string' && value !== '' ? value : 'nothing'
}
