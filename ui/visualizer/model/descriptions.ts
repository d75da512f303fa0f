import type { AnyStateMachine } from 'xstate'
import { hashOfText } from '../layout/hash.ts'
import { nodesOf, transitionIdOf, transitionsFrom } from './nodes.ts'

/**
 * The sentences of Sessionchart's own charts, in order, by `fingerprintOf` the chart. Here the machines say them themselves. In the
 * package they do not, so that apps which draw nothing do not load them: `npm run build:package` puts them here.
 */
const moved: Readonly<Record<string, readonly string[]>> = {}

/** What is said of each state and transition of a machine, by id; `''`: nothing. */
export type Descriptions = ReadonlyMap<string, string>

const known = new WeakMap<AnyStateMachine, Descriptions>()

export function descriptionsOf(machine: AnyStateMachine): Descriptions {
  const found = known.get(machine) ?? withMoved(said(machine))
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

function withMoved(own: Descriptions): Descriptions {
  const ours = moved[fingerprintOf(own)]
  return ours === undefined ? own : new Map([...own].map(([id, words], place) => [id, words || (ours[place] ?? '')]))
}

/** Of the ids of all its states and transitions: an app's own machine may be called as one of ours, and is not taken for it. */
export const fingerprintOf = (descriptions: Descriptions): string => hashOfText([...descriptions.keys()].join('\n'))
