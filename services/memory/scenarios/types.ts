import type { SessionPolicy } from '../../../machines/session/types.ts'
import type { SceneStep } from '../scene.ts'

/** A situation that people get into, told in moments: data that is played on the production charts. */
export interface Scenario {
  /** Stays as it is: links lead here by it. */
  readonly id: string
  readonly title: string
  /** One sentence: what there is to see. */
  readonly about: string
  /** What differs from `testPolicy`. */
  readonly policy?: Partial<SessionPolicy>
  /** How many tabs; default 1. */
  readonly tabs?: number
  /** Id of the chart in which most of it happens, while that one runs; default `session`. */
  readonly chart?: 'session' | 'renewal' | 'account'
  /** Id of the state within which most of it happens. */
  readonly within?: string
  readonly moments: readonly ScenarioMoment[]
  /** For each tab, the states in which its session ends, as in `active.access.authenticated`. */
  readonly endsAt: readonly (readonly string[])[]
}

/** A moment of a scenario: what is said of it, and the steps that bring it about. */
export interface ScenarioMoment {
  /** What happens, for whoever has never seen a chart. */
  readonly caption: string
  readonly steps: readonly SceneStep[]
}
