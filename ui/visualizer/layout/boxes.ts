import type { ChartModel, ChartState, ChartTransition } from '../model/chart.ts'
import { widthOf } from './measure.ts'

/** Sizes, px. */
export const type = { name: 13, row: 11, label: 11, lineOfRow: 15, lineOfLabel: 15 } as const
const padding = { x: 12, top: 9, bottom: 9 } as const
/** Rows are broken before they get wider than this. */
const widestRow = 300

/** What is written in a state's box, below its name. */
export interface Row {
  readonly kind: 'invoke' | 'entry' | 'exit' | 'inner'
  readonly lines: readonly string[]
  /** Of `inner`: the transitions that stay, by id. */
  readonly transitions: readonly string[]
}

export interface Box {
  readonly state: ChartState
  readonly rows: readonly Row[]
  /** Of name and rows, with padding. */
  readonly width: number
  readonly height: number
}

export function boxOf(state: ChartState, model: ChartModel): Box {
  const inner = model.transitions.filter(({ source, targets }) => source === state.id && targets.length === 0)
  const rows: Row[] = [
    ...state.invokes.map(({ id }) => rowOf('invoke', [id])),
    ...(state.entry.length > 0 ? [rowOf('entry', state.entry)] : []),
    ...(state.exit.length > 0 ? [rowOf('exit', state.exit)] : []),
    ...byEffect(inner).map((alike) =>
      rowOf(
        'inner',
        alike.map((transition) => labelOf(transition)),
        alike.map(({ id }) => id),
      ),
    ),
  ]
  const lines = rows.flatMap((row) => row.lines)
  const width = Math.max(
    widthOf(state.name, type.name, 'strong') + (state.type === 'atomic' ? 0 : 26),
    ...lines.map((line) => widthOf(line, type.row) + 16),
  )
  return {
    state,
    rows,
    width: Math.max(64, width + 2 * padding.x),
    height: padding.top + type.name + 5 + lines.length * type.lineOfRow + (lines.length > 0 ? 3 : 0) + padding.bottom,
  }
}

/** What a transition is called where it is drawn. */
export const labelOf = ({ name, guard }: ChartTransition): string => (guard === null ? name : `${name} [${guard}]`)

/** Transitions that stay and do the same are one row. */
function byEffect(transitions: readonly ChartTransition[]): readonly (readonly ChartTransition[])[] {
  const groups = new Map<string, ChartTransition[]>()
  for (const transition of transitions) {
    const key = transition.actions.join()
    groups.set(key, [...(groups.get(key) ?? []), transition])
  }
  return [...groups.values()]
}

function rowOf(kind: Row['kind'], parts: readonly string[], transitions: readonly string[] = []): Row {
  const lines: string[] = []
  for (const [place, part] of parts.entries()) {
    const text = place < parts.length - 1 ? `${part},` : part
    const last = lines.at(-1)
    if (last !== undefined && widthOf(`${last} ${text}`, type.row) <= widestRow)
      lines[lines.length - 1] = `${last} ${text}`
    else lines.push(text)
  }
  return { kind, lines, transitions }
}
