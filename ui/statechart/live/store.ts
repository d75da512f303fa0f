import {
  momentsAt,
  readRecording,
  RecordingProblem,
  versionOf,
  type ChartModel,
  type Moment,
  type Recording,
  type SessionWatch,
  type WatchedSession,
} from '../../visualizer/index.ts'
import { charts, titleOf } from '../charts.ts'

/** Something that was, or is being, recorded: a session in another tab, or a file. */
export interface Source {
  readonly id: string
  /** `Tab 1`, or the name of the file. */
  readonly name: string
  /** `null`: a file. */
  readonly session: WatchedSession | null
  readonly recording: Recording
  /** As they are now, or were in the end. */
  readonly moments: readonly Moment[]
  readonly models: readonly ChartModel[]
  /** Charts that are other ones than those of this page, by their titles. */
  readonly otherCharts: readonly string[]
}

export interface LiveState {
  readonly sources: readonly Source[]
  readonly shown: Source | null
  /** The number of the record that is looked at; `null`: the last one, as they come. */
  readonly at: number | null
  /** The charts at that moment; the same object for as long as nothing of them has changed. */
  readonly moments: readonly Moment[]
  /** Epoch ms at which the charts' clocks stand still, as the past is looked at; `null`: they run. */
  readonly time: number | null
  /** Why a file could not be opened. */
  readonly problem: string | null
}

export interface LiveStore {
  getState(): LiveState
  subscribe(listener: () => void): () => void
  choose(id: string): void
  /** Looks at one record; `null`: goes on with what comes. */
  goTo(number: number | null): void
  /** Takes a file's content in. What is wrong with it is told as `problem`, and nothing else changes. */
  open(name: string, text: string): void
  /** As of `SessionWatch`. */
  readonly ask: SessionWatch['ask']
  readonly send: SessionWatch['send']
  /** Forgets what was recorded; the session goes on. A file is closed. */
  clear(): void
}

const versions = new Map(charts.map((model) => [model.id, versionOf(model)]))
const otherThan = (told: readonly (readonly [string, string])[]): readonly string[] =>
  told.filter(([id, version]) => versions.get(id) !== version).map(([id]) => titleOf(id))

export function createLiveStore(watch: SessionWatch): LiveStore {
  const files: Source[] = []
  const listeners = new Set<() => void>()
  /** Hashing takes a while: once for the models that a session told. */
  const compared = new WeakMap<readonly ChartModel[], readonly string[]>()
  let chosen: { readonly id: string; readonly isGone: boolean } | null = null
  let at: number | null = null
  let problem: string | null = null
  let state: LiveState = { sources: [], shown: null, at, moments: [], time: null, problem }

  const otherChartsOf = (models: readonly ChartModel[]): readonly string[] => {
    const known = compared.get(models) ?? otherThan(models.map((model) => [model.id, versionOf(model)]))
    compared.set(models, known)
    return known
  }

  function sourcesNow(): readonly Source[] {
    const sessions = watch.getState()
    const pages = [...new Set(sessions.map(({ page }) => page))]
    const tabs = sessions.map((session): Source => {
      const { tab, page, presence, recording, moments, models } = session
      const name = `Tab ${pages.indexOf(page) + 1}${presence === 'gone' ? ', before' : ''}`
      return { id: tab, name, session, recording, moments, models, otherCharts: otherChartsOf(models) }
    })
    const isGone = ({ session }: Source): boolean => session?.presence === 'gone'
    return [...tabs.filter((tab) => !isGone(tab)), ...tabs.filter(isGone), ...files]
  }

  /** A tab that was reloaded, or left for a login, is followed: it is another session, of the same page. */
  function pick(sources: readonly Source[]): Source | null {
    const isHere = ({ session }: Source): boolean => session !== null && session.presence !== 'gone'
    const mine = sources.find(({ id }) => id === chosen?.id) ?? null
    if (mine === null) return sources.find(isHere) ?? sources[0] ?? null
    if (mine.session === null || isHere(mine) || chosen?.isGone === true) return mine
    return sources.findLast((one) => isHere(one) && one.session?.page === mine.session?.page) ?? mine
  }

  function refresh(): void {
    const sources = sourcesNow()
    const shown = pick(sources)
    if (shown?.id !== state.shown?.id) at = null
    if (shown !== null) chosen = { id: shown.id, isGone: chosen?.isGone === true && chosen.id === shown.id }
    const first = shown?.recording.records[0]?.number ?? 1
    if (at !== null && at < first) at = first
    const moments = shown === null ? [] : at === null ? shown.moments : momentsAt(shown.recording, at)
    const time = timeOf(shown, at)
    state = { sources, shown, at, moments: isSame(moments, state.moments) ? state.moments : moments, time, problem }
    for (const listener of listeners) listener()
  }
  watch.subscribe(refresh)
  refresh()

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    choose(id) {
      chosen = { id, isGone: state.sources.find((one) => one.id === id)?.session?.presence === 'gone' }
      at = null
      refresh()
    },
    goTo(number) {
      at = number
      refresh()
    },
    open(name, text) {
      try {
        const { recording, charts: told } = readRecording(text)
        const id = `file ${files.length + 1}`
        const source = { id, name, session: null, models: [], recording, moments: momentsAt(recording) }
        files.push({ ...source, otherCharts: otherThan(Object.entries(told)) })
        chosen = { id, isGone: false }
        problem = null
        refresh()
        at = recording.records[0]?.number ?? null
      } catch (error) {
        if (!(error instanceof RecordingProblem)) throw error
        problem = error.message
      }
      refresh()
    },
    ask: watch.ask,
    send: watch.send,
    clear() {
      const { shown } = state
      if (shown === null) return
      at = null
      if (shown.session === null)
        files.splice(
          files.findIndex(({ id }) => id === shown.id),
          1,
        )
      else watch.clear(shown.id)
      refresh()
    },
  }
}

function timeOf(shown: Source | null, at: number | null): number | null {
  if (shown === null || (at === null && shown.session?.presence === 'here')) return null
  const { records } = shown.recording
  const first = records[0]?.number ?? 1
  return (at === null ? records.at(-1) : records[at - first])?.at ?? null
}

/** Plain data, and little of it. */
const isSame = (one: readonly Moment[], other: readonly Moment[]): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other)
