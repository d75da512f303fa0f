import { and, createMachine, type AnyStateMachine, type AnyStateNode } from 'xstate'
import {
  copyOf,
  nextSibling,
  nodesUnder,
  slotsOf,
  stateAt,
  targetsOf,
  type Action,
  type Alternative,
  type CompositeGuard,
  type Guard,
  type Slot,
  type State,
} from './chart.ts'

/** What is done to a chart, each a mistake that somebody makes. */
export const kinds = [
  'transition dropped',
  'action dropped',
  'target swapped',
  'target dropped',
  'guard always true',
  'guard never true',
  'order changed',
  're-entry dropped',
  'delay dropped',
  'invocation dropped',
  'error handler dropped',
  'input dropped',
  'tag dropped',
] as const

export type Kind = (typeof kinds)[number]

export interface Mutant {
  /** Where, and what was done: the same in every run. Alternatives count from 1. */
  readonly id: string
  readonly kind: Kind
  /** The chart's name. */
  readonly chart: string
  /** The state, and XState's name of the event, where tests would notice it first. */
  readonly state: string
  readonly eventType?: string
  /** What was changed, for people. */
  readonly words: string
  make(): AnyStateMachine
}

/** What is changed in one state. */
interface Change {
  readonly kind: Kind
  /** The second half of the id. */
  readonly place: string
  readonly eventType?: string
  readonly words: string
  edit(state: State): void
}

/** More steps than this without an event are a loop. */
const mostSteps = 200

/** The same chart, made once more from a copy of its configuration, in which something may be changed before. */
export function remade(machine: AnyStateMachine, change: (root: State) => void = () => {}): AnyStateMachine {
  const copy = copyOf(machine)
  change(copy)
  const config = { ...copy, options: { maxIterations: mostSteps } }
  // A configuration and what stands behind it, but of no types that could be written down.
  return createMachine(config as never).provide(machine.implementations as never)
}

/** Every machine that differs from this one by a single mistake. */
export function mutantsOf(machine: AnyStateMachine): Mutant[] {
  const original = copyOf(machine)
  return nodesUnder(machine.root).flatMap((node) =>
    changesOf(node, stateAt(original, node.path)).map(({ kind, place, eventType, words, edit }): Mutant => ({
      id: `${node.id} ${place}`,
      kind,
      chart: machine.id,
      state: node.id,
      ...(eventType === undefined ? {} : { eventType }),
      words: `In ${node.id}, ${words}`,
      make: () => remade(machine, (root) => edit(stateAt(root, node.path))),
    })),
  )
}

function changesOf(node: AnyStateNode, state: State): Change[] {
  return [
    ...initialChange(node),
    ...actionChanges('entry', state.entry, (changed) => changed.entry),
    ...actionChanges('exit', state.exit, (changed) => changed.exit),
    ...state.tags.map((tag, index): Change => ({
      kind: 'tag dropped',
      place: `tags: drop ${tag}`,
      words: `the tag ${tag} is gone.`,
      edit: ({ tags }) => void tags.splice(index, 1),
    })),
    ...state.invoke.flatMap(invocationChanges),
    ...slotsOf(node, state).flatMap((slot) => slotChanges(node, state, slot)),
  ]
}

function invocationChanges({ id, input }: State['invoke'][number], index: number): Change[] {
  return [
    {
      kind: 'invocation dropped',
      place: `invoke ${id}: drop`,
      words: `${id} is not invoked.`,
      edit: ({ invoke }) => void invoke.splice(index, 1),
    },
    ...(input === undefined
      ? []
      : [
          {
            kind: 'input dropped' as const,
            place: `invoke ${id}: drop input`,
            words: `${id} is invoked without its input.`,
            edit: ({ invoke }: State) => {
              delete invoke[index]?.input
            },
          },
        ]),
  ]
}

function initialChange(node: AnyStateNode): Change[] {
  if (node.type !== 'compound') return []
  const first = node.initial.target[0]
  const next = first && nextSibling(first)
  if (first === undefined || next === undefined) return []
  return [
    {
      kind: 'target swapped',
      place: `initial: ${next.key} for ${first.key}`,
      words: `it begins with ${next.key} instead of ${first.key}.`,
      edit: (state) => {
        state.initial = next.key
      },
    },
  ]
}

const nameOf = (action: Action): string => (typeof action === 'string' ? action : action.type)

function actionChanges(
  where: string,
  actions: readonly Action[],
  of: (state: State) => Action[],
  said = '',
  eventType?: string,
): Change[] {
  return actions.map((action, index) => {
    const twins = actions.filter((other) => nameOf(other) === nameOf(action))
    const name = twins.length === 1 ? nameOf(action) : `${nameOf(action)} (${twins.indexOf(action) + 1})`
    return {
      kind: 'action dropped',
      place: `${where}: drop ${name}`,
      ...(eventType === undefined ? {} : { eventType }),
      words: `on ${where}${said}, the action ${name} is gone.`,
      edit: (state) => void of(state).splice(index, 1),
    }
  })
}

