import { headerOf } from './boxes.ts'
import type { Geometry, PlacedEdge, PlacedState, Point, Rectangle } from './geometry.ts'

/** Lines may run this far on top of each other where they turn into the same side of a box, px. */
const mostShared = 6
/** px. */
const lengthOfHead = 7

/** A straight piece of a line, and the rectangle that it covers, one px wide. */
interface Piece extends Rectangle {
  readonly from: Point
  readonly to: Point
}
interface Line {
  readonly source: string
  readonly target: string
  readonly name: string
  readonly pieces: readonly Piece[]
  /** What its arrow head covers. */
  readonly head: Rectangle | null
  /** The rectangle around all of it: what does not meet this meets none of its pieces. */
  readonly around: Rectangle
  /** `false`: the line of a dot, which is no transition. */
  readonly isEdge: boolean
}

/** What a drawing consists of, as far as things may lie on each other. */
interface Parts {
  readonly boxes: ReadonlyMap<string, PlacedState>
  readonly leaves: readonly PlacedState[]
  readonly headers: readonly (Rectangle & { readonly id: string })[]
  readonly labels: readonly (Rectangle & { readonly of: string })[]
  /** In the order of the edges, and then of the dots. */
  readonly lines: readonly Line[]
}

/**
 * Everything in a drawing that lies on something else that it should not: labels on labels, boxes, headers, dots, arrow heads and the lines of
 * others; lines through boxes and headers that they do not belong to, and along each other; boxes on boxes.
 */
export function overlapsIn(geometry: Geometry): readonly string[] {
  const { width, height, dots } = geometry
  const parts = partsOf(geometry)
  const { leaves, headers, labels, lines } = parts
  const found: string[] = []
  const tell = (one: string, other: string) => found.push(`${one} on ${other}`)

  for (const [place, label] of labels.entries()) {
    const name = `label ${label.of}`
    for (const other of after(labels, place)) if (overlap(label, other)) tell(name, `label ${other.of}`)
    for (const leaf of leaves) if (overlap(label, leaf)) tell(name, `state ${leaf.id}`)
    for (const header of headers) if (overlap(label, header)) tell(name, `the header of ${header.id}`)
    for (const dot of dots) if (overlap(label, discOf(dot))) tell(name, `the start of ${dot.of}`)
    if (label.x < 0 || label.y < 0 || label.x + label.width > width || label.y + label.height > height)
      tell(name, 'the edge of the drawing')
  }
  for (const [place, leaf] of leaves.entries()) {
    for (const other of after(leaves, place)) if (overlap(leaf, other)) tell(`state ${leaf.id}`, `state ${other.id}`)
    for (const header of headers) if (overlap(leaf, header)) tell(`state ${leaf.id}`, `the header of ${header.id}`)
  }
  for (const [place, line] of lines.entries()) found.push(...overlapsOf(line, after(lines, place), parts))
  return found
}

/** Measures lines one at a time, for whoever moves them: all else is measured once. */
export interface LineMeasure {
  /** How many things the line of an edge (its place among them) would lie on, or under, if it ran this way. */
  readonly count: (edge: number, path: readonly Point[]) => number
  /** From now on it runs this way. */
  readonly move: (edge: number, path: readonly Point[]) => void
}

export function createLineMeasure(geometry: Geometry): LineMeasure {
  const parts = partsOf(geometry)
  const lines = [...parts.lines]
  const moved = (edge: number, path: readonly Point[]): Line => {
    const { source, target } = geometry.edges[edge] ?? { source: '', target: '' }
    return lineOf({ source, target, path })
  }
  return {
    count: (edge, path) =>
      overlapsOf(
        moved(edge, path),
        lines.filter((_, place) => place !== edge),
        parts,
      ).length,
    move: (edge, path) => void (lines[edge] = moved(edge, path)),
  }
}

