// SVG has no buttons of its own.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { useId } from 'react'
import { linesOf, placedItemsOf, type PlacedLine } from '../layout/boxes.ts'
import type { Geometry, PlacedEdge, PlacedState } from '../layout/geometry.ts'
import type { ChartModel, ChartState, ChartTransition } from '../model/chart.ts'
import { roundedPath } from './path.ts'

/** What of a chart is pointed at: a state or a transition, by id. */
export type Pointed = { readonly state: string } | { readonly transition: string }

interface DrawingProps {
  readonly model: ChartModel
  readonly geometry: Geometry
  /** Ids of the states in which the chart is now. */
  readonly current: ReadonlySet<string>
  readonly pointed: Pointed | null
  readonly onPoint: (pointed: Pointed | null) => void
  readonly onToggle: ((id: string) => void) | undefined
}

/** A chart as SVG: boxes first, then lines, then labels, so that no line runs over a text. */
export function Drawing({ model, geometry, current, pointed, onPoint, onToggle }: DrawingProps) {
  const arrow = useId()
  const states = new Map(model.states.map((state) => [state.id, state]))
  const transitions = new Map(model.transitions.map((transition) => [transition.id, transition]))
  const isPointedAt = (edge: PlacedEdge) => {
    if (pointed === null) return false
    if ('transition' in pointed) return edge.transitions.includes(pointed.transition)
    return edge.source === pointed.state || edge.target === pointed.state
  }
  return (
    <>
      <defs>
        <marker id={arrow} viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path className="chart-arrow" d="M0 .6 8 4 0 7.4z" />
        </marker>
      </defs>
      {geometry.states.map((placed) => {
        const state = states.get(placed.id)
        return state === undefined ? null : (
          <StateBox
            key={placed.id}
            placed={placed}
            state={state}
            isCurrent={current.has(placed.id)}
            onPoint={onPoint}
            onToggle={state.isClosed === true || (state.type !== 'atomic' && placed.depth === 1) ? onToggle : undefined}
          />
        )
      })}
      {geometry.dots.map(({ of, x, y, path }) => (
        <g key={of} className="chart-start">
          <circle cx={x} cy={y} r={5} />
          <path d={roundedPath(path)} markerEnd={`url(#${arrow})`} />
        </g>
      ))}
      {geometry.edges.map((edge) => (
        <path
          key={`${edge.source} ${edge.target}`}
          className={isPointedAt(edge) ? 'chart-line is-pointed' : 'chart-line'}
          d={roundedPath(edge.path)}
          markerEnd={`url(#${arrow})`}
        />
      ))}
      {geometry.edges.map((edge) => (
        <EdgeLabel
          key={`${edge.source} ${edge.target}`}
          edge={edge}
          transitions={transitions}
          isPointed={isPointedAt(edge)}
          onPoint={onPoint}
        />
      ))}
    </>
  )
}

function StateBox({
  placed,
  state,
  isCurrent,
  onPoint,
  onToggle,
}: {
  readonly placed: PlacedState
  readonly state: ChartState
  readonly isCurrent: boolean
  readonly onPoint: DrawingProps['onPoint']
  readonly onToggle: DrawingProps['onToggle']
}) {
  const { id, x, y, width, height, depth } = placed
  const { title, rows } = linesOf(placed)
  const toggle = onToggle && (() => onToggle(id))
  const point = () => onPoint({ state: id })
  const looks = [
    'chart-state',
    `is-${state.type}`,
    depth % 2 === 0 ? 'is-even' : 'is-odd',
    ...(isCurrent ? ['is-current'] : []),
  ]
  return (
    <g
      className={looks.join(' ')}
      tabIndex={0}
      role="button"
      aria-label={`${state.name}. ${state.description}`}
      aria-current={isCurrent ? 'true' : undefined}
      aria-expanded={toggle && state.isClosed !== true}
      onPointerEnter={point}
      onFocus={point}
      onDoubleClick={toggle}
      onKeyDown={(event) => {
        if (toggle === undefined || (event.key !== 'Enter' && event.key !== ' ')) return
        event.preventDefault()
        toggle()
      }}
    >
      <rect x={x} y={y} width={width} height={height} rx={depth === 0 ? 14 : 9} />
      {state.type === 'final' && <rect x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={6} />}
      <Line line={title} className="chart-name" />
      {toggle !== undefined && (
        <g className="chart-toggle" onClick={toggle}>
          <circle cx={x + width - 17} cy={y + 17} r={10} />
          <path d={`M${x + width - 21} ${y + 17}h8${state.isClosed === true ? 'm-4-4v8' : ''}`} />
        </g>
      )}
      {rows.map(({ kind, placed: lines }) => (
        <g key={lines[0]?.text} className={`chart-row is-${kind}`}>
          {kind !== 'words' && <RowMark kind={kind} x={x + 12} y={lines[0]?.y ?? y} />}
          {lines.map((line) => (
            <Line key={line.y} line={line} />
          ))}
        </g>
      ))}
    </g>
  )
}

function Line({ line, className }: { readonly line: PlacedLine; readonly className?: string }) {
  return (
    <text className={className} x={line.x} y={line.y} textLength={line.width}>
      {line.text}
    </text>
  )
}

const marks = {
  invoke: ['M0-8 7-4 0 0z', 'asks'],
  entry: ['M0-4h7m-3-3 3 3-3 3', 'on entry'],
  exit: ['M7-4H0m3-3-3 3 3 3', 'on exit'],
  inner: ['M1-4a3 3 0 1 0 3-3', 'stays'],
} as const

function RowMark({ kind, x, y }: { readonly kind: keyof typeof marks; readonly x: number; readonly y: number }) {
  const [d, words] = marks[kind]
  return (
    <path className={`chart-mark is-${kind}`} d={d} transform={`translate(${x} ${y})`}>
      <title>{words}</title>
    </path>
  )
}

function EdgeLabel({
  edge: { label },
  transitions,
  isPointed,
  onPoint,
}: {
  readonly edge: PlacedEdge
  readonly transitions: ReadonlyMap<string, ChartTransition>
  readonly isPointed: boolean
  readonly onPoint: DrawingProps['onPoint']
}) {
  if (label === null) return null
  const { x, y, width, height } = label
  return (
    <g className={isPointed ? 'chart-label is-pointed' : 'chart-label'}>
      <rect x={x} y={y} width={width} height={height} rx={6} />
      {placedItemsOf(label).map(({ lines, transitions: ids, strip, placed }) => {
        const [transition] = ids.flatMap((id) => transitions.get(id) ?? [])
        const point = () => transition && onPoint({ transition: transition.id })
        return (
          <g
            key={ids[0]}
            tabIndex={0}
            role="button"
            aria-label={`${lines.join(' ')}. ${transition?.description ?? ''}`}
            onPointerEnter={point}
            onFocus={point}
          >
            <rect className="chart-grip" {...strip} rx={5} />
            {placed.map((line) => (
              <Line key={line.y} line={line} />
            ))}
          </g>
        )
      })}
    </g>
  )
}
