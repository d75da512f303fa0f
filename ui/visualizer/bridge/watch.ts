import type { AnyEventObject } from 'xstate'
import type { ChartModel } from '../model/chart.ts'
import { extended, momentsAfter } from '../recorder/moments.ts'
import type { ChartRecord, Moment, Recording } from '../recorder/records.ts'
import { channelName, rhythm, type Answer, type FromApp, type FromViewer, type Here, type Message } from './messages.ts'

/** A session in another tab, as far as this one knows. Another object whenever something of it has changed. */
export interface WatchedSession extends Omit<Here, 'kind' | 'last'> {
  /** `silent`: the tab is asleep or busy. `gone`: it was closed, left or reloaded; what was recorded is still here. */
  readonly presence: 'here' | 'silent' | 'gone'
  /** Its charts as they run there; none until they have come. */
  readonly models: readonly ChartModel[]
  readonly recording: Recording
  /** Its charts as they are now. */
  readonly moments: readonly Moment[]
}

/** The sessions that other tabs of this origin share, as they go on. */
export interface SessionWatch {
  /** In the order in which they were heard of. */
  getState(): readonly WatchedSession[]
  /** Told once per frame at most. */
  subscribe(listener: () => void): () => void
  /** What would become of an event, or why it was refused to say so. */
  ask(tab: string, actor: string, event: AnyEventObject): Promise<Answer>
  send(tab: string, actor: string, event: AnyEventObject): Promise<Answer>
  /** Forgets the records of a session, and goes on from where it is; one that is gone is forgotten as a whole. */
  clear(tab: string): void
  close(): void
}

/** How `watchSessions` listens. */
export interface WatchOptions {
  readonly channel?: string
  /** How many records of a session are kept; default 5,000. */
  readonly size?: number
  /** Tells when to show what has come; default: with the next frame, or within a quarter of a second in a hidden tab. */
  readonly nextFrame?: (show: () => void) => void
}

/** Sessions that were gone are kept up to this number: someone may want to look at them once more. */
const mostGone = 4

interface Kept {
  session: WatchedSession
  /** The number of the last record that has come. */
  last: number
  /** Came since the last frame. */
  fresh: ChartRecord[]
  heardAt: number
  /** A gap was noticed, and is being asked for. */
  isWanting: boolean
}

