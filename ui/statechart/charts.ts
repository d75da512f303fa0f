import { chartModelOf, type ChartModel } from '../visualizer/index.ts'
import { machines } from './machines.ts'

/** The charts of the page's machines, in the same order. */
export const charts: readonly ChartModel[] = machines.map((machine) => chartModelOf(machine))

/** What a chart is called for people. */
export const titleOf = (id: string): string => titles.get(id) ?? id
const titles = new Map([
  ['session', 'Session'],
  ['renewal', 'Renewal'],
  ['account', 'Profile and metadata'],
])

/** Closed to begin with: what is within the outermost states of a large chart. */
export function closedAtFirst({ states }: ChartModel): readonly string[] {
  const [root] = states
  if (root === undefined || states.length <= 20) return []
  const hasMore = new Set(states.map(({ parent }) => parent))
  return states.filter(({ id, parent }) => parent === root.id && hasMore.has(id)).map(({ id }) => id)
}

/** The same for one that runs: that state of them stays open which has most to tell. */
export function closedWhileRunning(model: ChartModel): readonly string[] {
  const closed = closedAtFirst(model)
  const sizeOf = (id: string) => model.states.filter((state) => state.id.startsWith(`${id}.`)).length
  const [widest] = closed.toSorted((one, other) => sizeOf(other) - sizeOf(one))
  return closed.filter((id) => id !== widest)
}

/** The states that lead into a chart that another one invokes, the outermost chart first. */
export function wayInto(id: string): readonly { readonly chart: string; readonly state: string | null }[] {
  for (const { id: chart, states } of charts) {
    const state = states.find(({ invokes }) => invokes.some((one) => one.chart === id))
    if (state !== undefined && chart !== id) return [...wayInto(chart), { chart, state: state.id }]
  }
  return []
}
