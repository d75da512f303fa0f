import type { ChartModel } from '../model/chart.ts'
import type { Geometry, PlacedEdge, PlacedState, Point } from './geometry.ts'
import { createLineMeasure, overlapsIn } from './overlaps.ts'
import { withinOf } from './within.ts'

/** What ELK leaves to be done: lines without little jogs, regions of one height. Nothing is done that makes things lie on each other. */
export function finished(geometry: Geometry, model: ChartModel): Geometry {
  let best = geometry
  for (const { id, type } of model.states) {
    if (type !== 'parallel') continue
    const even = withEvenRegions(best, model, id)
    if (even !== best && overlapsIn(even).length <= overlapsIn(best).length) best = even
  }
  return withoutJogs(best)
}

/** A jog is a short way across between two pieces of a line that run the same way, px. */
const longestJog = 20

function withoutJogs(geometry: Geometry): Geometry {
  const measure = createLineMeasure(geometry)
  const edges = geometry.edges.map((edge, place) => {
    let { path } = edge
    for (const candidate of straighterPaths(edge, geometry.states))
      if (measure.count(place, candidate) <= measure.count(place, path)) {
        path = candidate
        measure.move(place, path)
      }
    return { ...edge, path }
  })
  return { ...geometry, edges }
}

/** The same line with one of its jogs taken out: by moving what is before it, or what is after it. */
function straighterPaths(edge: PlacedEdge, states: readonly PlacedState[]): readonly (readonly Point[])[] {
  const { path } = edge
  return path.flatMap((from, place) => {
    const [before, to, after] = [path[place - 1], path[place + 1], path[place + 2]]
    if (before === undefined || to === undefined || after === undefined) return []
    const [dx, dy] = [to.x - from.x, to.y - from.y]
    if (Math.abs(dx) + Math.abs(dy) > longestJog) return []
    return [moved(path, place - 1, place, dx, dy), moved(path, place + 1, place + 2, -dx, -dy)].filter(
      (candidate) => isAttached(candidate, edge, states) && isUnderItsLabel(candidate, edge),
    )
  })
}

/** With the points from one place to another moved, and those left out that are no corner any more. */
function moved(path: readonly Point[], first: number, last: number, dx: number, dy: number): readonly Point[] {
  const all = path.map(({ x, y }, place) => (place >= first && place <= last ? { x: x + dx, y: y + dy } : { x, y }))
  return all.filter((point, place) => {
    const [before, after] = [all[place - 1], all[place + 1]]
    if (before === undefined || after === undefined) return true
    const isStraight = (before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y)
    return !isStraight
  })
}

/** Both ends are still at the sides of their boxes, away from the rounded corners, and each piece is straight across or down. */
function isAttached(
  path: readonly Point[],
  { source, target, path: was }: PlacedEdge,
  states: readonly PlacedState[],
): boolean {
  const isAt = (point: Point | undefined, before: Point | undefined, id: string): boolean => {
    const box = states.find((state) => state.id === id)
    if (box === undefined || point === undefined || before === undefined) return false
    if (point.x === before.x && point.y === before.y) return true
    const isBetween = (value: number, from: number, length: number) => value >= from + 9 && value <= from + length - 9
    return point.x === before.x ? isBetween(point.y, box.y, box.height) : isBetween(point.x, box.x, box.width)
  }
  const isStraight = path.slice(1).every((to, place) => to.x === path[place]?.x || to.y === path[place]?.y)
  return isStraight && isAt(path[0], was[0], source) && isAt(path.at(-1), was.at(-1), target)
}

/** It still runs under its label, or beside it where it did so before. */
function isUnderItsLabel(path: readonly Point[], { label, path: was }: PlacedEdge): boolean {
  if (label === null) return true
  const runsUnder = (points: readonly Point[]) =>
    points.slice(1).some((to, place) => {
      const from = points[place] ?? to
      const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)]
      const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)]
      return (
        left < label.x + label.width - 8 &&
        right > label.x + 8 &&
        top < label.y + label.height - 4 &&
        bottom > label.y + 4
      )
    })
  return runsUnder(path) || !runsUnder(was)
}

/** The regions of a parallel state beside each other, from the same line to the same line. What is within moves along where nothing leads out. */
function withEvenRegions(geometry: Geometry, model: ChartModel, parallel: string): Geometry {
  const ids = new Set(model.states.filter(({ parent }) => parent === parallel).map(({ id }) => id))
  const regions = geometry.states.filter(({ id }) => ids.has(id))
  if (regions.length < 2) return geometry
  const apart = (of: (region: PlacedState) => readonly [number, number]) =>
    regions
      .toSorted((one, other) => of(one)[0] - of(other)[0])
      .every((region, place, sorted) => place === 0 || sum(of(sorted[place - 1] ?? region)) <= of(region)[0])
  const isRow = apart(({ x, width }) => [x, width])
  const isColumn = apart(({ y, height }) => [y, height])
  if (isRow === isColumn) return geometry
  const [start, end] = isRow
    ? [Math.min(...regions.map(({ y }) => y)), Math.max(...regions.map(({ y, height }) => y + height))]
    : [Math.min(...regions.map(({ x }) => x)), Math.max(...regions.map(({ x, width }) => x + width))]
  return regions.reduce((now, region) => {
    const attached = now.edges.some(({ source, target }) => source === region.id || target === region.id)
    if (attached) return now
    const by = start - (isRow ? region.y : region.x)
    const shifted = leadsOut(now, region.id) ? now : shiftedWithin(now, region.id, isRow ? 0 : by, isRow ? by : 0)
    const size = isRow ? { y: start, height: end - start } : { x: start, width: end - start }
    return {
      ...shifted,
      states: shifted.states.map((state) => (state.id === region.id ? { ...state, ...size } : state)),
    }
  }, geometry)
}

const sum = ([from, length]: readonly [number, number]): number => from + length
const leadsOut = ({ edges, states }: Geometry, id: string): boolean => {
  const isWithin = withinOf(states)
  return edges.some(({ source, target }) => isWithin(source, id) !== isWithin(target, id))
}

function shiftedWithin(geometry: Geometry, id: string, dx: number, dy: number): Geometry {
  const isWithin = withinOf(geometry.states)
  const shift = <Place extends Point>(place: Place): Place => ({ ...place, x: place.x + dx, y: place.y + dy })
  return {
    ...geometry,
    states: geometry.states.map((state) => (isWithin(state.id, id) ? shift(state) : state)),
    dots: geometry.dots.map((dot) =>
      dot.of === id || isWithin(dot.of, id) ? { ...shift(dot), path: dot.path.map(shift) } : dot,
    ),
    edges: geometry.edges.map((edge) =>
      isWithin(edge.source, id)
        ? { ...edge, path: edge.path.map(shift), label: edge.label === null ? null : shift(edge.label) }
        : edge,
    ),
  }
}
