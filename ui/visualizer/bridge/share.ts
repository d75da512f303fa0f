import type { AnyActorRef, AnyEventObject, AnyStateMachine } from 'xstate'
import { chartModelOf, type ChartModel } from '../model/chart.ts'
import { createRecorder, type Recorder, type RecorderOptions } from '../recorder/recorder.ts'
import { isChart } from '../recorder/situation.ts'
import { whyNot } from '../recorder/why-not.ts'
import { channelName, rhythm, type Answer, type FromApp, type FromViewer, type Here, type Message } from './messages.ts'

/** How `shareSession` tells other tabs of this origin. */
export interface ShareOptions extends RecorderOptions {
  /** Another channel than that of `/statechart/`. */
  readonly channel?: string
  /** Lets viewers send events to the charts. For development alone: any page of this origin can then do so. Default false. */
  readonly allowSending?: boolean
  /** Has recorded the actor from its beginning; default: one that begins now. */
  readonly recorder?: Recorder
}

/** A session of `createSession`, or any actor with a name. */
export interface Shared {
  readonly actor: AnyActorRef
  /** Random, one per session. */
  readonly tab: string
}

/** Records per message: one of all would hold up both tabs. */
const part = 500

/**
 * Lets the pages of this origin that watch (`watchSessions`, `/statechart/`) follow a session. Nothing is sent for as long as nobody
 * watches, and no token ever: see `createRecorder`. Ends with what it returns. An app that does not import this has nothing of it.
 */
export function shareSession({ actor, tab }: Shared, options: ShareOptions = {}): () => void {
  const { channel: name = channelName, allowSending = false, recorder = createRecorder(options) } = options
  const channel = new BroadcastChannel(name)
  const say = (message: FromApp): void => channel.postMessage(message)
  const detach = options.recorder === undefined ? recorder.attach(actor) : () => {}
  const models = chartsOf(actor)
  const page = pageId()
  let watchedUntil = 0

  const sayHere = (): void => {
    const last = recorder.recording().records.at(-1)?.number ?? 0
    say({ kind: 'here', tab, page, ...whereItIs(), allowSending, last })
  }
  const sayGone = (): void => say({ kind: 'gone', tab })
  const unsubscribe = recorder.subscribe((records) => {
    if (Date.now() < watchedUntil) say({ kind: 'records', tab, records })
  })

  function sayKept(to: string, from: number): void {
    const { base, records } = recorder.recording()
    const first = records[0]?.number ?? 1
    const isAll = from <= first
    const wanted = isAll ? records : records.slice(from - first)
    for (let start = 0; start === 0 || start < wanted.length; start += part) {
      const begins = isAll && start === 0
      const some = wanted.slice(start, start + part)
      say({ kind: 'kept', to, tab, base: begins ? base : null, models: begins ? models : null, records: some })
    }
  }

  function answer(kind: 'ask' | 'send', id: string, event: AnyEventObject): Answer {
    const chart = recorder.running().find(({ sessionId }) => sessionId === id)
    const snapshot: unknown = chart?.getSnapshot()
    if (chart === undefined || !isChart(snapshot)) return refused('This chart does not run any more.')
    if (kind === 'ask') return { kind: 'why', why: whyNot(snapshot, event) }
    if (!allowSending)
      return refused(
        'This app takes no events from here. In development it can: shareSession(…, { allowSending: true }).',
      )
    if (event.type.startsWith('xstate.'))
      return refused(`“${event.type}” comes from the chart itself, not from outside.`)
    if (!snapshot.machine.events.includes(event.type)) return refused(`This chart knows no event “${event.type}”.`)
    chart.send(event)
    return { kind: 'sent' }
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    // What apps say among themselves is passed over.
    const message = data as FromViewer
    if (message.kind === 'who') {
      watchedUntil = Date.now() + rhythm.watched
      sayHere()
    } else if (message.kind === 'want' && message.tab === tab) sayKept(message.viewer, message.from)
    else if ((message.kind === 'ask' || message.kind === 'send') && message.tab === tab) {
      const { kind, id, viewer, actor: asked, event } = message
      say({ kind: 'answer', to: viewer, id, answer: answer(kind, asked, event) })
    }
  })
  // A page that comes back out of the back-forward cache is here again.
  globalThis.addEventListener?.('pagehide', sayGone)
  globalThis.addEventListener?.('pageshow', sayHere)
  sayHere()

  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    globalThis.removeEventListener?.('pagehide', sayGone)
    globalThis.removeEventListener?.('pageshow', sayHere)
    unsubscribe()
    detach()
    sayGone()
    channel.close()
  }
}

/** Where there is no page, as in a worker, there is nothing to say of it. */
const whereItIs = (): Pick<Here, 'title' | 'place' | 'isShown'> =>
  typeof document === 'undefined'
    ? { title: '', place: '', isShown: true }
    : { title: document.title, place: location.pathname, isShown: document.visibilityState === 'visible' }

const refused = (words: string): Answer => ({ kind: 'refused', words })

/** The charts of an actor, and of the machines that it can invoke. */
function chartsOf(actor: AnyActorRef): readonly ChartModel[] {
  const found = new Map<string, ChartModel>()
  const add = (logic: unknown): void => {
    if (!isMachine(logic) || found.has(logic.id)) return
    found.set(logic.id, chartModelOf(logic))
    for (const inner of Object.values<unknown>(logic.implementations.actors)) add(inner)
  }
  const snapshot: unknown = actor.getSnapshot()
  if (isChart(snapshot)) add(snapshot.machine)
  return [...found.values()]
}

const isMachine = (logic: unknown): logic is AnyStateMachine =>
  typeof logic === 'object' && logic !== null && 'root' in logic && 'implementations' in logic

const pageKey = 'sessionchart.viewer.page'

/** Of this tab of the browser, also after a reload or a login, as far as the browser keeps anything. */
function pageId(): string {
  const fresh = Math.random().toString(36).slice(2)
  try {
    const known = globalThis.sessionStorage?.getItem(pageKey)
    if (known === null) globalThis.sessionStorage.setItem(pageKey, fresh)
    return known ?? fresh
  } catch {
    return fresh
  }
}
