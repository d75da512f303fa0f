import { assign, createMachine, initialTransition, type AnyStateMachine, type EventObject } from 'xstate'

type Transitions = Readonly<Record<string, unknown>>

/** What a derivation has to know of a state's configuration; all else is taken as it is. */
interface StateConfig {
  readonly states?: Readonly<Record<string, StateConfig>>
  readonly on?: Transitions
  readonly after?: Transitions
  readonly invoke?: Invocation | readonly Invocation[]
  readonly [other: string]: unknown
}

interface Invocation {
  readonly id: string
  readonly onDone?: unknown
  readonly onError?: unknown
}

/** Where charts get the time from, as ours have it in their context. A chart without one has no use for it. */
interface TimedContext {
  readonly clock?: { now(): number; chance(): number }
}

const moments = new WeakMap<EventObject, number>()

/** The same event, happening at this time (epoch ms); in the model, the chart's clock says so while it takes the event. */
export function at<TEvent extends EventObject>(now: number, event: TEvent): TEvent {
  const happening = { ...event }
  moments.set(happening, now)
  // Only in print does the event itself say when, so that two of them differ there.
  Object.defineProperty(happening, 'toJSON', { value: () => ({ ...event, at: now }) })
  return happening
}

/** When an event of the model happens, epoch ms; `undefined`: at no time in particular. */
export const timeOf = (event: EventObject): number | undefined => moments.get(event)

/**
 * The model of a production machine: a pure machine that invokes nothing and waits for nothing. Invocations and delays have become
 * the plain events that they raise (`xstate.done.actor.ID`, `xstate.error.actor.ID`, `xstate.after.DELAY.STATE`). Guards, assigns
 * and raised events are the production ones; every other action is left out. Ids of states and the order of transitions stay, so
 * that a transition has the same id in both (see `catalogueOf`). `createTestModel` of `@xstate/test` takes it.
 *
 * Give every invocation an id of its own, every delay a name, and every action with an effect a name in `setup`.
 */
export function derive(machine: AnyStateMachine, input: object): AnyStateMachine {
  const [{ context }] = initialTransition(machine, input)
  const { guards, actions } = machine.implementations
  // What is made here is a configuration, but of no type that could be written down.
  const written = machine.config as unknown as StateConfig
  const config = { ...pure(written, machine.id), id: machine.id, context, output: undefined }
  const derived = createMachine(config as never).provide({ guards, actions: pureActions(actions) })
  // In the model, time is what the event says; all that an event leads to happens at that time.
  const { transition } = derived
  derived.transition = (snapshot, event, scope) => transition(atTime(snapshot, timeOf(event)), event, scope)
  return derived
}

function pure({ invoke = [], after = {}, on = {}, states, ...rest }: StateConfig, id: string): StateConfig {
  const raised: Record<string, unknown> = {}
  for (const { id: actor, onDone, onError } of [invoke].flat()) {
    if (onDone !== undefined) raised[`xstate.done.actor.${actor}`] = onDone
    if (onError !== undefined) raised[`xstate.error.actor.${actor}`] = onError
  }
  for (const [delay, transitions] of Object.entries(after)) raised[`xstate.after.${delay}.${id}`] = transitions
  const inner = Object.entries(states ?? {}).map(([key, state]) => [key, pure(state, `${id}.${key}`)] as const)
  return { ...rest, on: { ...on, ...raised }, ...(states === undefined ? {} : { states: Object.fromEntries(inner) }) }
}

type Actions = AnyStateMachine['implementations']['actions']

/** Assigns and raises have their say in the model; whatever reaches out does nothing there. */
function pureActions(actions: Actions): Actions {
  const isPure = (action: unknown) =>
    typeof action === 'function' && 'type' in action && ['xstate.assign', 'xstate.raise'].includes(String(action.type))
  return Object.fromEntries(
    Object.entries(actions).map(([name, action]) => [name, isPure(action) ? action : assign({})]),
  )
}

function atTime<TSnapshot extends { readonly context: TimedContext }>(snapshot: TSnapshot, now: number | undefined) {
  const { clock } = snapshot.context
  if (clock === undefined || now === undefined) return snapshot
  const stopped = { now: () => now, chance: clock.chance }
  // A snapshot's methods read its own fields, so that a changed copy is a snapshot as well.
  return { ...snapshot, context: { ...snapshot.context, clock: stopped } }
}
