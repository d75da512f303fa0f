import type { ChartModel, ChartRecord, Moment } from '../../visualizer/index.ts'
import { charts } from '../charts.ts'
import type { Source } from './store.ts'

/** `14:03:09.120`, in the time of this device. */
export function clockTime(at: number): string {
  const date = new Date(at)
  const two = (figure: number): string => String(figure).padStart(2, '0')
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** Charts of the page by id: those of another tab are the same ones, or nearly. */
const transitions = new Map(charts.flatMap((model) => model.transitions.map((one) => [one.id, one] as const)))
const names = new Map([...transitions.values()].map(({ event, name }) => [event, name]))

/** An event in words: `restoreSession done` instead of `xstate.done.actor.restoreSession`. */
export const eventWords = (event: string): string => names.get(event) ?? event

/** The last part of a state's id, or of another path. */
export const shortState = (id: string): string => id.slice(id.lastIndexOf('.') + 1)

/** What a record says, in one line. */
export function recordWords(record: ChartRecord): { readonly title: string; readonly text: string } {
  switch (record.kind) {
    case 'started':
      return { title: 'begins', text: placeWords(record.now.states) }
    case 'ended':
      return { title: 'is over', text: '' }
    case 'stepped': {
      const details = Object.entries(record.details)
        .filter(([name]) => name !== 'facts.writtenBy')
        .map(([name, value]) => `${shortState(name)} ${value}`)
      const targets = record.taken.flatMap((id) => transitions.get(id)?.targets ?? []).map(shortState)
      const way = targets.length === 0 ? [] : [`→ ${[...new Set(targets)].join(', ')}`]
      const what = record.taken.length === 0 ? ['ignored'] : way
      return { title: eventWords(record.event), text: [...what, ...details].join(' · ') }
    }
  }
}

/** What a transition means, in a sentence; `''` where this page does not know it. */
export const meaningOf = (id: string): string => transitions.get(id)?.description ?? ''
export const guardOf = (id: string): string => transitions.get(id)?.guard ?? id

/** The states that a chart rests in, by their short names; of several regions, with the region's. */
export function placeWords(states: readonly string[]): string {
  const leaves = states.filter((id) => !states.some((one) => one.startsWith(`${id}.`)))
  if (leaves.length < 2) return leaves.map(shortState).join('')
  return leaves.map((id) => id.split('.').slice(-2).join(' ')).join(', ')
}

/** Whether a tab has the turn to renew, or waits for it: read from its charts. */
export function turnOf(moments: readonly Moment[]): 'has it' | 'waits for it' | null {
  const isIn = (state: string): boolean => moments.some(({ now }) => now.states.includes(state))
  if (isIn('renewal.takingTurn.waiting')) return 'waits for it'
  return isIn('renewal.takingTurn') || isIn('session.active.access.unsaved') ? 'has it' : null
}

export interface TabMessage {
  readonly key: string
  readonly at: number
  readonly words: string
}

/** How far back messages are looked for: nobody reads more of them. */
const looked = 400

const heard: Readonly<Record<string, string>> = {
  'sibling.renewed': 'it has renewed',
  'sibling.loggedIn': 'someone logged in',
  'sibling.ended': 'the session ended',
}

/** What the tabs told each other, the newest first: read from what each of them heard. */
export function messagesBetween(sources: readonly Source[]): readonly TabMessage[] {
  const nameOf = (tab: unknown): string => sources.find(({ id }) => id === tab)?.name ?? 'another tab'
  const found = new Map<string, TabMessage>()
  for (const { id, name, recording, session } of sources) {
    if (session === null) continue
    for (const record of recording.records.slice(-looked)) {
      const what = record.kind === 'stepped' ? heard[record.event] : undefined
      if (record.kind !== 'stepped' || what === undefined) continue
      const { 'facts.writtenBy': from, 'facts.revision': revision, reason } = record.details
      const more = [
        ...(revision === undefined ? [] : [`revision ${revision}`]),
        ...(reason === undefined ? [] : [reason]),
      ]
      // A session and its renewal hear of the same: said once.
      const key = `${id} ${record.event} ${revision ?? record.at}`
      const words = `${name} heard from ${nameOf(from)}: ${what}${more.length > 0 ? ` (${more.join(', ')})` : ''}`
      found.set(key, { key, at: record.at, words })
    }
  }
  return [...found.values()].toSorted((one, other) => other.at - one.at).slice(0, 8)
}

/** What can be asked about: what comes from outside first, then what the chart itself raises. */
export function eventsOf(model: ChartModel): { readonly outer: readonly string[]; readonly inner: readonly string[] } {
  const all = (isOuter: boolean): readonly string[] =>
    [
      ...new Set(
        model.transitions
          .filter(({ kind }) => kind !== 'always' && (kind === 'event') === isOuter)
          .map(({ event }) => event),
      ),
    ].toSorted()
  return { outer: all(true), inner: all(false) }
}
