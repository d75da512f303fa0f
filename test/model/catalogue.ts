import type { AnyStateMachine, AnyTransitionDefinition } from 'xstate'
import { descriptionsOf } from '../../ui/visualizer/model/descriptions.ts'
import { nodesOf, transitionIdOf, transitionsFrom } from '../../ui/visualizer/model/nodes.ts'

/** One transition of a chart: one alternative of an event (or of `always`) in a state. */
export interface Transition {
  /** Stable: the state, the event, and which alternative: `session.ending.clearing logout[0]`; `always` has no event. */
  readonly id: string
  readonly source: string
  /** The event's type; `''` for `always`. */
  readonly event: string
  readonly isGuarded: boolean
  /** Ids of states; empty: it stays. */
  readonly targets: readonly string[]
  readonly description: string
  readonly definition: AnyTransitionDefinition
}

/** All transitions of a machine, in the order of its states. */
export function catalogueOf(machine: AnyStateMachine): readonly Transition[] {
  const descriptions = descriptionsOf(machine)
  return nodesOf(machine).flatMap((node) =>
    transitionsFrom(node).map((definition) => {
      const id = transitionIdOf(definition)
      return {
        id,
        source: node.id,
        event: definition.eventType,
        isGuarded: definition.guard !== undefined,
        targets: (definition.target ?? []).map((target) => target.id),
        description: descriptions.get(id) ?? '',
        definition,
      }
    }),
  )
}
