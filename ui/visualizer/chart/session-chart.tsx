import { useState, type KeyboardEvent } from 'react'
import type { Geometry } from '../layout/geometry.ts'
import type { ChartModel } from '../model/chart.ts'
import { Details } from './details.tsx'
import { Drawing, type Pointed } from './drawing.tsx'
import { useViewport } from './use-viewport.ts'
import './chart.css'

export interface SessionChartProps {
  /** What there is to draw: `chartModelOf(machine)`, or a part of it by `fold`. */
  readonly model: ChartModel
  /** Where it lies: `layOut(model)`, or one of the shipped layouts. */
  readonly geometry: Geometry
  /** Ids of the states in which a running chart is. Default: none. */
  readonly current?: ReadonlySet<string>
  /** A state is to be opened or closed, by id. Default: states cannot be. */
  readonly onToggle?: (id: string) => void
}

const none: ReadonlySet<string> = new Set()
const corner = { x: 0, y: 0 }

/** A statechart, drawn: pan, zoom and fit by pointer and keyboard; what is pointed at is told in words below. */
export function SessionChart({ model, geometry, current = none, onToggle }: SessionChartProps) {
  const [pointed, point] = useState<Pointed | null>(null)
  const { frame, view, fit, pan, zoom, drag } = useViewport({
    width: geometry.width,
    height: geometry.height,
    start: geometry.dots[0] ?? corner,
  })
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => zoom(1.25),
    '=': () => zoom(1.25),
    '-': () => zoom(0.8),
    '0': fit,
    ArrowLeft: () => pan(60, 0),
    ArrowRight: () => pan(-60, 0),
    ArrowUp: () => pan(0, 60),
    ArrowDown: () => pan(0, -60),
    Escape: () => point(null),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <figure className="chart" aria-label={`The chart ${model.id}. ${model.description}`}>
      {/* What is within can be reached by Tab; these keys and hands only move the window over it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className="chart-frame" ref={frame} {...drag} onKeyDown={onKeyDown} onPointerLeave={() => point(null)}>
        <svg width="100%" height="100%">
          <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
            <Drawing {...{ model, geometry, current, pointed, onToggle }} onPoint={point} />
          </g>
        </svg>
        <div className="chart-tools">
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
      <Details model={model} pointed={pointed} />
    </figure>
  )
}
