import type { ChartModel } from './chart.ts'

/**
 * The chart with these states closed: what is within is left out, and its transitions lead from and to the closed state. What
 * happens within alone is left out as well.
 */
export function fold(model: ChartModel, closed: ReadonlySet<string>): ChartModel {
  const parents = new Map(model.states.map(({ id, parent }) => [id, parent]))
  /** The outermost closed state that a state is in, or itself. */
  const shownAs = (id: string): string => {
    let shown = id
    for (let at: string | null = id; at !== null; at = parents.get(at) ?? null) if (closed.has(at)) shown = at
    return shown
  }
  const hasMore = new Set(model.states.map(({ parent }) => parent))
  return {
    ...model,
    states: model.states
      .filter(({ id }) => shownAs(id) === id)
      .map((state) =>
        closed.has(state.id) && hasMore.has(state.id) ? { ...state, initial: null, isClosed: true } : state,
      ),
    transitions: model.transitions.flatMap((transition) => {
      const source = shownAs(transition.source)
      const targets = transition.targets.map(shownAs)
      const isHidden = source !== transition.source && targets.every((id) => id === source)
      return isHidden ? [] : [{ ...transition, source, targets }]
    }),
  }
}
