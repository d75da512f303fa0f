import type { Point } from '../layout/geometry.ts'

const radius = 7

/** A line through these points, with rounded corners, as SVG has it. */
export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const parts = [`M${first.x} ${first.y}`]
  for (const [place, corner] of rest.entries()) {
    const before = points[place] ?? first
    const after = rest[place + 1]
    if (after === undefined) {
      parts.push(`L${corner.x} ${corner.y}`)
      continue
    }
    const [into, outOf] = [towards(corner, before), towards(corner, after)]
    parts.push(`L${into.x} ${into.y}`, `Q${corner.x} ${corner.y} ${outOf.x} ${outOf.y}`)
  }
  return parts.join('')
}

/** A little way from one point to another, no further than half of it. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const share = length === 0 ? 0 : Math.min(radius, length / 2) / length
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}
