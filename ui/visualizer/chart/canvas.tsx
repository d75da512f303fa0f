import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { Geometry, Rectangle } from '../layout/geometry.ts'
import type { ChartModel } from '../model/chart.ts'
import type { Moment } from '../recorder/records.ts'
import { Drawing } from './drawing.tsx'
import type { DrawingHands } from './hands.ts'
import { Legend } from './legend.tsx'
import type { Marks } from './marks.ts'
import { Minimap } from './minimap.tsx'
import { follow, isArrow } from './navigation.ts'
import type { ChartTime } from './time.ts'
import { useViewport } from './use-viewport.ts'

interface CanvasProps {
  readonly model: ChartModel
  readonly geometry: Geometry
  readonly moment: Moment | null
  readonly time: ChartTime
  readonly marks: Marks
  readonly looked: string | null
  readonly selected: string | null
  /** What is to be seen, and what of a drawing that has just come: where the running chart is. */
  readonly wanted: string | null
  readonly atFirst: string | null
  readonly onPoint: (id: string | null) => void
  readonly onSelect: (id: string | null) => void
  readonly onToggle: ((id: string) => void) | undefined
  readonly onEnter: ((chart: string) => void) | undefined
  readonly tools: ReactNode
  /** The next drawing is on its way. */
  readonly isBusy: boolean
}

const corner = { x: 0, y: 0 }
const none: ReadonlySet<string> = new Set()

/** The window over a drawing, and the keys and hands that move it and go about in it. */
export function Canvas({
  model,
  geometry,
  moment,
  time,
  marks,
  looked,
  selected,
  wanted,
  atFirst,
  onPoint,
  onSelect,
  onToggle,
  onEnter,
  tools,
  isBusy,
}: CanvasProps) {
  const there = useMemo(() => (atFirst === null ? null : placeOf(atFirst, geometry)), [atFirst, geometry])
  const place = useMemo(() => (wanted === null ? null : placeOf(wanted, geometry)), [wanted, geometry])
  const { frame, view, isPlaced, size, fit, pan, zoom, centre, drag } = useViewport({
    width: geometry.width,
    height: geometry.height,
    start: geometry.dots[0] ?? corner,
    wanted: place,
    atFirst: there,
  })
  const current = useRef({ onPoint, onSelect, onToggle, onEnter })
  useEffect(() => {
    current.current = { onPoint, onSelect, onToggle, onEnter }
  })
  const [canToggle, canEnter] = [onToggle !== undefined, onEnter !== undefined]
  // The same hands for as long as they can do the same, so that nothing is drawn anew for nothing.
  const hands = useMemo<DrawingHands>(
    () => ({
      onPoint: (id) => current.current.onPoint(id),
      onSelect: (id) => current.current.onSelect(id),
      onToggle: canToggle ? (id) => current.current.onToggle?.(id) : undefined,
      onEnter: canEnter ? (chart) => current.current.onEnter?.(chart) : undefined,
    }),
    [canToggle, canEnter],
  )

  const keys: Readonly<Record<string, () => void>> = {
    '+': () => zoom(1.25),
    '=': () => zoom(1.25),
    '-': () => zoom(0.8),
    '0': fit,
    Escape: () => {
      onPoint(null)
      onSelect(null)
    },
  }
  const pans = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] } as const
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { key } = event
    if (isArrow(key)) {
      event.preventDefault()
      if (event.shiftKey) {
        const [x, y] = pans[key]
        return pan(x, y)
      }
      const to = follow(model, selected, key)
      if (to === null) return
      onSelect(to)
      frame.current?.querySelector<SVGGElement>(`[data-id="${CSS.escape(to)}"]`)?.focus({ preventScroll: true })
      return
    }
    const act = keys[key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  const taken = useMemo(() => (moment === null ? none : new Set(moment.taken)), [moment])
  const stop = selected ?? model.states[0]?.id ?? null
  const canvas = useMemo(
    () => <Drawing {...{ model, geometry, taken, time, marks, looked, stop, hands }} now={moment?.now ?? null} />,
    [model, geometry, moment, taken, time, marks, looked, stop, hands],
  )
  return (
    <>
      {/* What is within can be reached by Tab and arrow keys; these hands only move the window over it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        className="chart-frame"
        ref={frame}
        {...drag}
        onKeyDown={onKeyDown}
        onPointerLeave={() => onPoint(null)}
        aria-busy={isBusy}
      >
        {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- SVG has no fieldset. */}
        <svg width="100%" height="100%" role="group" aria-label={`The drawing of ${model.id}: arrow keys follow it`}>
          <g
            className="chart-drawing"
            // Not before it lies where it belongs.
            visibility={isPlaced ? undefined : 'hidden'}
            transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}
          >
            {canvas}
          </g>
        </svg>
        <Minimap
          geometry={geometry}
          current={moment === null ? none : new Set(moment.now.states)}
          view={view}
          frame={size}
          onMove={centre}
        />
        <div className="chart-tools">
          {tools}
          {there !== null && (
            <button
              type="button"
              onClick={() => centre(there.x + there.width / 2, there.y + there.height / 2)}
              title="Go to where the chart is now"
            >
              Here
            </button>
          )}
          <Legend />
          <button type="button" onClick={() => zoom(1.25)} aria-label="Zoom in" title="Zoom in (+)">
            +
          </button>
          <button type="button" onClick={() => zoom(0.8)} aria-label="Zoom out" title="Zoom out (-)">
            −
          </button>
          <button type="button" onClick={fit} title="Show all of it (0)">
            Fit
          </button>
        </div>
      </div>
    </>
  )
}

/** The box of a state, or the label of a transition. */
function placeOf(id: string, { states, edges }: Geometry): Rectangle | null {
  return (
    states.find((state) => state.id === id) ?? edges.find(({ transitions }) => transitions.includes(id))?.label ?? null
  )
}
