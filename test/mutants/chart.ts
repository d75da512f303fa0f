import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'

/** One alternative of a transition, with its lists written out as lists. */
export interface Alternative {
  target?: string
  guard?: Guard
  actions: Action[]
  reenter?: boolean
  readonly description?: string
}

export type Action = string | { readonly type: string; readonly params?: unknown }
export type Guard = string | { readonly type: string } | CompositeGuard

/** `and`, `or` and `not` are functions that carry what they are made of. */
export interface CompositeGuard {
  (): boolean
  readonly check?: { readonly name: string }
  readonly guards?: readonly (string | { readonly type: string })[]
}

interface Invocation {
  readonly id: string
  input?: unknown
  onDone?: Alternative[]
  onError?: Alternative[]
}

/** A state as its configuration has it, with all lists written out, so that it can be changed in place. */
export interface State {
  initial?: string
  tags: string[]
  entry: Action[]
  exit: Action[]
  on: Record<string, Alternative[]>
  after: Record<string, Alternative[]>
  always: Alternative[]
  invoke: Invocation[]
  states?: Record<string, State>
}

type List<T> = T | readonly T[] | undefined
interface RawInvocation {
  readonly id: string
  readonly onDone?: List<Partial<Alternative>>
  readonly onError?: List<Partial<Alternative>>
}
interface RawState {
  readonly tags?: List<string>
  readonly entry?: List<Action>
  readonly exit?: List<Action>
  readonly on?: Readonly<Record<string, List<Partial<Alternative>>>>
  readonly after?: Readonly<Record<string, List<Partial<Alternative>>>>
  readonly always?: List<Partial<Alternative>>
  readonly invoke?: List<RawInvocation>
  readonly states?: Readonly<Record<string, RawState>>
}

const list = <T>(value: List<T>): T[] => (value === undefined ? [] : ([value].flat() as T[]))

const alternatives = (raw: List<Partial<Alternative>>): Alternative[] =>
  list(raw).map((one) => ({ ...one, actions: list(one.actions) }))

const each = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

function stateFrom({ tags, entry, exit, on, after, always, invoke, states, ...rest }: RawState): State {
  return {
    ...rest,
    tags: list(tags),
    entry: list(entry),
    exit: list(exit),
    on: each(on ?? {}, alternatives),
    after: each(after ?? {}, alternatives),
    always: alternatives(always),
    invoke: list(invoke).map(({ onDone, onError, ...one }) => ({
      ...one,
      ...(onDone === undefined ? {} : { onDone: alternatives(onDone) }),
      ...(onError === undefined ? {} : { onError: alternatives(onError) }),
    })),
    ...(states === undefined ? {} : { states: each(states, stateFrom) }),
  }
}

/** A copy of a chart's configuration that shares nothing with it but functions and what is never changed here. */
export const copyOf = (machine: AnyStateMachine): State => stateFrom(machine.config as RawState)

export const nodesUnder = (node: AnyStateNode): AnyStateNode[] => [
  node,
  ...Object.values(node.states).flatMap(nodesUnder),
]

/** The same state in a copy of the configuration. */
export function stateAt(root: State, path: readonly string[]): State {
  return path.reduce((state, key) => {
    const inner = state.states?.[key]
    if (inner === undefined) throw new Error(`There is no state ${path.join('.')} in the copy.`)
    return inner
  }, root)
}

/** A place where a state says what happens on one event, with its alternatives in order. */
export interface Slot {
  /** As people read it: `page.resumed`, `restoreSession failed`, `untilDue`, `at once`. */
  readonly name: string
  /** As XState names the event. */
  readonly eventType: string
  readonly kind: 'event' | 'delay' | 'always' | 'answer' | 'failure'
  of(state: State): Alternative[]
  /** Takes the whole place away. */
  clear(state: State): void
}

export function slotsOf(node: AnyStateNode, state: State): Slot[] {
  const answers = (name: string, port: 'onDone' | 'onError', kind: Slot['kind']): Slot[] =>
    state.invoke.flatMap(({ id, [port]: handled }, index) =>
      handled === undefined
        ? []
        : [
            {
              name: `${id} ${kind === 'answer' ? 'done' : 'failed'}`,
              eventType: `xstate.${name}.actor.${id}`,
              kind,
              of: ({ invoke }) => invoke[index]?.[port] ?? [],
              clear: ({ invoke }) => {
                delete invoke[index]?.[port]
              },
            },
          ],
    )
  return [
    ...Object.keys(state.on).map((name): Slot => ({
      name,
      eventType: name,
      kind: 'event',
      of: ({ on }) => on[name] ?? [],
      clear: ({ on }) => {
        delete on[name]
      },
    })),
    ...answers('done', 'onDone', 'answer'),
    ...answers('error', 'onError', 'failure'),
    ...Object.keys(state.after).map((name): Slot => ({
      name,
      eventType: `xstate.after.${name}.${node.id}`,
      kind: 'delay',
      of: ({ after }) => after[name] ?? [],
      clear: ({ after }) => {
        delete after[name]
      },
    })),
    ...(state.always.length === 0
      ? []
      : [
          {
            name: 'at once',
            eventType: '',
            kind: 'always' as const,
            of: ({ always }: State) => always,
            clear: (changed: State) => {
              changed.always = []
            },
          },
        ]),
  ]
}

/** Where the alternatives of a slot lead to in the running chart. */
export function targetsOf(node: AnyStateNode, { eventType, kind }: Slot): (AnyStateNode | undefined)[] {
  const formatted: readonly AnyTransitionDefinition[] =
    kind === 'always' ? (node.always ?? []) : (node.transitions.get(eventType) ?? [])
  return formatted.map(({ target }) => target?.[0])
}

/** The sibling that comes next in the chart, the first after the last; `undefined` for one that has none to be taken for. */
export function nextSibling(node: AnyStateNode): AnyStateNode | undefined {
  if (node.parent === undefined || node.parent.type === 'parallel') return undefined
  const siblings = Object.values(node.parent.states)
  const next = siblings[(siblings.indexOf(node) + 1) % siblings.length]
  return next === node ? undefined : next
}
