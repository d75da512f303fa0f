import { Actor, type AnyActor, type AnyMachineSnapshot, type AnyStateMachine, type InspectionEvent } from 'xstate'
import type { Mutant } from './mutate.ts'

/**
 * Puts a mutant in the place of its chart: whoever has imported the chart, or invokes it, has the mutant, until the function
 * that is returned takes it out again. Charts are objects with fields; these become the mutant's.
 */
export function putOn(chart: AnyStateMachine, mutant: AnyStateMachine): () => void {
  const before = Object.assign({}, chart)
  Object.assign(chart, mutant)
  return () => void Object.assign(chart, before)
}

/** Where tests go: states that were entered, and transitions that were taken, as `state event`. */
export type Trail = ReadonlySet<string>

export const trailOf = ({ state, eventType }: Pick<Mutant, 'state' | 'eventType'>): string =>
  eventType === undefined ? state : `${state} ${eventType}`

/** More events than this in what one test has started are a circle; the longest life in the tests has a quarter of that. */
const mostEvents = 100_000

/**
 * Watches all actors that tests start. They are stopped after each test, and one that runs in circles, from promise to promise,
 * is stopped at once: nothing else would come to its turn.
 */
export function watchActors(tellCircle: (error: Error) => void) {
  const running = new Set<AnyActor>()
  let trail: Set<string> | undefined
  const count = (root: AnyActor) => {
    let events = 0
    return ({ type }: InspectionEvent) => {
      if (type !== '@xstate.event') return
      events += 1
      if (events !== mostEvents) return
      tellCircle(new Error('It runs in circles.'))
      root.stop()
    }
  }
  const note = (event: InspectionEvent) => {
    if (trail === undefined || event.type !== '@xstate.microstep') return
    for (const { source, eventType } of event._transitions) trail.add(`${source.id} ${eventType}`)
    const { _nodes: nodes } = event.snapshot as AnyMachineSnapshot
    for (const { id } of nodes) trail.add(id)
  }
  // Its start is what every actor passes.
  const prototype = Actor.prototype as AnyActor
  const start = prototype.start
  prototype.start = function (this: AnyActor) {
    if (this._parent === undefined && !running.has(this)) {
      running.add(this)
      this.system.inspect(note)
      this.system.inspect(count(this))
    }
    return start.call(this)
  }
  return {
    stopAll: () => {
      for (const actor of running) actor.stop()
      running.clear()
    },
    /** What is passed from now on, until the next call. */
    follow: (): Trail => (trail = new Set()),
    unfollow: () => {
      trail = undefined
    },
  }
}
