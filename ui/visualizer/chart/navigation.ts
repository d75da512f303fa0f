import type { ChartModel } from '../model/chart.ts'

/** From one thing of a chart to the next by an arrow key, along its transitions; ids of states or transitions. */
export type Arrow = 'ArrowRight' | 'ArrowLeft' | 'ArrowDown' | 'ArrowUp'

export const isArrow = (key: string): key is Arrow => /^Arrow(Right|Left|Down|Up)$/.test(key)

/**
 * - From a state: right to the first transition that leaves it, left to the first that leads to it, down and up to the next and the
 *   last state in document order.
 * - From a transition: right to where it leads, left to where it comes from, down and up to the others of that state.
 * - From nowhere: to the first state.
 *
 * Where there is nothing to go to, it stays.
 */
export function follow(model: ChartModel, from: string | null, arrow: Arrow): string | null {
  const { states, transitions } = model
  const transition = transitions.find(({ id }) => id === from)
  if (transition !== undefined) {
    if (arrow === 'ArrowRight') return transition.targets[0] ?? transition.source
    if (arrow === 'ArrowLeft') return transition.source
    const siblings = transitions.filter(({ source }) => source === transition.source)
    return beside(siblings, transition.id, arrow)
  }
  const state = states.find(({ id }) => id === from)
  if (state === undefined) return states[0]?.id ?? null
  if (arrow === 'ArrowRight') return transitions.find(({ source }) => source === state.id)?.id ?? state.id
  if (arrow === 'ArrowLeft') return transitions.find(({ targets }) => targets.includes(state.id))?.id ?? state.id
  return beside(states, state.id, arrow)
}

function beside(all: readonly { readonly id: string }[], id: string, arrow: Arrow): string {
  const place = all.findIndex((one) => one.id === id) + (arrow === 'ArrowDown' ? 1 : -1)
  return all[place]?.id ?? id
}
