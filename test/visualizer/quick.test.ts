import Elk from 'elkjs/lib/elk.bundled.js'
import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js'
import { expect, it } from 'vitest'
import { createMachine, type AnyStateMachine } from 'xstate'
import { attemptsOf } from '../../ui/visualizer/layout/attempts.ts'
import { layOut } from '../../ui/visualizer/layout/elk.ts'
import type { Geometry } from '../../ui/visualizer/layout/geometry.ts'
import { createLineMeasure, overlapsIn } from '../../ui/visualizer/layout/overlaps.ts'
import { longestRowOf } from '../../ui/visualizer/layout/row.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'
import { nested } from './machines/nested.ts'
import { player } from './machines/player.ts'
import { wizard } from './machines/wizard.ts'

// How soon the drawing of a chart that is not ours is there: how often ELK is asked.

const real = new Elk()
const patient = { timeout: 60_000 }

/** ELK, the directions that it was asked for, and what it answers changed as it is told here. */
function watchedElk(change: (graph: ElkNode, asked: number) => void = () => {}) {
  const directions: string[] = []
  const layout = async (graph: ElkNode): Promise<ElkNode> => {
    directions.push(graph.layoutOptions?.['elk.direction'] ?? '')
    const laidOut = await real.layout(graph)
    change(laidOut, directions.length)
    return laidOut
  }
  return { elk: { layout: layout as ELK['layout'] }, directions }
}

/** Groups of five in a ring. */
const ring = (groups: number): AnyStateMachine =>
  createMachine({
    id: 'ring',
    initial: 'group0',
    states: Object.fromEntries(
      Array.from({ length: groups }, (_, group) => [
        `group${group}`,
        {
          initial: 'step0',
          states: Object.fromEntries(
            Array.from({ length: 5 }, (__, step) => [`step${step}`, { on: { GO: `step${(step + 1) % 5}` } }]),
          ),
          on: { DONE: `group${(group + 1) % groups}`, BACK: `group${Math.max(0, group - 1)}` },
        },
      ]),
    ),
  })

const isSlanted = ({ edges }: Geometry) =>
  edges.some(({ path }) =>
    path.some(({ x, y }, place) => place > 0 && x !== path[place - 1]?.x && y !== path[place - 1]?.y),
  )

it.each([
  ['small', player],
  ['deep', nested()],
  ['of 25 states', ring(4)],
  ['of 80 states', ring(13)],
])('asks ELK once for a chart (%s) whose first drawing has nothing on anything', patient, async (_, machine) => {
  const { elk, directions } = watchedElk()
  expect(overlapsIn(await layOut(chartModelOf(machine), elk))).toEqual([])
  expect(directions).toEqual(['RIGHT'])
})

it(
  'asks a second time where the drawing is tall and its letters small, the other way',
  { timeout: 60_000 },
  async () => {
    const { elk, directions } = watchedElk()
    const { width, height } = await layOut(chartModelOf(wizard()), elk, { patience: Infinity })
    expect(directions).toEqual(['RIGHT', 'DOWN'])
    expect(height / width).toBeGreaterThan(1)
  },
)

it('asks on while something lies on something, and takes what has less of it', patient, async () => {
  const lift = (graph: ElkNode, asked: number): void => {
    const label = graph.edges?.find(({ labels }) => labels !== undefined)?.labels?.[0]
    // Over the edge of the drawing.
    if (asked < 4 && label !== undefined) label.x = -50
  }
  const { elk, directions } = watchedElk(lift)
  expect(overlapsIn(await layOut(chartModelOf(player), elk, { patience: Infinity }))).toEqual([])
  expect(directions).toEqual(['RIGHT', 'DOWN', 'RIGHT', 'DOWN'])
})

it('takes a line for straight that ends a hair higher than it began', patient, async () => {
  // As ELK's own sums come out where it divides by three.
  const { elk, directions } = watchedElk((graph) => {
    for (const { sections = [] } of graph.edges ?? []) for (const { endPoint } of sections) endPoint.y -= 1e-12
  })
  const geometry = await layOut(chartModelOf(player), elk)
  expect(isSlanted(geometry)).toBe(false)
  expect(overlapsIn(geometry)).toEqual([])
  expect(directions).toHaveLength(1)
})

it('tries all ways for what is laid out beforehand, in both directions', () => {
  const model = chartModelOf(player)
  const ways = attemptsOf(model, { words: 'built', direction: 'best' }, 'best')
  expect(ways.length).toBe(144)
  expect(new Set(ways.map((way) => JSON.stringify(way))).size).toBe(144)
})

it.each([
  ['a wizard of 80 states', wizard(), 79],
  ['a ring of 25 states', ring(5), 25],
  ['nested', nested(), 8],
  ['regions beside each other', player, 4],
  ['one state', createMachine({ id: 'lonely' }), 1],
])('the longest row of %s, in document order', (_, machine, row) => {
  expect(longestRowOf(chartModelOf(machine))).toBe(row)
})

it('a line that is measured alone lies on as much as it does in all of the drawing', patient, async () => {
  const geometry = await layOut(chartModelOf(nested()), real)
  const measure = createLineMeasure(geometry)
  let worst = 0
  for (const [place, edge] of geometry.edges.entries())
    for (const by of [-30, -12, 5, 40]) {
      const path = edge.path.map(({ x, y }) => ({ x: x + by, y: y + by }))
      const edges = geometry.edges.map((one) => (one === edge ? { ...edge, path } : one))
      const added = overlapsIn({ ...geometry, edges }).length - overlapsIn(geometry).length
      expect(measure.count(place, path) - measure.count(place, edge.path)).toBe(added)
      worst = Math.max(worst, added)
    }
  expect(worst).toBeGreaterThan(3)
})
