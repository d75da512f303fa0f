import type { ChartModel, ChartState, ChartTransition } from '../model/chart.ts'

/** A line of the outline: a state, or a transition that leaves it. */
export interface OutlineRow {
  readonly id: string
  /** 1: the chart itself. */
  readonly level: number
  readonly state?: ChartState
  readonly transition?: ChartTransition
  /** `undefined`: nothing is within. */
  readonly isOpen: boolean | undefined
}

/** The lines to be seen, in order: a state, its transitions, then the states within it. */
export function rowsOf(model: ChartModel, open: ReadonlySet<string>): readonly OutlineRow[] {
  const within = groupBy(model.states, ({ parent }) => parent ?? '')
  const leaving = groupBy(model.transitions, ({ source }) => source)
  const rowsUnder = (state: ChartState, level: number): OutlineRow[] => {
    const [transitions, states] = [leaving.get(state.id) ?? [], within.get(state.id) ?? []]
    const hasMore = transitions.length + states.length > 0
    const isOpen = hasMore ? open.has(state.id) : undefined
    const row: OutlineRow = { id: state.id, level, state, isOpen }
    if (isOpen !== true) return [row]
    return [
      row,
      ...transitions.map((transition) => ({ id: transition.id, level: level + 1, transition, isOpen: undefined })),
      ...states.flatMap((inner) => rowsUnder(inner, level + 1)),
    ]
  }
  const [root] = model.states
  return root === undefined ? [] : rowsUnder(root, 1)
}

/** States and transitions whose name, description, guard, action or service has all of these words in it; none for no words. */
export function find(model: ChartModel, wanted: string): readonly string[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const fits = (text: string) => words.every((word) => text.toLowerCase().includes(word))
  return [
    ...model.states
      .filter(({ name, description, invokes, entry, exit, tags }) =>
        fits([name, description, ...invokes.map(({ id }) => id), ...entry, ...exit, ...tags].join(' ')),
      )
      .map(({ id }) => id),
    ...model.transitions
      .filter(({ name, event, description, guard, actions }) =>
        fits([name, event, description, guard ?? '', ...actions].join(' ')),
      )
      .map(({ id }) => id),
  ]
}

/** The states around a state or a transition, itself left out, the root first. */
export function around(model: ChartModel, id: string): readonly string[] {
  const parents = new Map(model.states.map((state) => [state.id, state.parent]))
  const source = model.transitions.find((one) => one.id === id)?.source
  const ids: string[] = []
  for (let at = source ?? parents.get(id) ?? null; at !== null; at = parents.get(at) ?? null) ids.unshift(at)
  return ids
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one])
  return groups
}
