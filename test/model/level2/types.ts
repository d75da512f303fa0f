import type { AnyMachineSnapshot, AnyStateNode } from 'xstate'
import type { Fault, LocalProvider } from '../../../idp/index.ts'
import type { Session } from '../../../services/index.ts'
import type { Step } from '../../../ui/visualizer/recorder/steps.ts'
import type { Another, Browser } from './browser.ts'
import type { Gates } from './gates.ts'
import type { Stage } from './stage.ts'
import type { Refusal } from './storage.ts'

export type Snapshot = AnyMachineSnapshot & { readonly _nodes: readonly AnyStateNode[] }

/** A real session in a browser of its own, at the real provider, with everything that can happen to it in a driver's hands. */
export interface Play {
  readonly browser: Browser
  readonly provider: LocalProvider
  readonly stage: Stage
  readonly session: Session
  readonly gates: Gates
  /** What each chart has done so far. */
  readonly steps: Readonly<Record<string, readonly Step[]>>
  /** Where each chart is by now, or was when it ended. */
  readonly places: Readonly<Record<string, string | undefined>>
  /** What each remembers. */
  readonly contexts: Readonly<Record<string, unknown>>
  /** The model before the event. */
  expected: Snapshot
  /** What is wrong with the provider all the time. */
  readonly always: readonly Fault[]
  /** How often the person was active. */
  moves: number
  /** Resolves once this tab has looked at all that it had a reason to look at. */
  settled(): Promise<void>
  /** A tab that waits for an answer which this one holds. */
  opener: Another | null
  /** The storage of this app refuses from now on; `null`: it works. */
  refuse(refusal: Refusal | null): void
  /** What another tab does, with a storage that works for it. */
  elsewhere<T>(work: () => Promise<T>): Promise<T>
}
