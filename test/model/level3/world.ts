import type { SessionSnapshot } from '../../../machines/index.ts'
import type { SessionEvent, SessionPolicy } from '../../../machines/session/types.ts'
import type { Around } from './around.ts'

/** What a service says now. */
export type Answer =
  /** `around`: what it changed in the world by that. */
  | { readonly done: unknown; readonly around?: Partial<Around> }
  | { readonly failed: unknown; readonly around?: Partial<Around> }
  /** Nothing yet; ms. `Infinity`: until something else happens. */
  | { readonly wait: number }
  /** This page goes away, and is opened anew in a world that is changed so; or the person is elsewhere. */
  | { readonly leaves: Partial<Around> }

/** Something that a person, another tab or the world outside does; nothing of it happens by itself. */
export interface Doing {
  /** What the session hears of it, in order. */
  readonly events?: readonly SessionEvent[]
  readonly around?: Partial<Around>
  /** The page is loaded anew. */
  readonly reloads?: boolean
  /** This device sleeps: timers stop, the clock goes on until then, epoch ms. */
  readonly sleepsUntil?: number
  /** Services that had no answer yet and are asked once more, at once or after so many ms. */
  readonly asksAgain?: Readonly<Record<string, number>>
}

/** A world around one session: the app's options, what services answer in it, and what can happen. */
export interface World {
  readonly name: string
  readonly policy: Partial<SessionPolicy>
  /** What is around at the beginning. */
  readonly around: Around
  /** Whether the page of the app is open; else the person is elsewhere in the same tab. */
  isHere(around: Around): boolean
  /** `isFirst`: since the chart began to wait for it. */
  answer(port: string, place: Place, isFirst: boolean): Answer
  /** After everything has come to rest. */
  settle(place: Place): Partial<Around>
  /** By name, what can be done here. */
  doings(place: Place, view: string): Readonly<Record<string, Doing>>
  /** Whether time is let pass here, until the next wait runs out. */
  hasTime(place: Place): boolean
  view(place: Place): string
}

export interface Place {
  readonly session: SessionSnapshot
  readonly around: Around
  /** Epoch ms. */
  readonly now: number
}
