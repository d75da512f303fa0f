import type { ChartModel, ChartState } from '../model/chart.ts'
import type { Item, PlacedLabel, PlacedState, Point, Rectangle, Row, Words } from './geometry.ts'
import { widthOf } from './measure.ts'
import { rowsOf, titleOf, type } from './words.ts'

/** px. */
const padding = { x: 12, top: 9, bottom: 9 } as const
/** Rows are set in, so that there is room for their mark; what holds is not. */
const indent = 16

export interface Box {
  readonly state: ChartState
  readonly title: string
  readonly rows: readonly Row[]
  /** Of title and rows, with padding. */
  readonly width: number
  readonly height: number
}

export function boxOf(state: ChartState, model: ChartModel, words: Words): Box {
  const title = titleOf(state, words)
  const rows = rowsOf(state, model, words)
  const lines = rows.flatMap((row) => row.lines)
  const width = Math.max(
    widthOf(title, type.name, 'strong') + (state.type === 'atomic' ? 0 : 26),
    ...rows.flatMap((row) => row.lines.map((line) => widthOf(line, type.row) + (row.kind === 'words' ? 0 : indent))),
  )
  return {
    state,
    title,
    rows,
    width: Math.max(64, width + 2 * padding.x),
    height: padding.top + type.name + 5 + lines.length * type.lineOfRow + (lines.length > 0 ? 3 : 0) + padding.bottom,
  }
}

/** The part of a box with more within that its title and rows take, px. */
export function headerOf(placed: PlacedState): Rectangle {
  const { title, rows } = linesOf(placed)
  const lines = [title, ...rows.flatMap((row) => row.placed)]
  const right = Math.max(...lines.map((line) => line.x + line.width))
  return {
    x: placed.x,
    y: placed.y,
    width: right - placed.x,
    height: Math.max(...lines.map((line) => line.y)) + 4 - placed.y,
  }
}

/** Between the items of a label where one has several lines, px. */
const gapOf = (items: readonly Item[]): number => (items.some(({ lines }) => lines.length > 1) ? 5 : 0)

/** How large a label is, px. */
export const sizeOfLabel = (items: readonly Item[]) => ({
  width: Math.max(...items.flatMap(({ lines }) => lines.map((line) => widthOf(line, type.label)))) + 12,
  height: items.flatMap(({ lines }) => lines).length * type.lineOfLabel + (items.length - 1) * gapOf(items) + 4,
})

/** A line of text, and where it begins: at the left, on the letters' ground line. */
export interface PlacedLine extends Point {
  readonly text: string
  /** How wide the layout took it to be, px: what is drawn is fitted into it. */
  readonly width: number
}

/** The title of a state, and its rows with their lines; a row's mark belongs to the left of its first line, `indent` px away. */
export function linesOf({ x, y, title, rows }: PlacedState): {
  readonly title: PlacedLine
  readonly rows: readonly (Row & { readonly placed: readonly PlacedLine[] })[]
} {
  let ground = y + 40
  return {
    title: { x: x + padding.x, y: y + 21, text: title, width: widthOf(title, type.name, 'strong') - 2 },
    rows: rows.map((row) => ({
      ...row,
      placed: row.lines.map((text) => {
        const line = { x: x + padding.x + (row.kind === 'words' ? 0 : indent), y: ground, text }
        ground += type.lineOfRow
        return { ...line, width: widthOf(text, type.row) - 2 }
      }),
    })),
  }
}

/** The items of a label: of each its lines, and the strip that can be pointed at. */
export function placedItemsOf({
  x,
  y,
  width,
  items,
}: PlacedLabel): readonly (Item & { readonly strip: Rectangle; readonly placed: readonly PlacedLine[] })[] {
  let top = y + 2
  return items.map((item) => {
    const strip = { x, y: top, width, height: item.lines.length * type.lineOfLabel }
    const placed = item.lines.map((text, place) => ({
      x: x + 6,
      y: strip.y + 11.5 + place * type.lineOfLabel,
      text,
      width: widthOf(text, type.label) - 1,
    }))
    top += strip.height + gapOf(items)
    return { ...item, strip, placed }
  })
}
