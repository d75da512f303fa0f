import type { SessionOptions } from '../../services/index.ts'

/** Where the app lives in which the journeys happen; nobody listens there. */
export const app = 'http://127.0.0.1:4999'

export type Say = (line: string) => void

/** A provider that nobody but this journey talks to, on loopback. */
export interface RunningProvider {
  /** What the app tells `createSession`, besides its own addresses. */
  readonly options: Pick<SessionOptions, 'authority' | 'clientId' | 'scope'>
  /** Who can log in there. */
  readonly person: { readonly username: string; readonly password: string }
  stop(): Promise<void>
}

export interface TestProvider {
  readonly name: string
  /** Rejects with what is missing, in words for people. What has to be installed is said first. */
  start(say: Say): Promise<RunningProvider>
}
