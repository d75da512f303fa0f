import type { AnyStateMachine } from 'xstate'
import { nodesOf, transitionIdOf, transitionsFrom } from './nodes.ts'

/**
 * The sentences of Sessionchart's own charts, by the machine's id and that of the state or transition. Here the machines say them
 * themselves. In the package they do not, so that apps which draw nothing do not load them: `npm run build:package` puts them here.
 */
const moved: Readonly<Record<string, Readonly<Record<string, string>>>> = {}

/** What is said of each state and transition of a machine, by id; `''`: nothing. */
export type Descriptions = ReadonlyMap<string, string>

const known = new WeakMap<AnyStateMachine, Descriptions>()

export function descriptionsOf(machine: AnyStateMachine): Descriptions {
  const found = known.get(machine) ?? withMoved(machine.id, said(machine))
  known.set(machine, found)
  return found
}

const said = (machine: AnyStateMachine): Descriptions =>
  new Map(
    nodesOf(machine).flatMap((node) => [
      [node.id, node.description ?? ''] as const,
      ...transitionsFrom(node).map((one) => [transitionIdOf(one), one.description ?? ''] as const),
    ]),
  )

function withMoved(machine: string, own: Descriptions): Descriptions {
  const ours = new Map(Object.entries(moved[machine] ?? {}))
  // An app's own machine may have the id of one of ours; it does not have the same states and transitions.
  const isOurs = ours.size === own.size && [...own.keys()].every((id) => ours.has(id))
  return isOurs ? new Map([...own].map(([id, words]) => [id, words || (ours.get(id) ?? '')])) : own
}
