import { headerOf } from './boxes.ts'
import type { Geometry, PlacedState, Point, Rectangle } from './geometry.ts'

/** Lines may run this far on top of each other where they turn into the same side of a box, px. */
const mostShared = 6
/** px. */
const lengthOfHead = 7

interface Piece {
  readonly from: Point
  readonly to: Point
}
interface Line {
  readonly source: string
  readonly target: string
  readonly name: string
  readonly pieces: readonly Piece[]
}

/**
 * Everything in a drawing that lies on something else that it should not: labels on labels, boxes, headers, dots, arrow heads and the lines of
 * others; lines through boxes and headers that they do not belong to, and along each other; boxes on boxes.
 */
export function overlapsIn({ width, height, states, edges, dots }: Geometry): readonly string[] {
  const hasMore = (id: string) => states.some(({ parent }) => parent === id)
  const leaves = states.filter(({ id }) => !hasMore(id))
  const headers = states.filter(({ id }) => hasMore(id)).map((state) => ({ ...headerOf(state), id: state.id }))
  const lines: readonly Line[] = [
    ...edges.map(({ source, target, path }) => ({
      source,
      target,
      name: `${source} → ${target}`,
      pieces: piecesOf(path),
    })),
    ...dots.map(({ of, path }) => ({ source: of, target: of, name: `start of ${of}`, pieces: piecesOf(path) })),
  ]
  const labels = edges.flatMap(({ source, target, label }) =>
    label === null ? [] : [{ ...label, of: `${source} → ${target}` }],
  )
  const found: string[] = []
  const tell = (one: string, other: string) => found.push(`${one} on ${other}`)

  for (const [place, label] of labels.entries()) {
    const name = `label ${label.of}`
    for (const other of labels.slice(place + 1)) if (overlap(label, other)) tell(name, `label ${other.of}`)
    for (const leaf of leaves) if (overlap(label, leaf)) tell(name, `state ${leaf.id}`)
    for (const header of headers) if (overlap(label, header)) tell(name, `the header of ${header.id}`)
    for (const dot of dots) if (overlap(label, discOf(dot))) tell(name, `the start of ${dot.of}`)
    for (const line of lines) {
      const head = headOf(line)
      if (head !== null && overlap(label, head)) tell(name, `the arrow head of ${line.name}`)
      if (line.name !== label.of && line.pieces.some((piece) => overlap(label, around(piece))))
        tell(name, `line ${line.name}`)
    }
    if (label.x < 0 || label.y < 0 || label.x + label.width > width || label.y + label.height > height)
      tell(name, 'the edge of the drawing')
  }
  for (const [place, leaf] of leaves.entries()) {
    for (const other of leaves.slice(place + 1)) if (overlap(leaf, other)) tell(`state ${leaf.id}`, `state ${other.id}`)
    for (const header of headers) if (overlap(leaf, header)) tell(`state ${leaf.id}`, `the header of ${header.id}`)
  }
  for (const [place, line] of lines.entries()) {
    // An end touches its own box, and may begin at the inside of one around it.
    for (const leaf of leaves) {
      const isOwn = leaf.id === line.source || leaf.id === line.target
      if (line.pieces.some((piece) => overlap(isOwn ? inset(leaf, 2) : leaf, around(piece))))
        tell(`line ${line.name}`, `state ${leaf.id}`)
    }
    for (const header of headers)
      if (line.pieces.some((piece) => overlap(header, around(piece))))
        tell(`line ${line.name}`, `the header of ${header.id}`)
    for (const side of ['source', 'target'] as const)
      if (edges[place] !== undefined && !meetsItsBox(line, side, states))
        tell(`line ${line.name}`, `the side of its ${side}`)
    for (const other of lines.slice(place + 1))
      if (sharedBy(line, other) > mostShared) tell(`line ${line.name}`, `line ${other.name}`)
  }
  return found
}

/** Two rectangles that share more than an edge. */
const overlap = (one: Rectangle, other: Rectangle): boolean =>
  one.x < other.x + other.width - 0.5 &&
  other.x < one.x + one.width - 0.5 &&
  one.y < other.y + other.height - 0.5 &&
  other.y < one.y + one.height - 0.5

/** The rectangle that a piece of a line covers, one px wide. */
const around = ({ from, to }: Piece): Rectangle => ({
  x: Math.min(from.x, to.x) - 0.5,
  y: Math.min(from.y, to.y) - 0.5,
  width: Math.abs(to.x - from.x) + 1,
  height: Math.abs(to.y - from.y) + 1,
})

const inset = ({ x, y, width, height }: Rectangle, by: number): Rectangle => ({
  x: x + by,
  y: y + by,
  width: width - 2 * by,
  height: height - 2 * by,
})

const discOf = ({ x, y }: Point): Rectangle => ({ x: x - 5, y: y - 5, width: 10, height: 10 })

const piecesOf = (path: readonly Point[]): readonly Piece[] =>
  path.slice(1).map((to, place) => ({ from: path[place] ?? to, to }))

/** What an arrow head covers: the end of its line, 6 px wide. */
function headOf({ pieces }: Line): Rectangle | null {
  const last = pieces.at(-1)
  if (last === undefined) return null
  const { from, to } = last
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const back = {
    x: to.x - ((to.x - from.x) / length) * lengthOfHead,
    y: to.y - ((to.y - from.y) / length) * lengthOfHead,
  }
  const box = around({ from: back, to })
  return from.y === to.y ? { ...box, y: box.y - 2.5, height: 6 } : { ...box, x: box.x - 2.5, width: 6 }
}

/** It comes straight to the side of its box, and does not run along it; at its target there is room for its head. */
function meetsItsBox(line: Line, side: 'source' | 'target', states: readonly PlacedState[]): boolean {
  const box = states.find(({ id }) => id === line[side])
  const piece = line.pieces.at(side === 'source' ? 0 : -1)
  if (box === undefined || piece === undefined) return false
  const { from, to } = piece
  const end = side === 'source' ? from : to
  const isNear = (value: number, one: number, other: number) =>
    Math.abs(value - one) < 1.5 || Math.abs(value - other) < 1.5
  const isAcross = from.y === to.y
  const isStraight = isAcross ? isNear(end.x, box.x, box.x + box.width) : isNear(end.y, box.y, box.y + box.height)
  return isStraight && (side === 'source' || Math.abs(to.x - from.x) + Math.abs(to.y - from.y) >= lengthOfHead)
}

/** How far two lines run on top of each other, px. */
function sharedBy(one: Line, other: Line): number {
  let shared = 0
  for (const a of one.pieces)
    for (const b of other.pieces) {
      const boxes = [around(a), around(b)] as const
      const isAcross = a.from.y === a.to.y
      if (isAcross !== (b.from.y === b.to.y) || !overlap(...boxes)) continue
      const [p, q] = boxes
      const along = isAcross
        ? Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x)
        : Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y)
      shared += Math.max(0, along - 1)
    }
  return shared
}
