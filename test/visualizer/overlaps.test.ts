import { expect, it } from 'vitest'
import type { Geometry, PlacedEdge, PlacedState, Point } from '../../ui/visualizer/layout/geometry.ts'
import { overlapsIn } from '../../ui/visualizer/layout/overlaps.ts'

// Whoever measures must be seen to find: each of these lies on something, on purpose.

const state = (
  id: string,
  x: number,
  y: number,
  width: number,
  height: number,
  parent: string | null = 'c',
): PlacedState => ({
  ...{ id, parent, x, y, width, height },
  depth: parent === null ? 0 : 1,
  title: id,
  rows: [],
})
const edge = (source: string, target: string, path: readonly Point[], x: number, y: number): PlacedEdge => ({
  ...{ source, target, path },
  transitions: [`${source} GO[0]`],
  label: { x, y, width: 40, height: 19, items: [{ lines: ['GO'], transitions: [`${source} GO[0]`] }] },
})
const line = (...points: readonly (readonly [number, number])[]): Point[] => points.map(([x, y]) => ({ x, y }))

/** Two states, and a line from one to the other. */
const plain: Geometry = {
  width: 500,
  height: 300,
  states: [state('c', 0, 0, 500, 300, null), state('c.a', 60, 100, 80, 40), state('c.b', 300, 100, 80, 40)],
  dots: [{ of: 'c', x: 20, y: 120, path: line([25, 120], [60, 120]) }],
  edges: [edge('c.a', 'c.b', line([140, 120], [300, 120]), 200, 110)],
}

it('finds nothing where nothing lies on anything', () => {
  expect(overlapsIn(plain)).toEqual([])
})

const [going] = plain.edges
const labelAt = (x: number, y: number): Geometry => ({
  ...plain,
  edges: plain.edges.map((one) => ({ ...one, label: one.label && { ...one.label, x, y } })),
})
const with2 = (more: PlacedEdge): Geometry => ({ ...plain, edges: [...plain.edges, more] })

it.each<readonly [string, Geometry]>([
  ['label c.a → c.b on state c.a', labelAt(130, 110)],
  ['label c.a → c.b on the header of c', labelAt(2, 5)],
  ['label c.a → c.b on the start of c', labelAt(12, 112)],
  ['label c.a → c.b on the arrow head of c.a → c.b', labelAt(258, 111)],
  ['label c.a → c.b on the edge of the drawing', labelAt(470, 110)],
  ['label c.a → c.b on label c.b → c.a', with2(edge('c.b', 'c.a', line([300, 135], [140, 135]), 230, 125))],
  ['label c.a → c.b on line c.b → c.a', with2(edge('c.b', 'c.a', line([300, 127], [140, 127]), 150, 128))],
  [
    'line c.a → c.b on line c.b → c.a',
    with2(edge('c.b', 'c.a', line([340, 100], [340, 80], [250, 80], [250, 120], [140, 120]), 270, 70)),
  ],
  [
    'line c.b → c.b on state c.a',
    with2(edge('c.b', 'c.b', line([340, 100], [340, 80], [100, 80], [100, 180], [340, 180], [340, 140]), 200, 170)),
  ],
  ['line c.a → c on the header of c', with2(edge('c.a', 'c', line([100, 100], [100, 50], [6, 50], [6, 0]), 80, 60))],
  [
    'state c.a on state c.b',
    { ...plain, edges: [], states: [...plain.states.slice(0, 2), state('c.b', 100, 110, 80, 40)] },
  ],
])('finds %s', (collision, geometry) => {
  expect(going).toBeDefined()
  expect(overlapsIn(geometry)).toContain(collision)
})
