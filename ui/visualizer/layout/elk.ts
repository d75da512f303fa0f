import type { ELK } from 'elkjs/lib/elk-api.js'
import type { ChartModel } from '../model/chart.ts'
import { attemptsOf } from './attempts.ts'
import { boxOf } from './boxes.ts'
import { bundlesOf } from './bundles.ts'
import { costOf, smallnessOf } from './cost.ts'
import { finished } from './finish.ts'
import type { Geometry } from './geometry.ts'
import { geometryOf, graphOf, type Attempt, type Effort } from './graph.ts'
import type { Direction, LayoutChoice } from './hash.ts'
import { overlapsIn } from './overlaps.ts'
import { type } from './words.ts'

interface LayoutOptions extends Partial<LayoutChoice> {
  /** `best`: all ways are tried, and the best is kept, for what is laid out beforehand. Default `full`: until one is good enough. */
  readonly effort?: Effort | 'best'
  /** How many ways are tried at most. Default: 12. */
  readonly tries?: number
  /** After this time no further way is tried, ms. Default: 3000. */
  readonly patience?: number
}

interface Drawn {
  readonly attempt: Attempt
  readonly geometry: Geometry
  readonly overlaps: number
  readonly cost: number
}

/** Lays a chart out by ELK, in several ways where that may help, and keeps the one that is read best. Rejects when ELK can do none of them. */
export async function layOut(
  model: ChartModel,
  elk: Pick<ELK, 'layout'>,
  { words = 'built', direction = 'best', effort = 'full', tries = 12, patience = 3000 }: LayoutOptions = {},
): Promise<Geometry> {
  const boxes = new Map(model.states.map((state) => [state.id, boxOf(state, model, words)]))
  const started = performance.now()
  const tried = new Set<Direction>()
  let best: Drawn | null = null
  let problem: unknown = null
  for (const attempt of attemptsOf(model, { words, direction }, effort).slice(0, tries)) {
    if (best !== null && performance.now() - started > patience) break
    const isWorthIt =
      best === null ||
      effort === 'best' ||
      best.overlaps > 0 ||
      (!tried.has(attempt.direction) && wouldFitBetter(best.geometry))
    if (!isWorthIt) continue
    tried.add(attempt.direction)
    const bundles = bundlesOf(model, words, attempt.labelWidth)
    try {
      const graph = await elk.layout(graphOf(model, boxes, bundles, attempt))
      const geometry = geometryOf(graph, boxes, bundles, attempt)
      const drawn = {
        ...{ attempt, geometry },
        overlaps: overlapsIn(geometry).length,
        cost: costOf(geometry, attempt.direction),
      }
      if (best === null || isBetter(drawn, best)) best = drawn
    } catch (reason) {
      problem = reason
    }
  }
  if (best === null) throw problem
  return finished(best.geometry, model)
}

/** Nothing is as hard to read as what lies on something else. */
const isBetter = (one: Drawn, other: Drawn): boolean =>
  one.overlaps === other.overlaps ? one.cost < other.cost : one.overlaps < other.overlaps

/** px of 11: as small as letters are where the session, closed, is shown in a window. */
const readableLetters = 7

/** Whether letters are small, and would be larger if it ran the other way: it comes out about as high then as it is wide now. */
function wouldFitBetter({ width, height }: Geometry): boolean {
  const smallness = smallnessOf({ width, height })
  return type.label / smallness < readableLetters && smallnessOf({ width: height, height: width }) < smallness
}
