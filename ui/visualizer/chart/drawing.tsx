import { memo, useId, useMemo } from 'react'
import { placedItemsOf } from '../layout/boxes.ts'
import type { Geometry } from '../layout/geometry.ts'
import type { ChartModel } from '../model/chart.ts'
import type { Situation } from '../recorder/records.ts'
import { Countdown } from './countdown.tsx'
import { EdgeLabel, EdgeLine } from './edge.tsx'
import type { DrawingHands } from './hands.ts'
import { strongest, type Marks } from './marks.ts'
import { roundedPath } from './path.ts'
import { StateBox } from './state-box.tsx'
import type { ChartTime } from './time.ts'

interface DrawingProps {
  readonly model: ChartModel
  readonly geometry: Geometry
  /** Where a running chart is; `null`: none runs. */
  readonly now: Situation | null
  /** Transitions that led there. */
  readonly taken: ReadonlySet<string>
  readonly time: ChartTime
  readonly marks: Marks
  /** Pointed at, or else selected. */
  readonly looked: string | null
  /** Where Tab leads to. */
  readonly stop: string | null
  readonly hands: DrawingHands
}

const none: ReadonlySet<string> = new Set()

/** A chart as SVG: boxes first, then lines, then labels, so that no line runs over a text. What changes are classes alone. */
export const Drawing = memo(function Drawing({
  model,
  geometry,
  now,
  taken,
  time,
  marks,
  looked,
  stop,
  hands,
}: DrawingProps) {
  const arrow = `${useId()}arrow`
  const states = useMemo(() => new Map(model.states.map((state) => [state.id, state])), [model])
  const transitions = useMemo(() => new Map(model.transitions.map((one) => [one.id, one])), [model])
  const current = now === null ? none : new Set(now.states)
  const running = new Set(now?.services.map(({ state, id }) => `${state} ${id}`))
  return (
    <>
      <defs>
        <marker
          id={arrow}
          viewBox="0 0 8 8"
          refX="7.5"
          refY="4"
          markerUnits="userSpaceOnUse"
          markerWidth="9"
          markerHeight="9"
          orient="auto"
        >
          <path className="chart-arrow" d="M0 .6 8 4 0 7.4z" />
        </marker>
      </defs>
      {geometry.states.map((placed) => {
        const state = states.get(placed.id)
        if (state === undefined) return null
        return (
          <StateBox
            key={placed.id}
            placed={placed}
            state={state}
            isCurrent={current.has(placed.id)}
            running={state.invokes
              .filter(({ id }) => running.has(`${placed.id} ${id}`))
              .map(({ id }) => id)
              .join()}
            mark={marks.get(placed.id)}
            isLooked={looked === placed.id}
            isStop={stop === placed.id}
            hands={hands}
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
        <EdgeLine
          key={`${edge.source} ${edge.target}`}
          edge={edge}
          arrow={arrow}
          isTaken={edge.transitions.some((id) => taken.has(id))}
          isLooked={
            looked !== null && (edge.source === looked || edge.target === looked || edge.transitions.includes(looked))
          }
          mark={strongest(edge.transitions, marks)}
        />
      ))}
      {geometry.edges.map((edge) => (
        <EdgeLabel
          key={`${edge.source} ${edge.target}`}
          edge={edge}
          transitions={transitions}
          taken={edge.transitions.filter((id) => taken.has(id)).join('\n')}
          looked={looked !== null && edge.transitions.includes(looked) ? looked : null}
          isBeside={looked !== null && (edge.source === looked || edge.target === looked)}
          stop={stop !== null && edge.transitions.includes(stop) ? stop : null}
          marks={marks}
          hands={hands}
        />
      ))}
      {now?.waits.map((wait) => {
        const place = placeOf(wait.event, wait.state, geometry)
        return place && <Countdown key={wait.event} wait={wait} time={time} x={place.x} y={place.y} />
      })}
    </>
  )
})

/** Where the ring of a wait belongs: beside what names its transition, or at the corner of its state. */
function placeOf(event: string, state: string, { edges, states }: Geometry) {
  const isOf = (id: string) => id.includes(` ${event}[`)
  const label = edges.find(({ transitions }) => transitions.some(isOf))?.label
  const strip = label && placedItemsOf(label).find(({ transitions }) => transitions.some(isOf))?.strip
  if (strip) return { x: strip.x + strip.width + 1, y: strip.y + strip.height / 2 }
  // Closed, the state is not there; the innermost one around it is.
  const box = states.findLast(({ id }) => state === id || state.startsWith(`${id}.`))
  return box && { x: box.x + box.width - 4, y: box.y + 4 }
}
