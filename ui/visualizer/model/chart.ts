import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'
import { descriptionsOf, type Descriptions } from './descriptions.ts'
import { guardShapeOf } from './guards.ts'
import { nodesOf, transitionIdOf, transitionsFrom } from './nodes.ts'

/** A chart as plain data: what there is to draw, print and compare of a machine. */
export interface ChartModel {
  readonly format: 1
  readonly id: string
  readonly description: string
  /** In document order, the root first. */
  readonly states: readonly ChartState[]
  readonly transitions: readonly ChartTransition[]
}

/** A state, as it is drawn. */
export interface ChartState {
  /** `session.active.access` */
  readonly id: string
  /** The last part of it. */
  readonly name: string
  /** `null`: the root. */
  readonly parent: string | null
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  /** Where it begins, by id; `null` where nothing is within, or all of it begins at once. */
  readonly initial: string | null
  readonly description: string
  readonly tags: readonly string[]
  readonly entry: readonly string[]
  readonly exit: readonly string[]
  readonly invokes: readonly ChartInvoke[]
  /** Of a history state: whether it remembers what is within the state that it remembers, too. */
  readonly history?: 'shallow' | 'deep'
  /** There is more within, which `fold` has left out. */
  readonly isClosed?: true
}

/** A service that a state invokes. */
export interface ChartInvoke {
  readonly id: string
  readonly src: string
  /** It is a machine with a chart of its own: that one's id. */
  readonly chart?: string
}

/** A transition, as it is drawn. */
export interface ChartTransition {
  /** `session.ending.clearing logout[0]`: the state, the event, and which of its alternatives. The same in every copy of a machine. */
  readonly id: string
  readonly source: string
  readonly targets: readonly string[]
  readonly kind: 'event' | 'always' | 'after' | 'done' | 'error'
  /** The event's type; `''` for `always`. */
  readonly event: string
  /** The event in words: `logout`, `after untilDue`, `restoreSession done`. */
  readonly name: string
  readonly guard: string | null
  readonly actions: readonly string[]
  /** It leaves its source and enters it again. */
  readonly reenters: boolean
  readonly description: string
}

/** All of a machine that can be drawn. Inline functions are told by a word, for they have no name. */
export function chartModelOf(machine: AnyStateMachine): ChartModel {
  const nodes = nodesOf(machine)
  const descriptions = descriptionsOf(machine)
  return {
    format: 1,
    id: machine.id,
    description: descriptions.get(machine.root.id) ?? '',
    states: nodes.map((node) => stateOf(node, descriptions)),
    transitions: nodes.flatMap((node) =>
      transitionsFrom(node).map((definition) => transitionOf(definition, descriptions)),
    ),
  }
}

function stateOf(node: AnyStateNode, descriptions: Descriptions): ChartState {
  return {
    id: node.id,
    name: node.key,
    parent: node.parent?.id ?? null,
    type: node.type,
    initial: node.type === 'compound' ? (node.initial.target[0]?.id ?? null) : null,
    description: descriptions.get(node.id) ?? '',
    tags: node.tags,
    // As written: XState adds the timers of `after` to both.
    entry: [node.config.entry ?? []].flat().map(nameOf),
    exit: [node.config.exit ?? []].flat().map(nameOf),
    invokes: node.invoke.map(({ id }, place) => invokeOf(id, sourcesOf(node)[place], node)),
    ...(node.type === 'history' && { history: node.history === 'deep' ? 'deep' : 'shallow' }),
  }
}

/** What a state invokes, as it is written: XState puts names of its own in the place of logic that has none. */
export const sourcesOf = ({ config }: AnyStateNode): readonly unknown[] =>
  [config.invoke ?? []]
    .flat()
    .map((invoked: unknown) =>
      typeof invoked === 'object' && invoked !== null && 'src' in invoked ? invoked.src : invoked,
    )

function invokeOf(id: string, src: unknown, { machine }: AnyStateNode): ChartInvoke {
  const isNamed = typeof src === 'string'
  const logic: unknown = isNamed ? machine.implementations.actors[src] : src
  return { id, src: isNamed ? src : 'inline', ...(isMachine(logic) && { chart: logic.id }) }
}

const isMachine = (logic: unknown): logic is AnyStateMachine =>
  typeof logic === 'object' && logic !== null && 'root' in logic && 'implementations' in logic

function transitionOf(definition: AnyTransitionDefinition, descriptions: Descriptions): ChartTransition {
  const id = transitionIdOf(definition)
  const event = String(definition.eventType)
  return {
    id,
    source: definition.source.id,
    targets: (definition.target ?? []).map(({ id }) => id),
    event,
    ...eventInWords(event),
    guard: definition.guard === undefined ? null : guardShapeOf(definition.guard).name,
    actions: definition.actions.map(nameOf),
    reenters: definition.reenter,
    description: descriptions.get(id) ?? '',
  }
}

function eventInWords(event: string): Pick<ChartTransition, 'kind' | 'name'> {
  if (event === '') return { kind: 'always', name: 'at once' }
  const after = /^xstate\.after\.(.+?)\./.exec(event)?.[1]
  if (after !== undefined) return { kind: 'after', name: /^\d+$/.test(after) ? `after ${after} ms` : after }
  const [, kind, id] = /^xstate\.(done|error)\.actor\.(?:\d+\.)?(.+)$/.exec(event) ?? []
  if (kind === 'done') return { kind, name: `${id} done` }
  if (kind === 'error') return { kind, name: `${id} failed` }
  const state = /^xstate\.done\.state\.(.+)$/.exec(event)?.[1]
  return state === undefined ? { kind: 'event', name: event } : { kind: 'done', name: `${state} done` }
}

/** A guard or an action, by the name under which the machine's `setup` has it. */
function nameOf(named: unknown): string {
  if (typeof named === 'string') return named
  if (typeof named === 'object' && named !== null && 'type' in named) return String(named.type)
  return typeof named === 'function' && 'type' in named ? String(named.type).replace(/^xstate\./, '') : 'inline'
}
