import { createTestModel } from '@xstate/test'
import type { EventObject, InspectionEvent } from 'xstate'
import { configurationOf, type ChartSnapshot } from '../../ui/visualizer/model/nodes.ts'
import type { Chart } from './charts/index.ts'
import { collectCoverage, type Coverage } from './coverage.ts'
import { explore, type Edge, type Model } from './explore.ts'
import { follow, type RealChart } from './follow.ts'
import { allOf, eventGoals, everyGoal, guardGoals, pairGoals, planWalks, transitionGoals } from './walks.ts'

/** A walk as `@xstate/test` has it; it leaves the types of a machine from elsewhere open. */
interface Path {
  test(does: {
    readonly events: Readonly<Record<string, (step: { readonly event: EventObject }) => Promise<void>>>
    readonly states: Readonly<Record<string, () => void>>
  }): Promise<unknown>
  readonly steps: readonly { readonly event: EventObject }[]
}

/** Makes test paths of planned walks, by `@xstate/test`. */
function pathsOf(model: Model, walks: readonly (readonly Edge[])[]): readonly Path[] {
  const testModel = createTestModel(model.machine, {
    serializeState: (state: ChartSnapshot) => configurationOf(state),
    // What a state has to be like is not known by its name alone: it is compared with the model as a whole.
    stateMatcher: () => false,
  })
  const init = { event: { type: 'xstate.init' }, state: model.start.snapshot }
  const paths = walks.map((walk) => ({
    state: walk.at(-1)?.to.snapshot ?? model.start.snapshot,
    steps: [init, ...walk.map(({ event, to }) => ({ event, state: to.snapshot }))],
    weight: walk.length,
  }))
  return testModel.getPaths(() => paths) as readonly Path[]
}

async function testPath(model: Model, path: Path, chart: RealChart, watch: Watch | undefined): Promise<void> {
  const along = follow(model, chart)
  const take = async ({ event }: { readonly event: EventObject }) => {
    if (event.type !== 'xstate.init') await along.take(event)
  }
  try {
    await path.test({
      events: Object.fromEntries(path.steps.map(({ event }) => [event.type, take])),
      states: {
        '*': () => {
          along.compare()
          const broken = watch?.broken() ?? []
          if (broken.length > 0) throw new Error(broken.join('\n'))
        },
      },
    })
  } finally {
    chart.actor.stop()
  }
}

export interface Level1 {
  /** What the running actors did, by their microsteps. */
  readonly taken: ReturnType<typeof collectCoverage>
  /** What the model says can be done. */
  readonly total: ReturnType<typeof collectCoverage>
  readonly paths: number
  readonly steps: number
  /** The first paths on which chart and model part, with the way there. */
  readonly faults: readonly string[]
}

export interface Watch {
  readonly inspect: (inspected: InspectionEvent) => void
  /** What was broken so far, in words. Asked whenever the chart has come to rest. */
  broken(): readonly string[]
}

interface Level1Options {
  /** Every pair of successive transitions as well. */
  readonly pairs?: boolean
  /** What has to hold on every path; made for each. */
  readonly watch?: () => Watch
}

/** All that the models of a chart can do. */
export function totalOf(chart: Chart): Coverage {
  const total = collectCoverage(chart.machine().id)
  for (const { machine, events } of chart.worlds()) total.add(explore(machine, events))
  return total
}

/** Takes a chart along generated paths, on the real machine with scripted services. */
export async function runLevel1(chart: Chart, { pairs = false, watch }: Level1Options = {}): Promise<Level1> {
  const taken = collectCoverage(chart.machine().id)
  const total = collectCoverage(chart.machine().id)
  const faults: string[] = []
  let [steps, count] = [0, 0]
  /** Pairs that another world shows need not be shown again; all else is, under each policy. */
  const shown = new Set<string>()
  for (const world of chart.worlds()) {
    const model = explore(world.machine, world.events)
    total.add(model)
    const goals = allOf(transitionGoals, guardGoals, eventGoals(world.events), ...(pairs ? [pairGoals] : []))
    const walks = planWalks(model, goals, shown)
    for (const goal of everyGoal(model, pairGoals).keys()) shown.add(goal)
    for (const path of pathsOf(model, walks)) {
      const [collect, watching] = [taken.inspect(), watch?.()]
      const real = world.start((inspected) => {
        collect(inspected)
        watching?.inspect(inspected)
      })
      count += 1
      steps += path.steps.length - 1
      try {
        await testPath(model, path, real, watching)
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error))
      }
    }
  }
  return { taken, total, paths: count, steps, faults }
}
