import type { ChartModel } from '../model/chart.ts'

/**
 * How many states come to lie in one row when all lines lead on in document order: the longest way through those that are joined, with all
 * that is within them.
 */
export function longestRowOf({ states, transitions }: ChartModel): number {
  const parents = new Map(states.map(({ id, parent }) => [id, parent]))
  const joined = new Map(states.map(({ id }) => [id, new Set<string>()]))
  for (const { source, targets } of transitions)
    for (const target of targets) {
      const [one, other] = besideEachOther(wayTo(source, parents), wayTo(target, parents))
      if (one === undefined || other === undefined) continue
      joined.get(one)?.add(other)
      joined.get(other)?.add(one)
    }
  const longestIn = (outer: string | null): number => {
    const rows = new Map<string, number>()
    for (const { id, parent } of states) {
      if (parent !== outer) continue
      const before = [...(joined.get(id) ?? [])].map((one) => rows.get(one) ?? 0)
      rows.set(id, Math.max(0, ...before) + Math.max(1, longestIn(id)))
    }
    return Math.max(0, ...rows.values())
  }
  return longestIn(null)
}

/** From the outermost state to this one. */
function wayTo(id: string, parents: ReadonlyMap<string, string | null>): readonly string[] {
  const way: string[] = []
  for (let at: string | null = id; at !== null; at = parents.get(at) ?? null) way.unshift(at)
  return way
}

/** The first two that differ: they have the same parent. */
function besideEachOther(one: readonly string[], other: readonly string[]): readonly (string | undefined)[] {
  const place = one.findIndex((id, at) => id !== other[at])
  return place < 0 ? [] : [one[place], other[place]]
}
