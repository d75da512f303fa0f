import type { ChartModel } from '../model/chart.ts'
import { loadShipped } from '../shipped.ts'
import type { Geometry } from './geometry.ts'
import { hashOf, type LayoutChoice } from './hash.ts'
import { startElk, type RunningElk } from './running-elk.ts'

export interface LayoutRequest extends LayoutChoice {
  /** Nobody wants it any more: what works at it is ended. */
  readonly signal?: AbortSignal
  /** Where ELK comes from. Default: a worker, or the page itself. */
  readonly start?: () => Promise<RunningElk>
  /** How long one way of laying out may take before a plainer one is tried, ms. Default: 20,000. */
  readonly limit?: number
}

const known = new Map<string, Geometry>()

/** A layout that was made or loaded before, on this page. */
export const knownLayout = (hash: string): Geometry | null => known.get(hash) ?? null

/**
 * Where everything of a chart lies: a shipped layout, or ELK's, which is loaded for that alone. What ELK cannot do, or not in time, is asked for
 * in plainer ways. Rejects when none succeeds, with the first problem, and when the signal aborts.
 */
export async function requestLayout(
  model: ChartModel,
  { words, direction, signal, start = startElk, limit = 20_000 }: LayoutRequest,
): Promise<Geometry> {
  const hash = hashOf(model, { words, direction })
  const geometry = known.get(hash) ?? (await loadShipped(model, { words, direction })) ?? (await layOutSomehow())
  known.set(hash, geometry)
  return geometry

  async function layOutSomehow(): Promise<Geometry> {
    const problems: unknown[] = []
    for (const effort of ['full', 'plain', 'least'] as const) {
      signal?.throwIfAborted()
      const starting = start()
      try {
        // Loaded while ELK starts: who has a shipped layout needs neither.
        const [{ elk }, { layOut }] = await within(Promise.all([starting, import('./elk.ts')]), limit, signal)
        return await within(layOut(model, elk, { words, direction, effort }), limit, signal)
      } catch (problem) {
        problems.push(problem)
      } finally {
        // One that starts too late is ended as well.
        void starting.then(
          ({ end }) => end(),
          () => {},
        )
      }
    }
    signal?.throwIfAborted()
    throw problems[0]
  }
}

/** Rejects when it takes too long, and when the signal aborts. */
async function within<Value>(work: Promise<Value>, limit: number, signal: AbortSignal | undefined): Promise<Value> {
  let cleanUp = () => {}
  const interrupted = new Promise<never>((_, fail) => {
    const timer = setTimeout(() => fail(new Error(`No layout was found within ${limit / 1000} s.`)), limit)
    const abort = () => fail(new Error('The layout is not wanted any more.'))
    signal?.addEventListener('abort', abort)
    cleanUp = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  })
  try {
    return await Promise.race([work, interrupted])
  } finally {
    cleanUp()
  }
}
