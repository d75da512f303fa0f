import { isDeepStrictEqual } from 'node:util'
import {
  initialTransition,
  type AnyMachineSnapshot,
  type AnyStateNode,
  type EventObject,
  type InspectionEvent,
} from 'xstate'
import { createTestModel } from '@xstate/test'
import { configurationOf } from './catalogue.ts'
import { createStepper, type Edge, type Model } from './explore.ts'
import { perform, type Play } from './perform.ts'

type Snapshot = AnyMachineSnapshot & { readonly _nodes: readonly AnyStateNode[] }

/** A real chart on scripted services. */
export type RealChart = Play & { readonly actor: { getSnapshot(): AnyMachineSnapshot; stop(): void } }

/** A walk as `@xstate/test` has it; it leaves the types of a machine from elsewhere open. */
interface Walk {
  readonly steps: readonly { readonly event: EventObject; readonly state: Snapshot }[]
  test(does: {
    readonly events: Readonly<Record<string, (step: { readonly event: EventObject }) => Promise<void>>>
    readonly states: Readonly<Record<string, () => void>>
  }): Promise<unknown>
}

/** Makes the test paths of `@xstate/test` from planned walks. */
export function pathsOf(model: Model, walks: readonly (readonly Edge[])[]): readonly Walk[] {
  const testModel = createTestModel(model.machine, {
    serializeState: (state: Snapshot) => configurationOf(state),
    // What a state has to be like is not known by its name alone: it is compared with the model as a whole.
    stateMatcher: () => false,
  })
  const init = { event: { type: 'xstate.init' }, state: model.start.snapshot }
  const paths = walks.map((walk) => ({
    state: walk.at(-1)?.to.snapshot ?? model.start.snapshot,
    steps: [init, ...walk.map(({ event, to }) => ({ event, state: to.snapshot }))],
    weight: walk.length,
  }))
  return testModel.getPaths(() => paths) as readonly Walk[]
}

/**
 * Takes a walk on the real chart, event by event, and compares it with the model at each step: the same states, the same context.
 * `onEvent` is told before each event. Throws the way with its states where they part, or what the chart itself threw.
 */
export async function takeWalk(
  { machine }: Model,
  walk: Walk,
  start: () => RealChart,
  onEvent: (event: EventObject) => void = () => {},
): Promise<void> {
  const take = createStepper(machine)
  let [expected] = initialTransition(machine) as [Snapshot, unknown]
  const chart = start()
  try {
    await walk.test({
      events: Object.fromEntries(
        walk.steps.map(({ event: { type } }) => [
          type,
          async ({ event }: { readonly event: EventObject }) => {
            if (event.type === 'xstate.init') return
            onEvent(event)
            await perform(chart, event)
            expected = take(expected, event).snapshot
          },
        ]),
      ),
      states: { '*': () => compare(chart.actor.getSnapshot() as Snapshot, expected) },
    })
  } finally {
    chart.actor.stop()
  }
}

function compare(real: Snapshot, expected: Snapshot): void {
  if (real.error !== undefined) throw real.error
  const places = [configurationOf(real), configurationOf(expected)]
  if (places[0] !== places[1]) throw new Error(`The chart is in "${places[0]}", and its model in "${places[1]}".`)
  const [{ clock: _, ...is }, { clock: __, ...shouldBe }] = [real.context, expected.context]
  if (!isDeepStrictEqual(is, shouldBe))
    throw new Error(`The chart remembers ${JSON.stringify(is)}, and its model ${JSON.stringify(shouldBe)}.`)
}

export type Inspect = (inspected: InspectionEvent) => void
