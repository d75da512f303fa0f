import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'

/** A snapshot of whatever machine, with the states that XState keeps in it. */
export type ChartSnapshot = AnyMachineSnapshot & { readonly _nodes: readonly AnyStateNode[] }

const nodesUnder = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(nodesUnder)]

/** Every state of a machine, the root first. */
export const nodesOf = (machine: AnyStateMachine): AnyStateNode[] => nodesUnder(machine.root)

/** All transitions of a state, those of `always` last. */
export const transitionsFrom = (node: AnyStateNode): readonly AnyTransitionDefinition[] => [
  ...[...node.transitions.values()].flat(),
  ...(node.always ?? []),
]

/** The alternatives that a state has for an event, in order; `''`: those of `always`. */
export function alternativesOf(node: AnyStateNode, event: string): readonly AnyTransitionDefinition[] {
  return (event === '' ? node.always : node.transitions.get(event)) ?? []
}

/**
 * `session.ending.clearing logout[0]`: the state, the event, and which of its alternatives; `always` has no event. The same for a
 * transition of a chart, and of every `provide`d copy of it.
 */
export function transitionIdOf(definition: AnyTransitionDefinition): string {
  const { source } = definition
  // XState leaves its type open.
  const event = String(definition.eventType)
  const place = alternativesOf(source, event).indexOf(definition)
  return `${source.id} ${event === '' ? 'always' : event}[${place}]`
}

/** The atomic states that a snapshot is in, by id, sorted: `session.active.access.authenticated, …`. */
export const configurationOf = ({ _nodes }: { readonly _nodes: readonly AnyStateNode[] }): string =>
  _nodes
    .filter(({ type }) => type === 'atomic' || type === 'final')
    .map(({ id }) => id)
    .toSorted()
    .join(', ')
