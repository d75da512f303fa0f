import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'

/** A snapshot of whatever machine, with the states that XState keeps in it. */
export type ChartSnapshot = AnyMachineSnapshot & { readonly _nodes: readonly AnyStateNode[] }

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

const nodesUnder = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(nodesUnder)]

/** Every state of a machine, the root first. */
export const nodesOf = (machine: AnyStateMachine): AnyStateNode[] => nodesUnder(machine.root)

/** The alternatives that a state has for an event, in order. */
export function alternativesOf(node: AnyStateNode, event: string): readonly AnyTransitionDefinition[] {
  return (event === '' ? node.always : node.transitions.get(event)) ?? []
}

/** The same for a transition of the production chart, of the derived one and of any `provide`d copy. */
export function idOf(definition: AnyTransitionDefinition): string {
  const { source } = definition
  const eventType: string = definition.eventType
  const place = alternativesOf(source, eventType).indexOf(definition)
  return `${source.id} ${eventType === '' ? 'always' : eventType}[${place}]`
}

/** All transitions of a machine, in the order of its states. */
export function catalogueOf(machine: AnyStateMachine): readonly Transition[] {
  return nodesOf(machine).flatMap((node) =>
    [...[...node.transitions.values()].flat(), ...(node.always ?? [])].map((definition) => ({
      id: idOf(definition),
      source: node.id,
      event: definition.eventType,
      isGuarded: definition.guard !== undefined,
      targets: (definition.target ?? []).map(({ id }) => id),
      description: definition.description ?? '',
      definition,
    })),
  )
}

/** The atomic states that a snapshot is in, by id, sorted: `session.active.access.authenticated, …`. */
export const configurationOf = ({ _nodes }: { readonly _nodes: readonly AnyStateNode[] }): string =>
  _nodes
    .filter(({ type }) => type === 'atomic' || type === 'final')
    .map(({ id }) => id)
    .toSorted()
    .join(', ')
