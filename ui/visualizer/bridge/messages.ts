import type { AnyEventObject } from 'xstate'
import type { ChartModel } from '../model/chart.ts'
import type { ChartRecord, Moment } from '../recorder/records.ts'
import type { Why } from '../recorder/why-not.ts'

/** Of the BroadcastChannel over which viewers and apps of one origin talk. */
export const channelName = 'sessionchart.viewer'

/** An app says that it is here: at first, and whenever a viewer asks. */
export interface Here {
  readonly kind: 'here'
  /** Of the session: another one after a reload. */
  readonly tab: string
  /** Of the browser's tab: the same after a reload. */
  readonly page: string
  readonly title: string
  /** The path that the tab shows; never what else is in the address, which may hold an answer to a login. */
  readonly place: string
  /** Whether the tab can be seen; hidden ones are slower. */
  readonly isShown: boolean
  readonly allowSending: boolean
  /** The number of its last record; 0: none. */
  readonly last: number
}

export type FromApp =
  | Here
  /** Answers `want`: all that there is (`base` is there), or what follows what the viewer has. In parts. */
  | {
      readonly kind: 'kept'
      readonly to: string
      readonly tab: string
      readonly base: readonly Moment[] | null
      readonly records: readonly ChartRecord[]
      readonly models: readonly ChartModel[] | null
    }
  /** As they arise, for as long as someone watches. */
  | { readonly kind: 'records'; readonly tab: string; readonly records: readonly ChartRecord[] }
  | { readonly kind: 'answer'; readonly to: string; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'gone'; readonly tab: string }

/** What an app says to a viewer that asked what would become of an event, or sent one. */
export type Answer =
  | { readonly kind: 'why'; readonly why: Why }
  | { readonly kind: 'sent' }
  /** `words`: why not, for people. */
  | { readonly kind: 'refused'; readonly words: string }

export type FromViewer =
  /** Who is here? Asked again and again: that, too, keeps the records coming. */
  | { readonly kind: 'who'; readonly viewer: string }
  /** All records from this number on. */
  | { readonly kind: 'want'; readonly viewer: string; readonly tab: string; readonly from: number }
  | {
      readonly kind: 'ask' | 'send'
      readonly viewer: string
      readonly tab: string
      readonly id: number
      readonly actor: string
      readonly event: AnyEventObject
    }

export type Message = FromApp | FromViewer

/** ms between two questions of a viewer, and how long an app goes on telling without one. A hidden viewer asks less often. */
export const rhythm = { ask: 1_000, silent: 5_000, watched: 10_000, answer: 3_000 }
