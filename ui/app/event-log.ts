import type { Ending, Problem, SessionFact } from '../../machines/index.ts'
import type { Session } from '../../services/index.ts'
import { clockTime } from './format.ts'
import { cause } from './words.ts'

export interface LogEntry {
  readonly id: number
  readonly at: number
  readonly type: SessionFact['type']
  readonly text: string
}

export interface LogState {
  /** The newest first. */
  readonly entries: readonly LogEntry[]
  /** Renewals heard of since this page was opened. */
  readonly renewals: number
}

/** The facts that a session tells, as they happen; a store for `useSyncExternalStore`. */
export interface EventLog {
  subscribe(listener: () => void): () => void
  getState(): LogState
}

const longest = 60

/** One per fact: a new one does not compile until it is listed. */
const types = Object.keys({
  'session.started': 0,
  'session.renewed': 0,
  'session.reconnecting': 0,
  'session.ended': 0,
  'session.limitNear': 0,
  'session.troubled': 0,
  'login.completed': 0,
  'login.failed': 0,
  'silentLogin.ended': 0,
  'logout.finished': 0,
  'profile.loaded': 0,
  'profile.failed': 0,
  'metadata.loaded': 0,
  'metadata.saved': 0,
  'metadata.refused': 0,
} satisfies Record<SessionFact['type'], 0>) as SessionFact['type'][] // keys of that very record

function stagesOf(ending: Ending): string {
  const { clearing, revoking, leavingProvider } = ending.problems
  const told = (outcome: string, problem?: Problem) =>
    problem === undefined ? outcome : `${outcome} (${problem.code})`
  return [
    `removed ${told(ending.clearing, clearing)}`,
    `revoked ${told(ending.revoking, revoking)}`,
    `provider ${told(ending.leavingProvider, leavingProvider)}`,
  ].join(', ')
}

export function describeFact(fact: SessionFact): string {
  switch (fact.type) {
    case 'session.started':
      return `Signed in as ${fact.subject}`
    case 'session.renewed':
      return `Renewed, until ${clockTime(fact.expiresAt)}`
    case 'session.reconnecting':
      return 'The access token cannot be used; renewing'
    case 'session.ended':
      return `Ended: ${fact.reason}`
    case 'session.limitNear':
      return `Near its end (${fact.limit}) at ${clockTime(fact.at)}`
    case 'session.troubled':
      return `Troubled: ${cause(fact.problem)}`
    case 'login.completed':
      return fact.returnTo === undefined ? 'Login completed' : `Login completed, back to ${fact.returnTo}`
    case 'login.failed':
      return `Login failed: ${fact.problem.code}`
    case 'silentLogin.ended':
      return fact.problem === undefined ? 'Nobody is signed in at the provider' : `Not asked: ${cause(fact.problem)}`
    case 'logout.finished':
      return `Finished: ${stagesOf(fact.ending)}`
    case 'profile.loaded':
      return 'Profile loaded'
    case 'profile.failed':
      return `Profile failed: ${cause(fact.problem)}`
    case 'metadata.loaded':
      return 'Details loaded'
    case 'metadata.saved':
      return 'Details saved'
    case 'metadata.refused':
      return `Details refused: ${cause(fact.problem)}`
  }
}

export function createEventLog(session: Pick<Session, 'on'>, now: () => number = Date.now): EventLog {
  const listeners = new Set<() => void>()
  let state: LogState = { entries: [], renewals: 0 }
  let count = 0
  const note = (fact: SessionFact) => {
    count += 1
    const entry = { id: count, at: now(), type: fact.type, text: describeFact(fact) }
    state = {
      entries: [entry, ...state.entries].slice(0, longest),
      renewals: state.renewals + (fact.type === 'session.renewed' ? 1 : 0),
    }
    for (const listener of listeners) listener()
  }
  for (const type of types) session.on(type, note)
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getState: () => state,
  }
}
