import type { Geometry, Point } from './geometry.ts'
import type { Direction } from './hash.ts'

/** px: a window that a drawing is fitted into. */
const page = { width: 1280, height: 700 } as const

/** How many times smaller it has to be drawn to be shown in that window, at least 1. */
export const smallnessOf = ({ width, height }: Pick<Geometry, 'width' | 'height'>): number =>
  Math.max(width / page.width, height / page.height, 1)

/**
 * How hard a drawing is to read: the length of its lines, px, to which each crossing adds 400, each bend 30 and
 * each px of way until a state begins 8, times how small its letters get when
 * all of it is shown in a window.
 */
export function costOf(geometry: Geometry, direction: Direction): number {
  const { edges, dots, states } = geometry
  const paths = [...edges, ...dots].map(({ path }) => path)
  const segments: readonly Segment[] = paths.flatMap((path, edge) =>
    path.slice(1).map((to, place) => ({ edge, from: path[place] ?? to, to })),
  )
  const isAcross = ({ from, to }: Segment) => from.y === to.y
  const [across, down] = [segments.filter(isAcross), segments.filter((segment) => !isAcross(segment))]
  let crossings = 0
  for (const one of across) for (const other of down) if (one.edge !== other.edge && cross(one, other)) crossings += 1
  let length = 0
  for (const { from, to } of segments) length += Math.abs(to.x - from.x) + Math.abs(to.y - from.y)
  let lateness = 0
  for (const { of, x, y } of dots) {
    const box = states.find(({ id }) => id === of)
    if (box !== undefined) lateness += direction === 'RIGHT' ? x - box.x : y - box.y
  }
  const bends = segments.length - paths.length
  return (length + crossings * 400 + bends * 30 + lateness * 8) * smallnessOf(geometry) ** 1.5
}

interface Segment {
  readonly edge: number
  readonly from: Point
  readonly to: Point
}

/** A crossing of one that runs straight across and one that runs straight down, no mere touching. */
const cross = (across: Segment, down: Segment): boolean =>
  isBetween(down.from.x, across.from.x, across.to.x) && isBetween(across.from.y, down.from.y, down.to.y)

const isBetween = (value: number, one: number, other: number): boolean =>
  one < other ? one < value && value < other : other < value && value < one
