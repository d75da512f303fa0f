import { initialTransition, type AnyMachineSnapshot, type EventObject } from 'xstate'
import { isSameValue } from '../../machines/index.ts'
import { configurationOf, type ChartSnapshot } from '../../ui/visualizer/model/nodes.ts'
import { createStepper, type Edge, type Model } from './explore.ts'

/** A real chart that runs, and hands that bring about what the model says. */
export interface RealChart {
  readonly actor: { getSnapshot(): AnyMachineSnapshot; stop(): unknown }
  /** Brings the event about, and waits until all that follows has happened. */
  perform(event: EventObject): Promise<void>
}

/** Goes along with a real chart, and compares: the same states, the same context but for the clock. */
export function follow({ machine }: Pick<Model, 'machine'>, { actor, perform }: RealChart) {
  const take = createStepper(machine)
  let [expected] = initialTransition(machine) as [ChartSnapshot, unknown]
  return {
    async take(event: EventObject): Promise<void> {
      await perform(event)
      // Not what the plan says: that stands for all ways to a situation, and this is one of them.
      expected = take(expected, event).snapshot
    },
    /** Throws where they differ, and what the chart itself threw. */
    compare(): void {
      const real = actor.getSnapshot() as ChartSnapshot
      if (real.error !== undefined) throw new Error('The chart itself threw.', { cause: real.error })
      const [is, shouldBe] = [configurationOf(real), configurationOf(expected)]
      if (is !== shouldBe) throw new Error(`The chart is in "${is}", and its model in "${shouldBe}".`)
      const [{ clock: _, ...knows }, { clock: __, ...shouldKnow }] = [real.context, expected.context]
      if (!isSameValue(knows, shouldKnow))
        throw new Error(`The chart remembers ${JSON.stringify(knows)}, and its model ${JSON.stringify(shouldKnow)}.`)
    },
  }
}

/**
 * Takes a walk on a real chart, and compares it with the model after each event. Rejects where they part, with the way there.
 */
export async function takeWalk(
  model: Pick<Model, 'machine'>,
  walk: readonly Pick<Edge, 'event'>[],
  chart: RealChart,
): Promise<void> {
  const along = follow(model, chart)
  const way: string[] = []
  try {
    along.compare()
    for (const { event } of walk) {
      way.push(JSON.stringify(event))
      await along.take(event)
      along.compare()
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${why}\nThe way there:\n  ${way.join('\n  ') || '(the start)'}`, { cause: error })
  } finally {
    chart.actor.stop()
  }
}
