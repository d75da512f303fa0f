/**
 * What a running chart did, as plain data: it can be cloned, sent to another tab and kept in a file. It names states, transitions
 * and events, and of events no more than an allow-list says; no token gets in by construction.
 */
export type ChartRecord = Started | Stepped | Ended

interface Common {
  /** Counts up by one within a recording, from 1: a gap says that a record was lost. */
  readonly number: number
  /** Epoch ms, by the clock of the chart. */
  readonly at: number
  /** Which running chart, unique within a recording. */
  readonly actor: string
}

/** A chart began to run, was running already, or came back from a snapshot. */
export interface Started extends Common {
  readonly kind: 'started'
  /** The machine's id: `session`. */
  readonly chart: string
  /** The actor that invoked it, and by which id; `null`: the outermost. */
  readonly invokedBy: { readonly actor: string; readonly id: string } | null
  readonly now: Situation
}

/** A chart took an event, or ignored it. */
export interface Stepped extends Common {
  readonly kind: 'stepped'
  /** The event's type. */
  readonly event: string
  /** Of what else the event says, what the allow-list names. */
  readonly details: Readonly<Record<string, string | number | boolean>>
  /** Transitions taken, by id, in order; empty: the event was ignored. */
  readonly taken: readonly string[]
  /** Guards that were asked, by the id of their transition, and what they said. */
  readonly asked: readonly { readonly id: string; readonly said: boolean }[]
  readonly now: Situation
}

/** A chart came to its end, or was stopped. */
export interface Ended extends Common {
  readonly kind: 'ended'
}

/** Where a chart is. */
export interface Situation {
  /** Ids of all states that it is in, compound ones included, in document order. */
  readonly states: readonly string[]
  /** Services that run. */
  readonly services: readonly RunningService[]
  /** Delayed transitions that wait. */
  readonly waits: readonly Wait[]
}

/** A service that runs now. */
export interface RunningService {
  /** The id under which a state invokes it. */
  readonly id: string
  /** The state. */
  readonly state: string
  /** Epoch ms. */
  readonly since: number
}

/** A wait that has not ended yet. */
export interface Wait {
  /** The transition's event: `xstate.after.untilDue.session.active.access.authenticated`. */
  readonly event: string
  readonly state: string
  /** Epoch ms. */
  readonly since: number
  readonly until: number
}

/** What a view shows of one running chart at one moment: where it is, and how it came there. */
export interface Moment {
  readonly actor: string
  readonly chart: string
  readonly invokedBy: Started['invokedBy']
  /** Epoch ms of the record that led here. */
  readonly at: number
  readonly now: Situation
  /** The transitions that led here, by id. */
  readonly taken: readonly string[]
}

/** What is kept of a running chart: the last records, and where everything was before the first of them. */
export interface Recording {
  readonly base: readonly Moment[]
  /** In order of their numbers, without a gap. */
  readonly records: readonly ChartRecord[]
}
