import type { AnyActorRef, AnyEventObject, InspectionEvent } from 'xstate'
import type { ChartSnapshot } from '../model/nodes.ts'
import { detailsOf, sessionDetails } from './details.ts'
import { extended } from './moments.ts'
import type { ChartRecord, Recording, Started } from './records.ts'
import { childrenOf, isActive, isChart, situationOf, type Beginnings } from './situation.ts'
import { hasStarted, isMicrostep, parentOf, scheduledIn, stepOf, type Microstep } from './steps.ts'

/** What `createRecorder` keeps. */
export interface RecorderOptions {
  /** The clock of the charts; default: that of the machine. */
  readonly clock?: { now(): number }
  /** What records may say of events besides their types, as paths into them; default: `sessionDetails`. */
  readonly allow?: readonly string[]
  /** How many records are kept; default 5,000. */
  readonly size?: number
}

/** Records what charts do, from when it is made until it is let go. */
export interface Recorder {
  /** For `createActor` or `createSession`. */
  readonly inspect: (inspected: InspectionEvent) => void
  /** Records an actor and its children that were made without `inspect`, whether they run already or not. Ends with what it returns. */
  attach(actor: AnyActorRef): () => void
  recording(): Recording
  /** The charts that run, in the order in which they began. */
  running(): readonly AnyActorRef[]
  /** Told of what was recorded in one turn of the event loop, all at once, and not before that turn is over. */
  subscribe(listener: (batch: readonly ChartRecord[]) => void): () => void
}

interface OpenStep {
  readonly place: number
  readonly at: number
  readonly microsteps: Microstep[]
}

type Unnumbered = ChartRecord extends infer TRecord
  ? TRecord extends ChartRecord
    ? Omit<TRecord, 'number'>
    : never
  : never

/** Puts what running charts do into records: all charts of a system, for as long as the recorder is told of them. */
export function createRecorder(options: RecorderOptions = {}): Recorder {
  const { clock = { now: () => Date.now() }, allow = sessionDetails, size = 5_000 } = options
  const beginnings: Beginnings = new WeakMap()
  /** Charts that run, with the states in which they were last at rest. */
  const running = new Map<AnyActorRef, ChartSnapshot['_nodes']>()
  /** Steps that have begun, with their place in the order. */
  const open = new Map<AnyActorRef, OpenStep>()
  let places = 0
  const opened = (): OpenStep => ({ place: (places += 1), at: clock.now(), microsteps: [] })
  let waiting: { readonly place: number; readonly record: Unnumbered }[] = []
  let last = 0
  let recording: Recording = { base: [], records: [] }
  let isScheduled = false
  const listeners = new Set<(batch: readonly ChartRecord[]) => void>()

  const note = (place: number, record: Unnumbered): void => {
    waiting.push({ place, record })
    schedule()
  }
  const schedule = (): void => {
    if (isScheduled) return
    isScheduled = true
    queueMicrotask(deliver)
  }

  /** What a step leads to (a child starts, the parent hears of an end) is told by XState before the step: put into order here. */
  function settle(): readonly ChartRecord[] {
    const least = Math.min(...[...open].filter(([actor]) => running.has(actor)).map(([, { place }]) => place))
    const done = waiting.filter(({ place }) => place < least)
    waiting = waiting.filter(({ place }) => place >= least)
    const batch = done
      .toSorted((a, b) => a.place - b.place)
      .map(({ record }): ChartRecord => ({ ...record, number: (last += 1) }))
    if (batch.length > 0) recording = extended(recording, batch, size)
    return batch
  }

  /** Records that were settled, and that nobody was told of yet. */
  let untold: ChartRecord[] = []
  function deliver(): void {
    isScheduled = false
    // No step is under way between two turns. A chart whose own code threw has never come to rest.
    for (const actor of running.keys()) if (!isActive(actor)) end(actor, opened())
    open.clear()
    const batch = [...untold, ...settle()]
    untold = []
    if (batch.length > 0) for (const listener of listeners) listener(batch)
  }

  function begin(actor: AnyActorRef, snapshot: ChartSnapshot, { place, at }: OpenStep): void {
    running.set(actor, snapshot._nodes)
    const now = situationOf(actor, snapshot, at, beginnings)
    note(place, {
      kind: 'started',
      at,
      actor: actor.sessionId,
      chart: snapshot.machine.id,
      invokedBy: invoker(actor),
      now,
    })
  }

  function end(actor: AnyActorRef, { place, at }: OpenStep): void {
    running.delete(actor)
    // Right behind its last step, and before what its parent makes of it.
    note(place + 0.5, { kind: 'ended', at, actor: actor.sessionId })
  }

  function rest(actor: AnyActorRef, event: AnyEventObject, snapshot: ChartSnapshot): void {
    const step = open.get(actor) ?? opened()
    const { place, at, microsteps } = step
    open.delete(actor)
    const before = running.get(actor)
    if (before === undefined) begin(actor, snapshot, step)
    else if (microsteps.length > 0 && event.type !== 'xstate.stop') {
      running.set(actor, snapshot._nodes)
      const { taken, asked } = stepOf(event.type, before, microsteps)
      const now = situationOf(actor, snapshot, at, beginnings)
      const details = detailsOf(event, allow)
      note(place, { kind: 'stepped', at, actor: actor.sessionId, event: event.type, details, taken, asked, now })
    }
    if (snapshot.status !== 'active') end(actor, step)
  }

  function inspect(inspected: InspectionEvent): void {
    // What is inspected is an actor; the type leaves room for others.
    const actor = inspected.actorRef as AnyActorRef
    if (isMicrostep(inspected)) {
      const step = open.get(actor) ?? opened()
      open.set(actor, step)
      step.microsteps.push(inspected)
    } else if (inspected.type === '@xstate.snapshot') {
      if (isChart(inspected.snapshot)) rest(actor, inspected.event, inspected.snapshot)
    } else if (inspected.type === '@xstate.event') {
      // It was made earlier, within the step that invokes it, and begins now.
      if (inspected.event.type === 'xstate.init' && isChart(actor.getSnapshot())) open.set(actor, opened())
      // An event that breaks a chart is followed by nothing else.
      if (running.has(actor)) schedule()
    }
  }

  /** It may run for a while: XState knows since when its timers run, by the wall. */
  function take(actor: AnyActorRef): void {
    const snapshot: unknown = actor.getSnapshot()
    if (running.has(actor) || !isChart(snapshot) || snapshot.status !== 'active') return
    begin(actor, snapshot, opened())
    for (const [, child] of childrenOf(snapshot)) take(child)
  }

  return {
    inspect,
    attach(actor) {
      const { unsubscribe } = actor.system.inspect(inspect)
      if (hasStarted(actor)) {
        const now = clock.now()
        for (const one of scheduledIn(actor)) beginnings.set(one, now - (Date.now() - one.startedAt))
        take(actor)
      }
      return unsubscribe
    },
    recording() {
      untold.push(...settle())
      return recording
    },
    running: () => [...running.keys()],
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function invoker(actor: AnyActorRef): Started['invokedBy'] {
  const parent = parentOf(actor)
  return parent === undefined ? null : { actor: parent.sessionId, id: actor.id }
}
