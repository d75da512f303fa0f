import type { AnyStateMachine, InspectionEvent } from 'xstate'
import { catalogueOf } from './catalogue.ts'
import type { Model } from './explore.ts'
import { watchSteps, type Step } from '../../ui/visualizer/recorder/steps.ts'
import { everyGoal, pairGoals, pairsOf, sideOf } from './walks.ts'

/** What was shown of a chart, by name. */
export interface Coverage {
  /** Ids of transitions, as in `catalogueOf`. */
  readonly transitions: ReadonlySet<string>
  /** Sides of guards: `sideOf`. */
  readonly guards: ReadonlySet<string>
  /** Event types in configurations, ignored ones as well. */
  readonly configurationEvents: ReadonlySet<string>
  /** Transitions taken right after each other. */
  readonly pairs: ReadonlySet<string>
}

/** Collects what actors of the machine with this id do, however many of them. */
export interface CoverageCollector extends Coverage {
  /** For one actor system, as `inspect` of `createActor`; what follows what is known within it. */
  inspect(): (inspected: InspectionEvent) => void
  /** All that a model can do. */
  add(model: Model): void
}

/** What is taken of one chart, collected from every actor of that machine to which its `inspect()` was given. `machineId`: the machine’s `id`. */
export function collectCoverage(machineId: string): CoverageCollector {
  const transitions = new Set<string>()
  const guards = new Set<string>()
  const configurationEvents = new Set<string>()
  const pairs = new Set<string>()
  const note = ({ taken, asked, from, event }: Step) => {
    for (const id of taken) transitions.add(id)
    for (const { id, said } of asked) guards.add(sideOf(id, said))
    if (from !== '') configurationEvents.add(`${from} ← ${event}`)
  }
  return {
    transitions,
    guards,
    configurationEvents,
    pairs,
    inspect() {
      let before: readonly string[] = []
      return watchSteps(machineId, (step) => {
        note(step)
        if (step.taken.length === 0) return
        for (const pair of pairsOf(before, step.taken)) pairs.add(pair)
        before = step.taken
      })
    },
    add(model) {
      for (const { step } of model.edges) note(step)
      for (const pair of everyGoal(model, pairGoals).keys()) pairs.add(pair)
    },
  }
}

/** Every transition of a machine and both sides of every guard, by name, whether or not anything leads there. */
export function allOfChart(machine: AnyStateMachine): Pick<Coverage, 'transitions' | 'guards'> {
  const all = catalogueOf(machine)
  const guarded = all.filter(({ isGuarded }) => isGuarded)
  return {
    transitions: new Set(all.map(({ id }) => id)),
    guards: new Set(guarded.flatMap(({ id }) => [sideOf(id, true), sideOf(id, false)])),
  }
}

/** What is in the one and not in the other. */
export const missing = (all: ReadonlySet<string>, taken: ReadonlySet<string>): readonly string[] =>
  [...all].filter((name) => !taken.has(name))

/** `taken`: how many of all that there are; what was taken besides does not count. */
export interface Count {
  readonly taken: number
  readonly total: number
}

/** A count for each of the ways in which a chart is covered. */
export type Counts = Readonly<Record<keyof Coverage, Count>>

/** How much of `all` was `taken`. */
export function countsOf(all: Coverage, taken: Coverage): Counts {
  const count = (of: keyof Coverage): Count => ({
    taken: all[of].size - missing(all[of], taken[of]).length,
    total: all[of].size,
  })
  return {
    transitions: count('transitions'),
    guards: count('guards'),
    configurationEvents: count('configurationEvents'),
    pairs: count('pairs'),
  }
}

/** `12 of 14`. */
export const countInWords = ({ taken, total }: Count): string => `${taken} of ${total}`
