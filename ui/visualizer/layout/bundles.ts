import type { ChartModel, ChartTransition } from '../model/chart.ts'
import type { Item, Words } from './geometry.ts'
import { itemsOf } from './words.ts'

/** Transitions between the same two states, in document order: one line. */
export interface Bundle {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly transitions: readonly string[]
  readonly items: readonly Item[]
  /** It leads back in document order: ELK is given it the other way round, which makes for fewer crossings. */
  readonly isReversed: boolean
}

export function bundlesOf({ states, transitions }: ChartModel, words: Words): readonly Bundle[] {
  const places = new Map(states.map(({ id }, place) => [id, place]))
  const bundles = new Map<string, { source: string; target: string; transitions: ChartTransition[] }>()
  for (const transition of transitions)
    for (const target of transition.targets) {
      const { source } = transition
      const id = `${source} → ${target}`
      const bundle = bundles.get(id) ?? { source, target, transitions: [] }
      bundle.transitions.push(transition)
      bundles.set(id, bundle)
    }
  return [...bundles].map(([id, { source, target, transitions: all }]) => ({
    id,
    source,
    target,
    transitions: all.map((transition) => transition.id),
    items: itemsOf(all, words),
    isReversed: (places.get(target) ?? 0) < (places.get(source) ?? 0) && !isWithin(source, target),
  }))
}

/** By their ids. */
const isWithin = (inner: string, outer: string): boolean => inner.startsWith(`${outer}.`)