/** Follows the sessions that apps of this origin share (`shareSession`). */
export function watchSessions(options: WatchOptions = {}): SessionWatch {
  const { channel: name = channelName, size = 5_000, nextFrame = frame } = options
  const channel = new BroadcastChannel(name)
  const viewer = Math.random().toString(36).slice(2)
  const say = (message: FromViewer): void => channel.postMessage(message)
  const known = new Map<string, Kept>()
  const questions = new Map<number, (answer: Answer) => void>()
  const listeners = new Set<() => void>()
  let state: readonly WatchedSession[] = []
  let asked = 0
  let isWaiting = false

  const change = (kept: Kept, part: Partial<WatchedSession>): void => {
    kept.session = { ...kept.session, ...part }
    showSoon()
  }
  function showSoon(): void {
    if (isWaiting) return
    isWaiting = true
    nextFrame(() => {
      isWaiting = false
      for (const kept of known.values()) {
        const { fresh, session } = kept
        if (fresh.length === 0) continue
        kept.fresh = []
        const moments = momentsAfter(session.moments, fresh)
        kept.session = { ...session, recording: extended(session.recording, fresh, size), moments }
      }
      state = [...known.values()].map(({ session }) => session)
      for (const listener of listeners) listener()
    })
  }

  function want(kept: Kept): void {
    if (kept.isWanting) return
    kept.isWanting = true
    say({ kind: 'want', viewer, tab: kept.session.tab, from: kept.last + 1 })
  }
  function take(kept: Kept, records: readonly ChartRecord[]): void {
    const news = records.filter(({ number }) => number > kept.last)
    const [first] = news
    if (first === undefined) return
    // Nothing is shown across a gap: what is missing is asked for, and this with it.
    if (first.number !== kept.last + 1) return want(kept)
    kept.fresh.push(...news)
    kept.last += news.length
    showSoon()
  }

  function hearHere({ kind: _, last, ...told }: Here): void {
    let kept = known.get(told.tab)
    if (kept === undefined) {
      const nothing = { models: [], recording: { base: [], records: [] }, moments: [] }
      kept = { session: { ...told, ...nothing, presence: 'here' }, last: 0, fresh: [], heardAt: 0, isWanting: false }
      known.set(told.tab, kept)
      showSoon()
    }
    kept.heardAt = Date.now()
    const { title, place, isShown, presence } = kept.session
    if (presence !== 'here' || title !== told.title || place !== told.place || isShown !== told.isShown)
      change(kept, { ...told, presence: 'here' })
    // A question that was lost is asked again.
    kept.isWanting = false
    if (kept.session.models.length === 0 || last > kept.last) want(kept)
  }

  function hear(message: FromApp): void {
    if (message.kind === 'here') return hearHere(message)
    if (message.kind === 'answer') {
      if (message.to === viewer) questions.get(message.id)?.(message.answer)
      return
    }
    const kept = known.get(message.tab)
    if (kept === undefined) return
    if (message.kind === 'gone') {
      change(kept, { presence: 'gone' })
      const gone = [...known.values()].filter(({ session }) => session.presence === 'gone')
      for (const { session } of gone.slice(0, -mostGone)) known.delete(session.tab)
    } else if (message.kind === 'records') {
      kept.heardAt = Date.now()
      take(kept, message.records)
    } else if (message.to === viewer) {
      const { base, models, records } = message
      kept.isWanting = false
      if (base !== null) {
        kept.fresh = [...records]
        kept.last = records.at(-1)?.number ?? 0
        change(kept, { models: models ?? [], moments: base, recording: { base, records: [] } })
      } else take(kept, records)
    }
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => hear(data as FromApp))
  const look = (): void => {
    say({ kind: 'who', viewer })
    const now = Date.now()
    for (const kept of known.values()) {
      if (kept.session.presence === 'here' && now - kept.heardAt > rhythm.silent) change(kept, { presence: 'silent' })
    }
  }
  look()
  const timer = setInterval(look, rhythm.ask)
  // Hidden, this tab asks seldom.
  globalThis.document?.addEventListener('visibilitychange', look)

  const question = (kind: 'ask' | 'send', tab: string, actor: string, event: AnyEventObject): Promise<Answer> =>
    new Promise((resolve) => {
      const id = (asked += 1)
      const done = (answer: Answer): void => {
        clearTimeout(patience)
        questions.delete(id)
        resolve(answer)
      }
      const patience = setTimeout(() => {
        done({ kind: 'refused', words: 'That tab does not answer. It may be closed or asleep.' })
      }, rhythm.answer)
      questions.set(id, done)
      say({ kind, viewer, tab, id, actor, event })
    })

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ask: (tab, actor, event) => question('ask', tab, actor, event),
    send: (tab, actor, event) => question('send', tab, actor, event),
    clear(tab) {
      const kept = known.get(tab)
      if (kept === undefined) return
      const { presence } = kept.session
      const moments = momentsAfter(kept.session.moments, kept.fresh)
      if (presence === 'gone') known.delete(tab)
      else {
        kept.fresh = []
        change(kept, { moments, recording: { base: moments, records: [] } })
      }
      showSoon()
    },
    close() {
      clearInterval(timer)
      globalThis.document?.removeEventListener('visibilitychange', look)
      listeners.clear()
      channel.close()
    },
  }
}

function frame(show: () => void): void {
  let isShown = false
  const once = (): void => {
    if (!isShown) show()
    isShown = true
    clearTimeout(timer)
  }
  const timer = setTimeout(once, 250)
  globalThis.requestAnimationFrame?.(once)
}
