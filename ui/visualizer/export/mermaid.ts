import type { ChartModel, ChartState } from '../model/chart.ts'
import { childrenOf, plainIds, umlDoings, umlLabel, wellFormed } from './texts.ts'

/**
 * The chart as a state diagram of Mermaid (`stateDiagram-v2`), all of it. Mermaid knows no history states (they are states called `H`
 * and `H*`), and nothing that a state does without leaving: that is written into the state.
 */
export function toMermaid(model: ChartModel): string {
  const within = childrenOf(model)
  const ids = plainIds(model)
  const nameOf = (id: string) => ids.get(id) ?? ''
  const drawn = (state: ChartState, indent: string): string[] => {
    const id = nameOf(state.id)
    const children = within.get(state.id) ?? []
    const said = doingsOf(state, model).map((line) => `${indent}${id}: ${line}`)
    if (children.length === 0)
      return [
        `${indent}state "${escaped(titleOf(state))}" as ${id}`,
        ...said,
        ...(state.type === 'final' ? [`${indent}${id} --> [*]`] : []),
      ]
    const inner = `${indent}  `
    const regions = children.map((child) => drawn(child, inner))
    return [
      `${indent}state "${escaped(titleOf(state))}" as ${id} {`,
      ...(state.initial === null ? [] : [`${inner}[*] --> ${nameOf(state.initial)}`]),
      ...regions.flatMap((lines, place) => (state.type === 'parallel' && place > 0 ? [`${inner}--`, ...lines] : lines)),
      `${indent}}`,
    ]
  }
  const arrows = model.transitions.flatMap((transition) =>
    transition.targets.map(
      (target) => `  ${nameOf(transition.source)} --> ${nameOf(target)}: ${umlLabel(transition, escaped)}`,
    ),
  )
  const roots = within.get(null) ?? []
  return ['stateDiagram-v2', ...roots.flatMap((root) => drawn(root, '  ')), ...arrows, ''].join('\n')
}

const titleOf = ({ type, name, history }: ChartState): string => {
  if (type !== 'history') return name
  return history === 'deep' ? 'H*' : 'H'
}

/** Mermaid refuses text in a state that has others within. */
function doingsOf(state: ChartState, { states, transitions }: ChartModel): readonly string[] {
  if (states.some(({ parent }) => parent === state.id)) return []
  const inner = transitions.filter(({ source, targets }) => source === state.id && targets.length === 0)
  return [...umlDoings(state, escaped), ...inner.map((transition) => umlLabel(transition, escaped))]
}

/** What means something to Mermaid is written by its number (`#59;`); letters of all languages stay. */
const escaped = (text: string): string =>
  wellFormed(text).replaceAll(/[^\p{L}\p{N}\p{Emoji_Presentation} _.,()[\]/]/gu, (sign) => `#${sign.codePointAt(0)};`)
