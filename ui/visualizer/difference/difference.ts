import type { ChartModel, ChartState, ChartTransition } from '../model/chart.ts'

/** What differs between two versions of a chart. */
export interface ChartDifference {
  readonly states: readonly Change<ChartState, StateAspect>[]
  readonly transitions: readonly Change<ChartTransition, TransitionAspect>[]
  /** Both versions in one chart, for drawing: the later one, and what it has lost. Ids of the changes are those in here. */
  readonly united: ChartModel
}

export type Change<Thing, Aspect> =
  | { readonly kind: 'added'; readonly id: string; readonly after: Thing }
  | { readonly kind: 'removed'; readonly id: string; readonly before: Thing }
  | {
      readonly kind: 'changed'
      readonly id: string
      readonly before: Thing
      readonly after: Thing
      readonly what: readonly Aspect[]
    }

export type StateAspect = 'type' | 'initial' | 'description' | 'tags' | 'entry' | 'exit' | 'invokes' | 'history'
export type TransitionAspect = 'targets' | 'guard' | 'actions' | 'reenters' | 'description' | 'order'

const stateAspects: readonly StateAspect[] = [
  'type',
  'initial',
  'description',
  'tags',
  'entry',
  'exit',
  'invokes',
  'history',
]
const transitionAspects = ['targets', 'guard', 'actions', 'reenters', 'description'] as const

/** Two versions are of different charts, and have nothing to compare. The message is for people. */
export class OtherChartError extends Error {
  override readonly name = 'OtherChartError'
}

/**
 * What was added, removed and changed from one version of a chart to another. The order of states and events does not matter; the
 * order of alternatives for one event does. Alternatives are matched by guard and target, not by their place. Throws `OtherChartError`.
 */
export function differenceOf(before: ChartModel, after: ChartModel): ChartDifference {
  if (before.id !== after.id)
    throw new OtherChartError(`These are two charts, “${before.id}” and “${after.id}”, not two versions of one.`)
  const states = statesThatDiffer(before, after)
  const transitions = transitionsThatDiffer(before, after)
  return { states, transitions, united: unite(before, after, transitions) }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

function statesThatDiffer(before: ChartModel, after: ChartModel): ChartDifference['states'] {
  const earlier = new Map(before.states.map((state) => [state.id, state]))
  const later = new Set(after.states.map(({ id }) => id))
  return [
    ...after.states.flatMap((state): ChartDifference['states'] => {
      const own = earlier.get(state.id)
      if (own === undefined) return [{ kind: 'added', id: state.id, after: state }]
      const what = stateAspects.filter((aspect) => !isSame(own[aspect], state[aspect]))
      return what.length === 0 ? [] : [{ kind: 'changed', id: state.id, before: own, after: state, what }]
    }),
    ...before.states
      .filter(({ id }) => !later.has(id))
      .map((state) => ({ kind: 'removed', id: state.id, before: state }) as const),
  ]
}

function transitionsThatDiffer(before: ChartModel, after: ChartModel): ChartDifference['transitions'] {
  const [earlier, later] = [alternativesOf(before), alternativesOf(after)]
  const found: Change<ChartTransition, TransitionAspect>[] = []
  for (const key of new Set([...later.keys(), ...earlier.keys()])) {
    const [old, now] = [earlier.get(key) ?? [], later.get(key) ?? []]
    const pairs = matched(old, now)
    const inOrder = old.filter((one) => pairs.some(([its]) => its === one))
    for (const [place, [own, one]] of pairs.entries()) {
      const what: TransitionAspect[] = transitionAspects.filter((aspect) => !isSame(own[aspect], one[aspect]))
      if (inOrder[place] !== own) what.push('order')
      if (what.length > 0) found.push({ kind: 'changed', id: one.id, before: own, after: one, what })
    }
    for (const one of now)
      if (!pairs.some(([, its]) => its === one)) found.push({ kind: 'added', id: one.id, after: one })
    for (const one of old)
      if (!pairs.some(([its]) => its === one)) found.push({ kind: 'removed', id: `${one.id} before`, before: one })
  }
  return found
}

/** The alternatives of a state for an event, in order. */
function alternativesOf({ transitions }: ChartModel): ReadonlyMap<string, readonly ChartTransition[]> {
  const groups = new Map<string, ChartTransition[]>()
  for (const transition of transitions) {
    const key = `${transition.source} ${transition.event}`
    groups.set(key, [...(groups.get(key) ?? []), transition])
  }
  return groups
}

/** From the surest sign that two alternatives are the same one to the least. */
const signs: readonly ((transition: ChartTransition) => unknown)[] = [
  ({ guard, targets, actions }) => [guard, targets, actions],
  ({ guard, targets }) => [guard, targets],
  ({ guard }) => guard,
  ({ targets }) => targets,
  ({ description }) => description,
]

/** Pairs of an earlier and a later alternative, in the order of the later ones. */
function matched(
  old: readonly ChartTransition[],
  now: readonly ChartTransition[],
): readonly (readonly [ChartTransition, ChartTransition])[] {
  const pairs = new Map<ChartTransition, ChartTransition>()
  const taken = new Set<ChartTransition>()
  for (const sign of signs)
    for (const one of now) {
      if (pairs.has(one)) continue
      const own = old.find((its) => !taken.has(its) && isSame(sign(its), sign(one)))
      if (own === undefined) continue
      pairs.set(one, own)
      taken.add(own)
    }
  return now.flatMap((one) => {
    const own = pairs.get(one)
    return own === undefined ? [] : [[own, one] as const]
  })
}

function unite(before: ChartModel, after: ChartModel, changes: ChartDifference['transitions']): ChartModel {
  const known = new Set(after.states.map(({ id }) => id))
  const states = [...after.states]
  // In document order, so that whatever a lost state was in is there already.
  for (const lost of before.states.filter(({ id }) => !known.has(id))) {
    const parent = states.findIndex(({ id }) => id === lost.parent)
    const host = states[parent]
    if (host?.type === 'atomic') states[parent] = { ...host, type: 'compound' }
    const last = states.findLastIndex(({ id }) => id === lost.parent || id.startsWith(`${lost.parent ?? ''}.`))
    states.splice(last + 1, 0, lost)
  }
  const lost = changes.flatMap((change) => (change.kind === 'removed' ? [{ ...change.before, id: change.id }] : []))
  return { ...after, states, transitions: [...after.transitions, ...lost] }
}
