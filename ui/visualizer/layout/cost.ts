import type { Geometry, Point } from './geometry.ts'
import type { Direction } from './hash.ts'
import { overlapsIn } from './overlaps.ts'

/** px: a window that a drawing is fitted into. */
const page = { width: 1280, height: 700 } as const

/**
 * How hard a drawing is to read: the length of its lines, px, to which each crossing adds 400, each bend 30 and
 * each px of way until a state begins 8, times how small its letters get when
 * all of it is shown in a window. Something that lies on something else counts more than all that.
 */
export function costOf(geometry: Geometry, direction: Direction): number {
  const { width, height, edges, dots, states } = geometry
  const paths = [...edges, ...dots].map(({ path }) => path)
  const segments = paths.flatMap((path, edge) =>
    path.slice(1).map((to, place) => ({ edge, from: path[place] ?? to, to })),
  )
  let crossings = 0
  let length = 0
  for (const [place, one] of segments.entries()) {
    length += Math.abs(one.to.x - one.from.x) + Math.abs(one.to.y - one.from.y)
    for (const other of segments.slice(place + 1)) if (other.edge !== one.edge && cross(one, other)) crossings += 1
  }
  let lateness = 0
  for (const { of, x, y } of dots) {
    const box = states.find(({ id }) => id === of)
    if (box !== undefined) lateness += direction === 'RIGHT' ? x - box.x : y - box.y
  }
  const bends = segments.length - paths.length
  const smallness = Math.max(width / page.width, height / page.height, 1) ** 1.5
  return (length + crossings * 400 + bends * 30 + lateness * 8) * smallness + overlapsIn(geometry).length * 1e6
}

interface Segment {
  readonly from: Point
  readonly to: Point
}

/** Of lines that run straight across or straight down: a crossing, no mere touching. */
function cross(one: Segment, other: Segment): boolean {
  const isAcross = ({ from, to }: Segment) => from.y === to.y
  if (isAcross(one) === isAcross(other)) return false
  const [across, down] = isAcross(one) ? [one, other] : [other, one]
  const between = (value: number, a: number, b: number) => Math.min(a, b) < value && value < Math.max(a, b)
  return between(down.from.x, across.from.x, across.to.x) && between(across.from.y, down.from.y, down.to.y)
}
