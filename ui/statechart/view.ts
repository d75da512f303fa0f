import { useSyncExternalStore } from 'react'

export const modes = ['look', 'live', 'play', 'tests', 'compare'] as const
export type Mode = (typeof modes)[number]

/** Everything that the page shows, as its address has it: a link shows the same to somebody else. */
export interface View {
  readonly mode: Mode
  /** Id of the chart; `''`: the first. */
  readonly chart: string
  /** Ids of the states that are closed; `null`: as the chart begins. */
  readonly closed: readonly string[] | null
  /** How it is built, or what people experience. */
  readonly words: 'built' | 'experienced'
  /** Which way the drawing runs; `null`: as it is best. */
  readonly direction: 'DOWN' | 'RIGHT' | null
  /** Id of the state or transition that is looked at. */
  readonly at: string | null
  /** Of `play`: id of the scenario, and how many of its steps are done. */
  readonly scenario: string | null
  readonly step: number
}

/** The address's hash as a view; what it does not say, or says wrongly, is the default. */
export function readView(hash: string): View {
  const said = new URLSearchParams(hash.replace(/^#/, ''))
  const closed = said.get('closed')
  const direction = said.get('direction')
  const step = Number(said.get('step') ?? 0)
  return {
    mode: modes.find((mode) => mode === said.get('mode')) ?? 'look',
    chart: said.get('chart') ?? '',
    closed: closed === null ? null : closed.split(',').filter((id) => id !== ''),
    words: said.get('words') === 'experienced' ? 'experienced' : 'built',
    direction: direction === 'DOWN' || direction === 'RIGHT' ? direction : null,
    at: said.get('at'),
    scenario: said.get('scenario'),
    step: Number.isInteger(step) && step >= 0 ? step : 0,
  }
}

/** The hash of a view, without what is the default. */
export function writeView(view: View): string {
  const said = new URLSearchParams()
  if (view.mode !== 'look') said.set('mode', view.mode)
  if (view.chart !== '') said.set('chart', view.chart)
  if (view.closed !== null) said.set('closed', view.closed.join())
  if (view.words !== 'built') said.set('words', view.words)
  if (view.direction !== null) said.set('direction', view.direction)
  if (view.at !== null) said.set('at', view.at)
  if (view.scenario !== null) said.set('scenario', view.scenario)
  if (view.step !== 0) said.set('step', String(view.step))
  return `#${said.toString()}`
}

const changed = new EventTarget()
const name = 'change'

function subscribe(listener: () => void): () => void {
  changed.addEventListener(name, listener)
  window.addEventListener('hashchange', listener)
  window.addEventListener('popstate', listener)
  return () => {
    changed.removeEventListener(name, listener)
    window.removeEventListener('hashchange', listener)
    window.removeEventListener('popstate', listener)
  }
}

let last = { hash: '', view: readView('') }
/** The same object for as long as the address says the same. */
function current(): View {
  const { hash } = window.location
  if (last.hash !== hash) last = { hash, view: readView(hash) }
  return last.view
}

/** Changes some of what is shown. Another mode, chart or scenario is a step that "back" takes back; the rest is not. */
export function changeView(part: Partial<View>): void {
  const before = current()
  const after = { ...before, ...part }
  const hash = writeView(after)
  if (hash === writeView(before)) return
  const isStep = after.mode !== before.mode || after.chart !== before.chart || after.scenario !== before.scenario
  if (isStep) window.history.pushState(null, '', hash)
  else window.history.replaceState(null, '', hash)
  changed.dispatchEvent(new Event(name))
}

/** What the page shows, and how to change it. */
export function useView(): readonly [View, typeof changeView] {
  return [useSyncExternalStore(subscribe, current), changeView]
}
