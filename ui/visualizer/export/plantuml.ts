import type { ChartModel, ChartState } from '../model/chart.ts'
import { childrenOf, plainIds, umlDoings, umlLabel, wellFormed } from './texts.ts'

/** The chart as a state diagram of PlantUML, all of it. */
export function toPlantUml(model: ChartModel): string {
  const within = childrenOf(model)
  const ids = plainIds(model)
  const states = new Map(model.states.map((state) => [state.id, state]))
  /** History has no name of its own: it is a place in the state that it remembers. */
  const nameOf = (id: string): string => {
    const state = states.get(id)
    if (state?.type !== 'history') return ids.get(id) ?? ''
    return `${ids.get(state.parent ?? '') ?? ''}[H${state.history === 'deep' ? '*' : ''}]`
  }
  const drawn = (state: ChartState, indent: string): string[] => {
    if (state.type === 'history') return []
    const id = nameOf(state.id)
    const children = within.get(state.id) ?? []
    const inner = `${indent}  `
    const stays = model.transitions.filter(({ source, targets }) => source === state.id && targets.length === 0)
    const said = [...umlDoings(state, escaped), ...stays.map((transition) => umlLabel(transition, escaped))]
    return [
      `${indent}state "${escaped(state.name)}" as ${id}${children.length > 0 ? ' {' : ''}`,
      ...(state.initial === null || children.length === 0 ? [] : [`${inner}[*] --> ${nameOf(state.initial)}`]),
      ...children.flatMap((child, place) => [
        ...(state.type === 'parallel' && place > 0 ? [`${inner}--`] : []),
        ...drawn(child, inner),
      ]),
      ...(children.length > 0 ? [`${indent}}`] : []),
      ...(state.type === 'final' ? [`${indent}${id} --> [*]`] : []),
      ...said.map((line) => `${indent}${id} : ${line}`),
    ]
  }
  const arrows = model.transitions.flatMap((transition) =>
    transition.targets.map(
      (target) => `${nameOf(transition.source)} --> ${nameOf(target)} : ${umlLabel(transition, escaped)}`,
    ),
  )
  const roots = within.get(null) ?? []
  const title = escaped(model.description || model.id)
  return ['@startuml', `title ${title}`, ...roots.flatMap((root) => drawn(root, '')), ...arrows, '@enduml', ''].join(
    '\n',
  )
}

/** What means something to PlantUML, also in pairs (`//`, `--`), is written by its number (`<U+003B>`). */
const escaped = (text: string): string =>
  wellFormed(text).replaceAll(/[^\p{L}\p{N}\p{Emoji_Presentation} _.,()[\]/-]|([_.[\]/-])\1+/gu, (signs) =>
    Array.from(signs, (sign) => `<U+${hex(sign)}>`).join(''),
  )

const hex = (sign: string): string => (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
