import type { ChartModel, ChartState, ChartTransition } from '../model/chart.ts'

/** The states within each state, by id, in document order; `null`: the root. */
export function childrenOf({ states }: ChartModel): ReadonlyMap<string | null, readonly ChartState[]> {
  const within = new Map<string | null, ChartState[]>()
  for (const state of states) within.set(state.parent, [...(within.get(state.parent) ?? []), state])
  return within
}

/**
 * A name for each state that languages of diagrams take without quotes: letters, digits and `_`. It has a `_` always, so that it is
 * none of their words (`note`, `end`).
 */
export function plainIds({ states }: ChartModel): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  const used = new Set<string>()
  for (const { id, parent } of states) {
    const plain = `${parent === null ? 'chart_' : ''}${id.replaceAll(/[^A-Za-z0-9]+/g, '_')}`.replace(/^[^_]*$/, '$&_')
    let own = plain
    for (let count = 2; used.has(own); count += 1) own = `${plain}_${count}`
    used.add(own)
    ids.set(id, own)
  }
  return ids
}

/** A transition as UML writes it: `event [guard] / action, action`. */
export function umlLabel({ name, guard, actions }: ChartTransition, escape: (text: string) => string): string {
  const parts = [
    escape(name),
    ...(guard === null ? [] : [`[${escape(guard)}]`]),
    ...(actions.length === 0 ? [] : [`/ ${actions.map(escape).join(', ')}`]),
  ]
  return parts.join(' ')
}

/** What a state does by itself, one line each, as UML writes it: `entry / action`, `do / service`. */
export function umlDoings({ entry, exit, invokes }: ChartState, escape: (text: string) => string): readonly string[] {
  return [
    ...entry.map((action) => `entry / ${escape(action)}`),
    ...invokes.map(({ id }) => `do / ${escape(id)}`),
    ...exit.map((action) => `exit / ${escape(action)}`),
  ]
}

/** Halves of a pair are no text, and files are written as UTF-8. */
export const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
