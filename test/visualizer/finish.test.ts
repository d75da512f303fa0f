import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { finished } from '../../ui/visualizer/layout/finish.ts'
import type { Geometry, PlacedState, Point } from '../../ui/visualizer/layout/geometry.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'

const box = (id: string, parent: string | null, x: number, y: number, width: number, height: number): PlacedState => ({
  ...{ id, parent, x, y, width, height },
  ...{ depth: 1, title: '', rows: [] },
})
const line = (...points: readonly (readonly [number, number])[]): Point[] => points.map(([x, y]) => ({ x, y }))

describe('a line with a little jog', () => {
  const model = chartModelOf(createMachine({ id: 'c', initial: 'a', states: { a: { on: { GO: 'b' } }, b: {} } }))
  const label = { x: 150, y: 110, width: 40, height: 19, items: [] }
  const jogged: Geometry = {
    ...{ width: 400, height: 300 },
    states: [box('c', null, 0, 0, 400, 300), box('c.a', 'c', 40, 100, 80, 40), box('c.b', 'c', 300, 100, 80, 40)],
    dots: [],
    edges: [
      {
        source: 'c.a',
        target: 'c.b',
        transitions: [],
        path: line([120, 120], [240, 120], [240, 112], [300, 112]),
        label,
      },
    ],
  }

  it('is straightened', () => {
    expect(finished(jogged, model).edges[0]?.path).toSatisfy(
      (path: readonly Point[]) => path.length === 2 && path[0]?.y === path[1]?.y,
    )
  })

  it('keeps it where the straight way leads past its box, or through another', () => {
    const apart = jogged.states.map((state) =>
      state.id === 'c.a'
        ? { ...state, y: 110, height: 22 }
        : state.id === 'c.b'
          ? { ...state, y: 92, height: 30 }
          : state,
    )
    expect(finished({ ...jogged, states: apart }, model).edges[0]?.path).toHaveLength(4)
    const walls = [
      box('c.w', 'c', 195, 122, 20, 20),
      box('c.v', 'c', 250, 119, 20, 20),
      box('c.u', 'c', 195, 100, 20, 14),
    ]
    const between = { ...jogged, states: [...jogged.states, ...walls] }
    expect(finished(between, model).edges[0]?.path).toHaveLength(4)
  })
})

describe('the regions of a parallel state', () => {
  const model = chartModelOf(
    createMachine({
      id: 'p',
      type: 'parallel',
      states: { left: { initial: 'one', states: { one: {} } }, right: { initial: 'one', states: { one: {} } } },
    }),
  )
  const uneven: Geometry = {
    ...{ width: 500, height: 400 },
    states: [
      box('p', null, 0, 0, 500, 400),
      box('p.left', 'p', 20, 180, 200, 100),
      box('p.left.one', 'p.left', 80, 230, 80, 30),
      box('p.right', 'p', 240, 60, 200, 320),
      box('p.right.one', 'p.right', 300, 120, 80, 30),
    ],
    dots: [{ of: 'p.left', x: 50, y: 245, path: line([55, 245], [80, 245]) }],
    edges: [],
  }

  it('begin and end on the same lines, and what is within moves along', () => {
    const { states, dots } = finished(uneven, model)
    const placed = new Map(states.map(({ id, y, height }) => [id, [y, height]]))
    expect(placed.get('p.left')).toEqual([60, 320])
    expect(placed.get('p.right')).toEqual([60, 320])
    expect(placed.get('p.left.one')).toEqual([110, 30])
    expect(dots[0]).toEqual({ of: 'p.left', x: 50, y: 125, path: line([55, 125], [80, 125]) })
  })
})
