import type { AnyActorRef, AnyMachineSnapshot } from 'xstate'
import type { ChartSnapshot } from '../model/nodes.ts'
import type { RunningService, Situation, Wait } from './records.ts'
import { scheduledIn } from './steps.ts'

/** A machine's snapshot is one of these; XState's own type keeps the states to itself. */
export const isChart = (snapshot: unknown): snapshot is ChartSnapshot =>
  typeof snapshot === 'object' && snapshot !== null && 'machine' in snapshot && '_nodes' in snapshot

/** Child actors of a machine, by the id under which they are invoked. */
export const childrenOf = (snapshot: AnyMachineSnapshot): readonly (readonly [string, AnyActorRef])[] =>
  Object.entries(snapshot.children as Readonly<Record<string, AnyActorRef | undefined>>).flatMap(([id, child]) =>
    child === undefined ? [] : [[id, child] as const],
  )

/** Neither at its end, nor stopped, nor broken. */
export const isActive = (actor: AnyActorRef): boolean => {
  const snapshot: unknown = actor.getSnapshot()
  return typeof snapshot === 'object' && snapshot !== null && 'status' in snapshot && snapshot.status === 'active'
}

/** Remembers since when services run and transitions wait: XState says the first of neither, and the second by the wall alone. */
export type Beginnings = WeakMap<object, number>

/** Where a chart is. `at`: epoch ms, and the beginning of whatever was not there before. */
export function situationOf(
  actor: AnyActorRef,
  snapshot: ChartSnapshot,
  at: number,
  beginnings: Beginnings,
): Situation {
  const since = (thing: object, first = at): number => {
    const known = beginnings.get(thing) ?? first
    beginnings.set(thing, known)
    return known
  }
  const services = childrenOf(snapshot).flatMap(([id, child]): RunningService[] => {
    const state = snapshot._nodes.find(({ invoke }) => invoke.some((one) => one.id === id))
    // A service that has answered stays among the children until its state is left.
    if (state === undefined || !isActive(child)) return []
    return [{ id, state: state.id, since: since(child) }]
  })
  const waits = scheduledIn(actor).flatMap((scheduled): Wait[] => {
    const { event, delay, source } = scheduled
    const state = snapshot._nodes.find(({ after }) => after.some(({ eventType }) => eventType === event.type))
    if (source !== actor || state === undefined) return []
    const begun = since(scheduled)
    return [{ event: event.type, state: state.id, since: begun, until: begun + Math.max(0, delay) }]
  })
  // XState lists states in the order in which they were entered.
  const states = snapshot._nodes.toSorted((one, other) => one.order - other.order).map(({ id }) => id)
  return { states, services, waits }
}
