import { createTestModel } from '@xstate/test'
import { createMachine, type AnyMachineSnapshot } from 'xstate'
import type { Goals } from '../walks.ts'
import { allOf, planWalks, transitionGoals } from '../walks.ts'
import type { Sighting, VisibleEdge, VisibleModel } from '../visible.ts'

/** One state of a view, what is done there, and what a view tells then. */
export const visibleTransition = ({ from, event, to }: VisibleEdge): string =>
  `${from.view} → ${event.type} → ${to.view}`

// The edges of a visible model are visible ones.
const ofVisible =
  (tell: (edge: VisibleEdge) => readonly string[]): Goals =>
  (edge) =>
    tell(edge as VisibleEdge)

const viewGoals = ofVisible(({ to }) => [to.view])
const doingGoals = ofVisible(({ event }) => [event.type])
const visibleGoals = ofVisible((edge) => [visibleTransition(edge)])

/** `covering`: every visible state, every doing, and every transition of the chart in the model; `all`: every visible transition too. */
export type Extent = 'covering' | 'all'
const goalsOf: Readonly<Record<Extent, Goals>> = {
  covering: allOf(viewGoals, doingGoals, transitionGoals),
  all: allOf(viewGoals, doingGoals, transitionGoals, visibleGoals),
}

/** So many doings has a path, at most, unless it needs more to get where it goes. */
const longest = 16

/** A path of `@xstate/test` through the visible machine. */
export interface VisiblePath {
  readonly world: string
  readonly edges: readonly VisibleEdge[]
  test(does: {
    readonly states: Readonly<Record<string, () => Promise<void>>>
    readonly events: Readonly<Record<string, (step: { readonly event: { readonly edge?: number } }) => Promise<void>>>
  }): Promise<unknown>
}

/** The flat machine of what a person can see and do: a state for each sighting, an event for each doing. */
export function flatMachine({ world, situations, edges }: VisibleModel) {
  const names = new Map(situations.map((sighting, place) => [sighting, `${place}`]))
  const states: Record<string, { meta: { view: string }; on: Record<string, string> }> = Object.fromEntries(
    situations.map(({ view }, place) => [`${place}`, { meta: { view }, on: {} }]),
  )
  for (const { from, event, to } of edges) {
    const state = states[names.get(from) ?? '']
    if (state !== undefined) state.on[event.type] = names.get(to) ?? ''
  }
  const machine = createMachine({ id: world, initial: '0', states } as never)
  return { machine, nameOf: (sighting: Sighting) => names.get(sighting) ?? '' }
}

/** Shortest ways to whatever is not shown yet, put together to walks, as paths of `@xstate/test`. `shown` grows by what they show. */
export function pathsOf(model: VisibleModel, extent: Extent, shown: Set<string>): readonly VisiblePath[] {
  const goals = goalsOf[extent]
  const walks = planWalks(model, goals, shown, longest) as VisibleEdge[][]
  for (const walk of walks)
    for (const [place, edge] of walk.entries()) for (const goal of goals(edge, walk[place - 1])) shown.add(goal)
  shown.add(model.start.view)

  const { machine, nameOf } = flatMachine(model)
  const stateOf = (sighting: Sighting) => machine.resolveState({ value: nameOf(sighting) }) as AnyMachineSnapshot
  const views = new Map(model.situations.map((sighting) => [nameOf(sighting), sighting.view]))
  const testModel = createTestModel(machine, {
    serializeState: (state: AnyMachineSnapshot) => views.get(String(state.value)) ?? '',
    serializeEvent: ({ type }: { type: string }) => type,
    stateMatcher: (state: AnyMachineSnapshot, view: string) => views.get(String(state.value)) === view,
  } as never)
  const places = new Map(model.edges.map((edge, place) => [edge, place]))
  const init = { event: { type: 'xstate.init' }, state: stateOf(model.start) }
  const paths = walks.map((walk) => ({
    state: stateOf(walk.at(-1)?.to ?? model.start),
    steps: [
      init,
      ...walk.map((edge) => ({ event: { type: edge.event.type, edge: places.get(edge) }, state: stateOf(edge.to) })),
    ],
    weight: walk.length,
  }))
  const made = testModel.getPaths((() => paths) as never) as unknown as readonly (Pick<VisiblePath, 'test'> & {
    readonly steps: readonly { readonly event: { readonly edge?: number } }[]
  })[]
  return made.map((path) => ({
    world: model.world,
    edges: path.steps.flatMap(({ event: { edge = -1 } }) => model.edges[edge] ?? []),
    test: (does) => path.test(does),
  }))
}
