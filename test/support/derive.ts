import { createMachine, initialTransition, type AnyStateMachine, type EventObject } from 'xstate'

type Transitions = Readonly<Record<string, unknown>>

/** What a derivation has to know of a state's configuration; all else is taken as it is. */
interface StateConfig {
  readonly initial?: string
  readonly states?: Readonly<Record<string, StateConfig>>
  readonly on?: Transitions
  readonly after?: Transitions
  readonly invoke?: Invocation | readonly Invocation[]
}

interface Invocation {
  readonly id: string
  readonly onDone?: unknown
  readonly onError?: unknown
}

/**
 * A machine like the production one that invokes nothing and waits for nothing: its invocations and delays have become the
 * plain events that they raise. Guards and actions stay the production ones, so the actions have to be pure. Events that are
 * left out do not happen in the model.
 */
export function derive(machine: AnyStateMachine, input: object, leftOut: readonly string[] = []): AnyStateMachine {
  const [{ context }] = initialTransition(machine, input)
  const { guards, actions } = machine.implementations
  // What is made here is a configuration, but of no type that could be written down.
  const config = {
    ...pure(machine.config as StateConfig, machine.id, leftOut),
    id: machine.id,
    context,
    output: undefined,
  }
  return createMachine(config as never).provide({ guards, actions })
}

function pure(
  { invoke = [], after = {}, on = {}, states, ...rest }: StateConfig,
  id: string,
  leftOut: readonly string[],
): StateConfig {
  const raised: Record<string, unknown> = {}
  for (const { id: actor, onDone, onError } of [invoke].flat()) {
    if (onDone !== undefined) raised[`xstate.done.actor.${actor}`] = onDone
    if (onError !== undefined) raised[`xstate.error.actor.${actor}`] = onError
  }
  for (const [delay, transitions] of Object.entries(after)) raised[`xstate.after.${delay}.${id}`] = transitions
  for (const type of leftOut) delete raised[type]
  return {
    ...rest,
    on: { ...on, ...raised },
    ...(states === undefined
      ? {}
      : {
          states: Object.fromEntries(
            Object.entries(states).map(([key, state]) => [key, pure(state, `${id}.${key}`, leftOut)]),
          ),
        }),
  }
}

/** The events that delays raise, in every state of the machine. */
export function delayEvents(machine: AnyStateMachine): EventObject[] {
  const types: readonly string[] = machine.events
  return types.filter((type) => type.startsWith('xstate.after.')).map((type) => ({ type }))
}
