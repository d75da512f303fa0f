import type { ChartModel, ChartTransition } from '../model/chart.ts'
import type { Item, Words } from './geometry.ts'
import { withinOf } from './within.ts'
import { itemsOf } from './words.ts'

/** Transitions between the same two states, in document order: one line. */
export interface Bundle {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly transitions: readonly string[]
  readonly items: readonly Item[]
  /** Its target comes before its source in document order. */
  readonly leadsBack: boolean
}

/** With labels that are broken before they get wider than this, px. */
export function bundlesOf({ states, transitions }: ChartModel, words: Words, width: number): readonly Bundle[] {
  const isWithin = withinOf(states)
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
    items: itemsOf(all, words, width),
    leadsBack: (places.get(target) ?? 0) < (places.get(source) ?? 0) && !isWithin(source, target),
  }))
}
