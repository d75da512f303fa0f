import type { Geometry, Point, Rectangle } from '../../ui/visualizer/layout/geometry.ts'

/** Two rectangles that share more than an edge. */
const overlap = (one: Rectangle, other: Rectangle): boolean =>
  one.x < other.x + other.width - 0.5 &&
  other.x < one.x + one.width - 0.5 &&
  one.y < other.y + other.height - 0.5 &&
  other.y < one.y + one.height - 0.5

/** The rectangle that a piece of a line covers, one px to each side. */
const around = (from: Point, to: Point): Rectangle => ({
  x: Math.min(from.x, to.x) - 0.5,
  y: Math.min(from.y, to.y) - 0.5,
  width: Math.abs(to.x - from.x) + 1,
  height: Math.abs(to.y - from.y) + 1,
})

/**
 * Everything in a drawing that lies on something else that it should not: labels on labels, on boxes and on the lines of others, lines
 * through boxes that they do not belong to. `isLeaf`: a box with nothing within.
 */
export function overlapsIn({ states, edges, dots }: Geometry): readonly string[] {
  const isAround = (outer: string, inner: string) => inner === outer || inner.startsWith(`${outer}.`)
  const leaves = states.filter(({ id }) => !states.some((other) => other.id.startsWith(`${id}.`)))
  const headers = states
    .filter((state) => !leaves.includes(state))
    .map((state) => ({ ...state, height: 30 + state.rows.flatMap(({ lines }) => lines).length * 15 }))
  const labels = edges.flatMap(({ source, target, label }) =>
    label === null ? [] : [{ ...label, of: `${source} → ${target}` }],
  )
  const found: string[] = []
  for (const [place, label] of labels.entries()) {
    for (const other of labels.slice(place + 1))
      if (overlap(label, other)) found.push(`label ${label.of} on label ${other.of}`)
    for (const leaf of leaves) if (overlap(label, leaf)) found.push(`label ${label.of} on state ${leaf.id}`)
    for (const header of headers) {
      const text = { ...header, width: header.id.length * 4 + 40 }
      if (overlap(label, text)) found.push(`label ${label.of} on the header of ${header.id}`)
    }
    for (const dot of dots)
      if (overlap(label, { x: dot.x - 5, y: dot.y - 5, width: 10, height: 10 }))
        found.push(`label ${label.of} on the start of ${dot.of}`)
    for (const edge of edges) {
      const name = `${edge.source} → ${edge.target}`
      if (name === label.of) continue
      if (edge.path.slice(1).some((to, at) => overlap(label, around(edge.path[at] ?? to, to))))
        found.push(`label ${label.of} on line ${name}`)
    }
  }
  for (const edge of edges)
    for (const leaf of leaves) {
      if (isAround(edge.source, leaf.id) || isAround(edge.target, leaf.id)) continue
      if (edge.path.slice(1).some((to, at) => overlap(leaf, around(edge.path[at] ?? to, to))))
        found.push(`line ${edge.source} → ${edge.target} through ${leaf.id}`)
    }
  return found
}
