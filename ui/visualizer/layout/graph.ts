import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js'
import type { ChartModel } from '../model/chart.ts'
import { sizeOfLabel, type Box } from './boxes.ts'
import type { Bundle } from './bundles.ts'
import type { Geometry, PlacedDot, PlacedEdge, PlacedState, Point } from './geometry.ts'
import type { Direction } from './hash.ts'

/** `full`: all that ELK can do; `plain`: without labels within lines; `least`: whatever ELK can do. */
export type Effort = 'full' | 'plain' | 'least'

/** One way of asking ELK for a layout. */
export interface Attempt {
  readonly direction: Direction
  readonly effort: Effort
  readonly seed: number
  /** Labels are broken before they get wider than this, px. */
  readonly labelWidth: number
  /** Lines that lead back in document order are given to ELK the other way round, which often makes for fewer crossings. */
  readonly turnsBack: boolean
  /** Further options, by their names without `elk.layered.`; they count for every box. */
  readonly options: Readonly<Record<string, string>>
}

const rootOptions = ({ direction, seed }: Attempt): Record<string, string> => ({
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.direction': direction,
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.randomSeed': String(seed),
  'elk.padding': '[top=8,left=8,bottom=8,right=8]',
})
const boxOptions = {
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.spacing.nodeNode': '22',
  'elk.layered.spacing.nodeNodeBetweenLayers': '26',
  'elk.spacing.edgeNode': '12',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.spacing.edgeEdge': '10',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.labelNode': '8',
}

export function graphOf(
  { states }: ChartModel,
  boxes: ReadonlyMap<string, Box>,
  bundles: readonly Bundle[],
  attempt: Attempt,
): ElkNode {
  const ofAll: Record<string, string> = attempt.effort === 'least' ? {} : { ...boxOptions }
  for (const [name, value] of Object.entries(attempt.options)) ofAll[`elk.layered.${name}`] = value
  const boxOrThrow = (id: string): Box => {
    const box = boxes.get(id)
    if (box === undefined) throw new Error(`There is no state ${id}.`)
    return box
  }
  const ends = bundles.map((bundle) => endsOf(bundle, attempt))
  const leaving = countOf(ends.map(({ from }) => from))
  const arriving = countOf(ends.map(({ to }) => to))
  /** Wide or high enough for the heads of all lines that meet at one of its sides. */
  const withRoom = (id: string, width: number, height: number) => {
    const room = (Math.max(leaving.get(id) ?? 0, arriving.get(id) ?? 0) + 1) * roomOfHead
    return attempt.direction === 'RIGHT'
      ? { width, height: Math.max(height, room) }
      : { width: Math.max(width, room), height }
  }
  const nodeOf = ({ state, width, height }: Box): ElkNode => {
    const children = states.filter(({ parent }) => parent === state.id)
    if (children.length === 0) return { id: state.id, ...withRoom(state.id, width, height), layoutOptions: ofAll }
    const dot = state.initial === null ? [] : [{ id: `${state.id} •`, width: 10, height: 10 }]
    return {
      id: state.id,
      layoutOptions: {
        ...ofAll,
        'elk.padding': `[top=${height + 12},left=16,bottom=16,right=16]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': `(${width}, ${height})`,
      },
      children: [...dot, ...children.map((child) => nodeOf(boxOrThrow(child.id)))],
    }
  }
  const [root] = states
  if (root === undefined) throw new Error('A chart has a root.')
  const starts = states.flatMap(({ id, initial }): ElkExtendedEdge[] =>
    initial === null ? [] : [{ id: `${id} •→`, sources: [`${id} •`], targets: [initial] }],
  )
  return {
    id: 'chart',
    layoutOptions: { ...ofAll, ...rootOptions(attempt) },
    children: [nodeOf(boxOrThrow(root.id))],
    edges: [...starts, ...bundles.map((bundle) => edgeOf(bundle, attempt))],
  }
}

/** px. */
const roomOfHead = 9

/** How often each is there. */
function countOf(ids: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/** Where ELK is told that it leads. */
const endsOf = ({ source, target, leadsBack }: Bundle, { turnsBack }: Attempt) =>
  leadsBack && turnsBack ? { from: target, to: source } : { from: source, to: target }

function edgeOf(bundle: Bundle, attempt: Attempt): ElkExtendedEdge {
  const { id, source, target, items } = bundle
  const { from, to } = endsOf(bundle, attempt)
  return {
    id,
    sources: [from],
    targets: [to],
    labels: [
      {
        id: `${id} label`,
        text: items.flatMap(({ lines }) => lines).join('\n'),
        ...sizeOfLabel(items),
        layoutOptions: {
          'elk.edgeLabels.inline': String(attempt.effort === 'full' && source !== target),
          'elk.edgeLabels.placement': 'CENTER',
        },
      },
    ],
  }
}

/** What ELK made of it. */
export function geometryOf(
  graph: ElkNode,
  boxes: ReadonlyMap<string, Box>,
  bundles: readonly Bundle[],
  { turnsBack }: Attempt,
): Geometry {
  const states: PlacedState[] = []
  const dots = new Map<string, Omit<PlacedDot, 'path'>>()
  const visit = (node: ElkNode, depth: number): void => {
    const { id, x = 0, y = 0, width = 0, height = 0 } = node
    const box = boxes.get(id)
    if (id.endsWith(' •')) dots.set(id, { of: id.slice(0, -2), x: x + 5, y: y + 5 })
    else if (box !== undefined)
      states.push({ id, parent: box.state.parent, x, y, width, height, depth, title: box.title, rows: box.rows })
    for (const child of node.children ?? []) visit(child, depth + 1)
  }
  visit(graph, -1)
  const drawn = new Map((graph.edges ?? []).map((edge) => [edge.id, edge]))
  const pathOf = (id: string): Point[] => {
    const section = drawn.get(id)?.sections?.[0]
    if (section === undefined) return []
    return straight([section.startPoint, ...(section.bendPoints ?? []), section.endPoint])
  }
  const edges = bundles.map(({ id, source, target, transitions, items, leadsBack }): PlacedEdge => {
    const label = drawn.get(id)?.labels?.[0]
    const path = pathOf(id)
    return {
      source,
      target,
      transitions,
      path: leadsBack && turnsBack ? path.toReversed() : path,
      label:
        label === undefined
          ? null
          : { x: label.x ?? 0, y: label.y ?? 0, width: label.width ?? 0, height: label.height ?? 0, items },
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

/** ELK reckons to some 13 digits, so that a line straight across may end a hair higher than it began. */
function straight(path: readonly Point[]): Point[] {
  const points: Point[] = []
  for (const { x, y } of path) {
    const before = points.at(-1)
    const isSame = (value: number, other: number | undefined): other is number =>
      other !== undefined && Math.abs(value - other) < 0.01
    points.push({ x: isSame(x, before?.x) ? before.x : x, y: isSame(y, before?.y) ? before.y : y })
  }
  return points
}
