import type { ELK } from 'elkjs/lib/elk-api.js'
import type { ChartModel } from '../model/chart.ts'
import { boxOf } from './boxes.ts'
import { bundlesOf } from './bundles.ts'
import { costOf } from './cost.ts'
import type { Geometry } from './geometry.ts'
import { geometryOf, graphOf, type Attempt, type Effort } from './graph.ts'
import type { Direction, LayoutChoice } from './hash.ts'

interface LayoutOptions extends Partial<LayoutChoice> {
  readonly effort?: Effort
  /** How many ways are tried in each direction. Default: 3. */
  readonly seeds?: number
  /** After this time no further way is tried, ms. Default: 4000. */
  readonly patience?: number
}

/** Lays a chart out by ELK in several ways, and keeps the one that is read best. Rejects when ELK can do none of them. */
export async function layOut(
  model: ChartModel,
  elk: ELK,
  { words = 'built', direction = 'best', effort = 'full', seeds = 3, patience = 4000 }: LayoutOptions = {},
): Promise<Geometry> {
  const boxes = new Map(model.states.map((state) => [state.id, boxOf(state, model, words)]))
  const bundles = bundlesOf(model, words)
  const started = performance.now()
  let best: { readonly geometry: Geometry; readonly cost: number } | null = null
  let problem: unknown = null
  for (const attempt of attemptsOf(direction, effort, seeds)) {
    if (best !== null && performance.now() - started > patience) break
    try {
      const geometry = geometryOf(await elk.layout(graphOf(model, boxes, bundles, attempt)), boxes, bundles)
      const cost = costOf(geometry)
      if (best === null || cost < best.cost) best = { geometry, cost }
    } catch (reason) {
      problem = reason
    }
  }
  if (best === null) throw problem
  return best.geometry
}

/** Each seed in both directions, so that whoever has no patience has seen both. */
function attemptsOf(direction: LayoutChoice['direction'], effort: Effort, seeds: number): readonly Attempt[] {
  const directions: readonly Direction[] = direction === 'best' ? ['DOWN', 'RIGHT'] : [direction]
  return Array.from({ length: effort === 'full' ? seeds : 1 }, (_, place) => place + 1).flatMap((seed) =>
    directions.map((way) => ({ direction: way, seed, effort })),
  )
}
