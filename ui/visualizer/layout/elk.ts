import type { ELK } from 'elkjs/lib/elk-api.js'
import type { ChartModel } from '../model/chart.ts'
import { attemptsOf } from './attempts.ts'
import { boxOf } from './boxes.ts'
import { bundlesOf } from './bundles.ts'
import { costOf } from './cost.ts'
import { finished } from './finish.ts'
import type { Geometry } from './geometry.ts'
import { geometryOf, graphOf, type Effort } from './graph.ts'
import type { LayoutChoice } from './hash.ts'

interface LayoutOptions extends Partial<LayoutChoice> {
  readonly effort?: Effort
  /** How many ways are tried at most. Default: 12. */
  readonly tries?: number
  /** After this time no further way is tried, ms. Default: 3000. */
  readonly patience?: number
}

/** Lays a chart out by ELK in several ways, and keeps the one that is read best. Rejects when ELK can do none of them. */
export async function layOut(
  model: ChartModel,
  elk: ELK,
  { words = 'built', direction = 'best', effort = 'full', tries = 12, patience = 3000 }: LayoutOptions = {},
): Promise<Geometry> {
  const boxes = new Map(model.states.map((state) => [state.id, boxOf(state, model, words)]))
  const started = performance.now()
  let best: { readonly geometry: Geometry; readonly cost: number } | null = null
  let problem: unknown = null
  for (const attempt of attemptsOf({ words, direction }, effort, model.states.length).slice(0, tries)) {
    if (best !== null && performance.now() - started > patience) break
    const bundles = bundlesOf(model, words, attempt.labelWidth)
    try {
      const graph = await elk.layout(graphOf(model, boxes, bundles, attempt))
      const geometry = geometryOf(graph, boxes, bundles, attempt)
      const cost = costOf(geometry, attempt.direction)
      if (best === null || cost < best.cost) best = { geometry, cost }
    } catch (reason) {
      problem = reason
    }
  }
  if (best === null) throw problem
  return finished(best.geometry, model)
}