function slotChanges(node: AnyStateNode, state: State, slot: Slot): Change[] {
  const { name, eventType } = slot
  const alternatives = slot.of(state)
  const whole = wholeKind(slot)
  const changes = alternatives.flatMap((alternative, index) =>
    alternativeChanges(node, slot, alternative, alternatives, index),
  )
  const dropped: Change[] =
    whole === undefined
      ? []
      : [{ kind: whole, place: `${name}: drop`, eventType, words: `nothing is said of ${name}.`, edit: slot.clear }]
  return [...dropped, ...changes, ...orderChanges(slot, alternatives)]
}

/** Where the whole place is a thing of its own. */
function wholeKind({ kind }: Slot): Kind | undefined {
  if (kind === 'delay') return 'delay dropped'
  return kind === 'failure' ? 'error handler dropped' : undefined
}

function alternativeChanges(
  node: AnyStateNode,
  slot: Slot,
  alternative: Alternative,
  { length }: readonly Alternative[],
  index: number,
): Change[] {
  const place = length === 1 ? slot.name : `${slot.name}[${index + 1}]`
  const said = alternative.description === undefined ? '' : ` ("${alternative.description}")`
  const change = (kind: Kind, what: string, words: string, edit: (one: Alternative) => void): Change => ({
    kind,
    place: `${place}: ${what}`,
    eventType: slot.eventType,
    words: `on ${place}${said}, ${words}`,
    edit: (state) => {
      const one = slot.of(state)[index]
      if (one !== undefined) edit(one)
    },
  })
  const target = targetsOf(node, slot)[index]
  const sibling = target && nextSibling(target)
  const isWhole = length === 1 && wholeKind(slot) !== undefined
  const { guard } = alternative
  return [
    ...(isWhole
      ? []
      : [
          {
            ...change('transition dropped', 'drop', 'the transition is gone.', () => {}),
            edit: (state: State) => (length === 1 ? slot.clear(state) : void slot.of(state).splice(index, 1)),
          },
        ]),
    ...(target === undefined
      ? []
      : [
          change('target dropped', 'stay', `it stays instead of going to ${target.id}.`, (one) => {
            delete one.target
          }),
        ]),
    ...(target === undefined || sibling === undefined
      ? []
      : [
          change(
            'target swapped',
            `${sibling.key} for ${target.key}`,
            `it goes to ${sibling.id} instead of ${target.id}.`,
            (one) => {
              one.target = `#${sibling.id}`
            },
          ),
        ]),
    ...(guard === undefined
      ? []
      : [
          change('guard always true', 'always', 'the guard always holds.', (one) => {
            delete one.guard
          }),
          change('guard never true', 'never', 'the guard never holds.', (one) => {
            one.guard = () => false
          }),
          ...partChanges(guard, change),
        ]),
    ...(alternative.reenter === true
      ? [
          change('re-entry dropped', 'no re-entry', 'the state is not entered anew.', (one) => {
            delete one.reenter
          }),
        ]
      : []),
    ...actionChanges(place, alternative.actions, (state) => slot.of(state)[index]?.actions ?? [], said, slot.eventType),
  ]
}

/** Of a guard that is made of several, each part can be lost by itself. */
function partChanges(
  guard: Guard,
  change: (kind: Kind, what: string, words: string, edit: (one: Alternative) => void) => Change,
): Change[] {
  if (typeof guard !== 'function' || guard.check?.name !== 'checkAnd') return []
  return (guard.guards ?? []).map((part, index) => {
    const name = nameOf(part)
    return change('guard always true', `${name} always`, `${name} always holds.`, (one) => {
      const others = guard.guards?.filter((_, other) => other !== index) ?? []
      one.guard = and(others as never) as unknown as CompositeGuard
    })
  })
}

function orderChanges(slot: Slot, alternatives: readonly Alternative[]): Change[] {
  return alternatives.slice(1).flatMap((later, index) => {
    if (later.guard === undefined || alternatives[index]?.guard === undefined) return []
    const pair = `${index + 1} and ${index + 2}`
    return [
      {
        kind: 'order changed',
        place: `${slot.name}: ${pair} reordered`,
        eventType: slot.eventType,
        words: `on ${slot.name}, the alternatives ${pair} have changed places.`,
        edit: (state) =>
          slot.of(state).splice(
            index,
            2,
            ...slot
              .of(state)
              .slice(index, index + 2)
              .toReversed(),
          ),
      },
    ]
  })
}
