import type { EventObject } from 'xstate'
import type { Edge, Model, Situation } from './explore.ts'

/** What a walk may show, each thing named by a text: what this edge shows when it is taken right after the one before it. */
export type Goals = (edge: Edge, before: Edge | undefined) => readonly string[]

/** Each event in each configuration, as samples have it. */
export function eventGoals(events: readonly EventObject[]): Goals {
  const places = new Map(events.map((event, place) => [event, place]))
  return ({ from, event }) => [`${from.configuration} ← ${event.type} #${places.get(event)}`]
}

/** Every transition. */
export const transitionGoals: Goals = ({ step }) => step.taken

/** Both sides of every guard that is asked. */
export const guardGoals: Goals = ({ step }) => step.asked.map(({ id, said }) => sideOf(id, said))

/** The name of one side of a guard; `id`: of its transition. */
export const sideOf = (id: string, said: boolean): string => `${id} ${said ? 'holds' : 'does not hold'}`

/** Every transition right after every other that can come before it. */
export const pairGoals: Goals = ({ step }, before) => pairsOf(before?.step.taken ?? [], step.taken)

export const pairsOf = (before: readonly string[], taken: readonly string[]): readonly string[] =>
  taken.flatMap((id, place) => [
    ...(place > 0 ? [`${taken[place - 1]} → ${id}`] : []),
    ...before.map((earlier) => `${earlier} → ${id}`),
  ])

/** Goals of several kinds at once. */
export const allOf =
  (...goals: readonly Goals[]): Goals =>
  (edge, before) =>
    goals.flatMap((each) => each(edge, before))

/** A shortest piece of a walk that shows a goal: one edge, or two. */
type Witness = readonly [Edge] | readonly [Edge, Edge]

export function indexBy<TItem, TKey>(
  items: readonly TItem[],
  keyOf: (item: TItem) => TKey,
): ReadonlyMap<TKey, TItem[]> {
  const index = new Map<TKey, TItem[]>()
  for (const item of items) {
    const bucket = index.get(keyOf(item))
    if (bucket === undefined) index.set(keyOf(item), [item])
    else bucket.push(item)
  }
  return index
}

/** Everything that a model can show, with a witness each. Edges that ignore their event come before nothing. */
export function everyGoal({ edges }: Model, goals: Goals): ReadonlyMap<string, Witness> {
  const into = indexBy(
    edges.filter(({ step }) => step.taken.length > 0),
    ({ to }) => to,
  )
  const all = new Map<string, Witness>()
  const note = (goal: string, witness: Witness) => {
    if (!all.has(goal)) all.set(goal, witness)
  }
  for (const edge of edges) for (const goal of goals(edge, undefined)) note(goal, [edge])
  for (const edge of edges) {
    if (edge.step.taken.length === 0) continue
    for (const before of into.get(edge.from) ?? []) for (const goal of goals(edge, before)) note(goal, [before, edge])
  }
  return all
}

/**
 * Walks from the start that together show all goals of a model but those that are `shown` already. `longest`: how many events a
 * walk has at most, unless its goal lies further off.
 */
export function planWalks(model: Model, goals: Goals, shown: ReadonlySet<string> = new Set(), longest = 40): Edge[][] {
  const open = new Map([...everyGoal(model, goals)].filter(([goal]) => !shown.has(goal)))
  const wanted = indexBy([...open], ([, [first]]) => first.from)
  const out = indexBy(
    model.edges.filter(({ from, to }) => from !== to),
    ({ from }) => from,
  )
  /** Goals that begin here, those that stay here first. */
  const nextAt = (here: Situation): Witness | undefined => {
    const here_ = wanted.get(here) ?? []
    while (here_.length > 0 && !open.has(here_.at(-1)?.[0] ?? '')) here_.pop()
    return here_.findLast(([goal, [first]]) => open.has(goal) && first.to === here)?.[1] ?? here_.at(-1)?.[1]
  }
  const walks: Edge[][] = []
  while (open.size > 0) {
    const walk: Edge[] = []
    let here = model.start
    const take = (edge: Edge) => {
      for (const goal of goals(edge, walk.at(-1))) open.delete(goal)
      walk.push(edge)
      here = edge.to
    }
    for (let way = wayToNext(here, out, nextAt); way !== undefined; way = wayToNext(here, out, nextAt)) {
      const witness = nextAt(way.at(-1)?.to ?? here)
      if (witness === undefined || (walk.length > 0 && walk.length + way.length + witness.length > longest)) break
      for (const edge of [...way, ...witness]) take(edge)
    }
    if (walk.length === 0) throw new Error(`No way leads to: ${[...open.keys()].slice(0, 3).join('; ')}`)
    walks.push(walk)
  }
  return walks
}

/** The shortest way to a situation where something is left to show; `undefined`: there is none. */
function wayToNext(
  from: Situation,
  out: ReadonlyMap<Situation, Edge[]>,
  nextAt: (here: Situation) => Witness | undefined,
): readonly Edge[] | undefined {
  const cameBy = new Map<Situation, Edge | null>([[from, null]])
  for (const [here] of cameBy) {
    if (nextAt(here) !== undefined) {
      const way: Edge[] = []
      for (let edge = cameBy.get(here); edge; edge = cameBy.get(edge.from)) way.unshift(edge)
      return way
    }
    for (const edge of out.get(here) ?? []) if (!cameBy.has(edge.to)) cameBy.set(edge.to, edge)
  }
  return undefined
}