function partsOf({ states, edges, dots }: Geometry): Parts {
  const parents = new Set(states.map(({ parent }) => parent))
  return {
    boxes: new Map(states.map((state) => [state.id, state])),
    leaves: states.filter(({ id }) => !parents.has(id)),
    headers: states.filter(({ id }) => parents.has(id)).map((state) => ({ ...headerOf(state), id: state.id })),
    labels: edges.flatMap(({ source, target, label }) =>
      label === null ? [] : [{ ...label, of: `${source} → ${target}` }],
    ),
    lines: [
      ...edges.map(lineOf),
      ...dots.map(({ of, path }) => ({
        ...lineOf({ source: of, target: of, path }),
        name: `start of ${of}`,
        isEdge: false,
      })),
    ],
  }
}

function lineOf({ source, target, path }: Pick<PlacedEdge, 'source' | 'target' | 'path'>): Line {
  const pieces = path.slice(1).map((to, place) => pieceOf(path[place] ?? to, to))
  const head = headOf(pieces.at(-1))
  const all = head === null ? pieces : [...pieces, head]
  const [left, top] = [Math.min(...all.map(({ x }) => x)), Math.min(...all.map(({ y }) => y))]
  return {
    ...{ source, target, pieces, head },
    name: `${source} → ${target}`,
    around: {
      x: left,
      y: top,
      width: Math.max(...all.map(({ x, width }) => x + width)) - left,
      height: Math.max(...all.map(({ y, height }) => y + height)) - top,
    },
    isEdge: true,
  }
}

/** What a line lies on, and what lies on it. An end touches its own box, and may begin at the inside of one around it. */
function overlapsOf(line: Line, others: Iterable<Line>, { boxes, leaves, headers, labels }: Parts): readonly string[] {
  const found: string[] = []
  const runsOver = (thing: Rectangle) =>
    overlap(thing, line.around) && line.pieces.some((piece) => overlap(thing, piece))
  for (const label of labels) {
    if (line.head !== null && overlap(label, line.head))
      found.push(`label ${label.of} on the arrow head of ${line.name}`)
    if (line.name !== label.of && runsOver(label)) found.push(`label ${label.of} on line ${line.name}`)
  }
  for (const leaf of leaves) {
    const isOwn = leaf.id === line.source || leaf.id === line.target
    if (runsOver(isOwn ? inset(leaf, 2) : leaf)) found.push(`line ${line.name} on state ${leaf.id}`)
  }
  for (const header of headers) if (runsOver(header)) found.push(`line ${line.name} on the header of ${header.id}`)
  for (const side of ['source', 'target'] as const)
    if (line.isEdge && !meetsItsBox(line, side, boxes.get(line[side])))
      found.push(`line ${line.name} on the side of its ${side}`)
  for (const other of others)
    if (overlap(line.around, other.around) && sharedBy(line, other) > mostShared)
      found.push(`line ${line.name} on line ${other.name}`)
  return found
}

/** Those that come later. */
function* after<Thing>(things: readonly Thing[], place: number): Generator<Thing> {
  for (let at = place + 1; at < things.length; at += 1) {
    const thing = things[at]
    if (thing !== undefined) yield thing
  }
}

/** Two rectangles that share more than an edge. */
const overlap = (one: Rectangle, other: Rectangle): boolean =>
  one.x < other.x + other.width - 0.5 &&
  other.x < one.x + one.width - 0.5 &&
  one.y < other.y + other.height - 0.5 &&
  other.y < one.y + one.height - 0.5

const pieceOf = (from: Point, to: Point): Piece => ({
  from,
  to,
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

/** What an arrow head covers: the end of its line, 6 px wide. */
function headOf(last: Piece | undefined): Rectangle | null {
  if (last === undefined) return null
  const { from, to } = last
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const back = {
    x: to.x - ((to.x - from.x) / length) * lengthOfHead,
    y: to.y - ((to.y - from.y) / length) * lengthOfHead,
  }
  const box = pieceOf(back, to)
  return from.y === to.y ? { ...box, y: box.y - 2.5, height: 6 } : { ...box, x: box.x - 2.5, width: 6 }
}

/** It comes straight to the side of its box, and does not run along it; at its target there is room for its head. */
function meetsItsBox(line: Line, side: 'source' | 'target', box: PlacedState | undefined): boolean {
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
      const isAcross = a.from.y === a.to.y
      if (isAcross !== (b.from.y === b.to.y) || !overlap(a, b)) continue
      const along = isAcross
        ? Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
        : Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
      shared += Math.max(0, along - 1)
    }
  return shared
}
