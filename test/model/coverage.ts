import type { AnyStateMachine, EventObject, InspectionEvent } from 'xstate'
import { catalogueOf } from './catalogue.ts'
import { watchSteps, type Step } from './steps.ts'
import { pairsOf, sideOf } from './walks.ts'

/** What was shown of a chart, by name. */
export interface Coverage {
  readonly transitions: ReadonlySet<string>
  /** Both sides of each guard. */
  readonly guards: ReadonlySet<string>
  /** Transitions taken right after each other. */
  readonly pairs: ReadonlySet<string>
  readonly configurations: ReadonlySet<string>
  /** Event types in configurations, ignored events as well. */
  readonly configurationEvents: ReadonlySet<string>
}

/** Collects what actors of the machine with this id do: give `inspect` to `createActor`, as often as you like. */
export function collectCoverage(machineId: string): Coverage & {
  /** For one actor system; pairs are of one walk. */
  inspect(): (inspected: InspectionEvent) => void
} {
  const transitions = new Set<string>()
  const guards = new Set<string>()
  const pairs = new Set<string>()
  const configurations = new Set<string>()
  const configurationEvents = new Set<string>()
  const note = (step: Step, before: readonly string[]) => {
    for (const id of step.taken) transitions.add(id)
    for (const { id, said } of step.asked) guards.add(sideOf(id, said))
    for (const pair of pairsOf(before, step.taken)) pairs.add(pair)
    configurations.add(step.to)
    configurationEvents.add(`${step.from} ← ${step.event}`)
  }
  return {
    transitions,
    guards,
    pairs,
    configurations,
    configurationEvents,
    inspect() {
      let before: readonly string[] = []
      return watchSteps(machineId, (step) => {
        note(step, before)
        if (step.taken.length > 0) before = step.taken
      })
    },
  }
}

/** Both sides of every guard of a machine, by name. */
export const guardSidesOf = (machine: AnyStateMachine): readonly string[] =>
  catalogueOf(machine)
    .filter(({ isGuarded }) => isGuarded)
    .flatMap(({ id }) => [sideOf(id, true), sideOf(id, false)])

export const isEvent = (event: EventObject): boolean => event.type !== ''
