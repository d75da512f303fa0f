import type { AnyStateMachine, EventObject, StateMachine } from 'xstate'
import { at } from './derive.ts'
import { nodesOf } from '../../ui/visualizer/model/nodes.ts'

/** At least one, so that nothing goes without. */
type Some<TItem> = readonly [TItem, ...TItem[]]

/** What may come of a service, and when (epoch ms; left out: at the usual time). */
export interface Output<TOutput> {
  readonly now?: number
  readonly output: TOutput
}
/** How a service may fail, and when. */
export interface Failure {
  readonly now?: number
  readonly error: unknown
}
/** What else may happen (a wait that ends, an event from outside), and when. */
export interface Happening<TEvent> {
  readonly now?: number
  readonly event: TEvent
}

/**
 * Samples of everything that can happen to a machine; each guard should find one for which it holds and one for which it does not.
 * Write them with `satisfies Samples<…>`, and a new event, service or delay does not compile until it has samples.
 */
export interface Samples<
  TEvent extends EventObject,
  TOutputs extends object,
  TFailing extends string,
  TDelay extends string,
> {
  readonly events: { readonly [TType in TEvent['type']]: Some<Happening<Extract<TEvent, { readonly type: TType }>>> }
  /** What services answer, by the id of their invocation. */
  readonly done: { readonly [TPort in keyof TOutputs]: Some<Output<TOutputs[TPort]>> }
  readonly failed: { readonly [TPort in TFailing]: Some<Failure> }
  /** When a wait may end, by the name of the delay, epoch ms. */
  readonly delays: { readonly [TName in TDelay]: Some<number> }
}

/** Samples of whatever machine. */
export interface AnySamples {
  readonly events: Readonly<Record<string, readonly Happening<EventObject>[]>>
  readonly done: Readonly<Record<string, readonly Output<unknown>[]>>
  readonly failed: Readonly<Record<string, readonly Failure[]>>
  readonly delays: Readonly<Record<string, readonly number[]>>
}

/** The events of a derived machine, one for each sample and, of delays, for each state that waits. `usual`: epoch ms. */
export function eventsOf(machine: AnyStateMachine, samples: AnySamples, usual: number): readonly EventObject[] {
  const plain = Object.values(samples.events).flatMap((all) => all.map(({ now, event }) => at(now ?? usual, event)))
  const done = Object.entries(samples.done).flatMap(([port, all]) =>
    all.map(({ now, output }) => at(now ?? usual, { type: `xstate.done.actor.${port}`, output })),
  )
  const failed = Object.entries(samples.failed).flatMap(([port, all]) =>
    all.map(({ now, error }) => at(now ?? usual, { type: `xstate.error.actor.${port}`, error })),
  )
  const delayed = nodesOf(machine).flatMap(({ transitions }) =>
    [...transitions.keys()].flatMap((type) => {
      const delay = /^xstate\.after\.([^.]+)\./.exec(type)?.[1]
      return delay === undefined ? [] : (samples.delays[delay] ?? []).map((now) => at(now, { type }))
    }),
  )
  return [...plain, ...done, ...failed, ...delayed]
}

// Type parameters come by their place, so that those before and after have to be named.
/* oxlint-disable no-unused-vars */
/** The names of a machine's delays. */
export type DelayOf<TMachine> =
  TMachine extends StateMachine<
    infer _Context,
    infer _Event,
    infer _Children,
    infer _Actor,
    infer _Action,
    infer _Guard,
    infer TDelay,
    infer _StateValue,
    infer _Tag,
    infer _Input,
    infer _Output,
    infer _Emitted,
    infer _Meta,
    infer _Config
  >
    ? TDelay
    : never
/* oxlint-enable no-unused-vars */
