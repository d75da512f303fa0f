import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js'
import type { ChartModel } from '../model/chart.ts'
import { boxOf, labelOf, type, type Box } from './boxes.ts'
import type { Geometry, PlacedDot, PlacedEdge, PlacedState, Point } from './geometry.ts'
import { widthOf } from './measure.ts'

export type Direction = 'DOWN' | 'RIGHT'

const rootOptions = (direction: Direction, seed: number): Record<string, string> => ({
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.direction': direction,
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.randomSeed': String(seed),
})
const boxOptions = {
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.spacing.nodeNode': '28',
  'elk.layered.spacing.nodeNodeBetweenLayers': '36',
  'elk.spacing.edgeNode': '14',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.spacing.edgeEdge': '12',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.labelNode': '8',
}

/** Transitions between the same two states, in document order. */
interface Bundle {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly transitions: readonly string[]
  readonly lines: readonly string[]
  /** It leads back in document order: ELK is given it the other way round, which makes for fewer crossings. */
  readonly isReversed: boolean
}

function bundlesOf({ states, transitions }: ChartModel): readonly Bundle[] {
  const places = new Map(states.map(({ id }, place) => [id, place]))
  const bundles = new Map<string, Bundle>()
  for (const transition of transitions)
    for (const target of transition.targets) {
      const { source } = transition
      const id = `${source} → ${target}`
      const before = bundles.get(id)
      const lines = [...new Set([...(before?.lines ?? []), labelOf(transition)])]
      const isReversed = (places.get(target) ?? 0) < (places.get(source) ?? 0) && !isWithin(source, target)
      bundles.set(id, {
        id,
        source,
        target,
        transitions: [...(before?.transitions ?? []), transition.id],
        lines,
        isReversed,
      })
    }
  return [...bundles.values()].map((bundle) => ({ ...bundle, lines: shorten(bundle.lines) }))
}

/** More are told when someone asks. */
const mostLines = 5
const shorten = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostLines ? lines : [...lines.slice(0, mostLines - 1), `… and ${lines.length - mostLines + 1} more`]

const isWithin = (inner: string, outer: string): boolean => inner.startsWith(`${outer}.`)

/** Lays a chart out by ELK, several times by different seeds, and keeps the one with the fewest crossings and the shortest lines. */
export async function layOut(
  model: ChartModel,
  elk: ELK,
  { direction = 'DOWN', seeds = 8 }: { readonly direction?: Direction; readonly seeds?: number } = {},
): Promise<Geometry> {
  const boxes = new Map(model.states.map((state) => [state.id, boxOf(state, model)]))
  const bundles = bundlesOf(model)
  let best: { readonly geometry: Geometry; readonly cost: number } | null = null
  for (let seed = 1; seed <= seeds; seed += 1) {
    const geometry = read(await elk.layout(graphOf(model, boxes, bundles, direction, seed)), boxes, bundles)
    const cost = costOf(geometry)
    if (best === null || cost < best.cost) best = { geometry, cost }
  }
  if (best === null) throw new Error('A layout needs at least one seed.')
  return best.geometry
}

function graphOf(
  { states }: ChartModel,
  boxes: ReadonlyMap<string, Box>,
  bundles: readonly Bundle[],
  direction: Direction,
  seed: number,
): ElkNode {
  const nodeOf = (box: Box): ElkNode => {
    const { state, width, height } = box
    const children = states.filter(({ parent }) => parent === state.id)
    if (children.length === 0) return { id: state.id, width, height, layoutOptions: boxOptions }
    const dot = state.initial === null ? [] : [{ id: `${state.id} •`, width: 10, height: 10 }]
    return {
      id: state.id,
      layoutOptions: {
        ...boxOptions,
        'elk.padding': `[top=${height + 12},left=16,bottom=16,right=16]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': `(${width}, ${height})`,
      },
      children: [...dot, ...children.map((child) => nodeOf(boxOrThrow(boxes, child.id)))],
    }
  }
  const [root] = states
  if (root === undefined) throw new Error('A chart has a root.')
  const starts = states.flatMap(({ id, initial }): ElkExtendedEdge[] =>
    initial === null ? [] : [{ id: `${id} •→`, sources: [`${id} •`], targets: [initial] }],
  )
  const edges = bundles.map(({ id, source, target, lines, isReversed }): ElkExtendedEdge => {
    const isLoop = source === target
    return {
      id,
      sources: [isReversed ? target : source],
      targets: [isReversed ? source : target],
      labels: [
        {
          id: `${id} label`,
          text: lines.join('\n'),
          width: Math.max(...lines.map((line) => widthOf(line, type.label))) + 12,
          height: lines.length * type.lineOfLabel + 4,
          layoutOptions: {
            'elk.edgeLabels.inline': String(!isLoop),
            'elk.edgeLabels.placement': 'CENTER',
          },
        },
      ],
    }
  })
  return {
    id: 'chart',
    layoutOptions: { ...rootOptions(direction, seed), ...boxOptions, 'elk.padding': '[top=8,left=8,bottom=8,right=8]' },
    children: [nodeOf(boxOrThrow(boxes, root.id))],
    edges: [...starts, ...edges],
  }
}

function boxOrThrow(boxes: ReadonlyMap<string, Box>, id: string): Box {
  const box = boxes.get(id)
  if (box === undefined) throw new Error(`There is no state ${id}.`)
  return box
}

function read(graph: ElkNode, boxes: ReadonlyMap<string, Box>, bundles: readonly Bundle[]): Geometry {
  const states: PlacedState[] = []
  const dots = new Map<string, Omit<PlacedDot, 'path'>>()
  const visit = (node: ElkNode, depth: number): void => {
    const { id, x = 0, y = 0, width = 0, height = 0 } = node
    if (id.endsWith(' •')) dots.set(id, { of: id.slice(0, -2), x: x + 5, y: y + 5 })
    else if (id !== 'chart') states.push({ id, x, y, width, height, depth, rows: boxes.get(id)?.rows ?? [] })
    for (const child of node.children ?? []) visit(child, depth + 1)
  }
  visit(graph, -1)
  const drawn = new Map((graph.edges ?? []).map((edge) => [edge.id, edge]))
  const pathOf = (id: string): Point[] => {
    const section = drawn.get(id)?.sections?.[0]
    if (section === undefined) return []
    return [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]
  }
  const edges = bundles.map(({ id, source, target, transitions, lines, isReversed }): PlacedEdge => {
    const label = drawn.get(id)?.labels?.[0]
    const path = pathOf(id)
    return {
      source,
      target,
      transitions,
      path: isReversed ? path.toReversed() : path,
      label:
        label === undefined
          ? null
          : { x: label.x ?? 0, y: label.y ?? 0, width: label.width ?? 0, height: label.height ?? 0, lines },
    }
  })
  const { width = 0, height = 0 } = graph
  return {
    width,
    height,
    states,
    dots: [...dots].map(([id, dot]) => ({ ...dot, path: pathOf(`${id}→`) })),
    edges,
  }
}

/** Crossings count most: each is worth 400 px of line. */
function costOf({ edges }: Geometry): number {
  const segments = edges.flatMap(({ path }, edge) =>
    path.slice(1).map((to, place) => ({ edge, from: path[place] ?? to, to })),
  )
  let crossings = 0
  let length = 0
  for (const [place, one] of segments.entries()) {
    length += Math.abs(one.to.x - one.from.x) + Math.abs(one.to.y - one.from.y)
    for (const other of segments.slice(place + 1)) if (other.edge !== one.edge && cross(one, other)) crossings += 1
  }
  return crossings * 400 + length
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
