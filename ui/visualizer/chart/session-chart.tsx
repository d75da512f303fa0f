import { useMemo, useState, type ReactNode } from 'react'
import type { Words } from '../layout/geometry.ts'
import { useGeometry } from '../layout/use-geometry.ts'
import type { ChartModel } from '../model/chart.ts'
import { fold } from '../model/fold.ts'
import type { Moment } from '../recorder/records.ts'
import { Canvas } from './canvas.tsx'
import { Details } from './details.tsx'
import { noMarks, type Marks } from './marks.ts'
import { around } from './outline-rows.ts'
import { Outline } from './outline.tsx'
import type { ChartTime } from './time.ts'

/** What `<SessionChart>` draws. Only `model` has to be given: the chart keeps by itself what is left out. */
export interface SessionChartProps {
  /** What there is to draw: `chartModelOf(machine)`. */
  readonly model: ChartModel
  /** Ids of states that are drawn closed. Default: none to begin with, and the chart keeps them by itself. */
  readonly closed?: readonly string[]
  readonly onToggle?: (id: string) => void
  /** The chart that a state invokes is to be shown, by its id. Default: it cannot be. */
  readonly onEnter?: (chart: string) => void
  /** As it is built, by names, or as people experience it, in sentences. Default `built`. */
  readonly words?: Words
  /** Default `best`: whichever makes for the better drawing. */
  readonly direction?: 'DOWN' | 'RIGHT' | 'best'
  /** Where a running chart of this model is. Default: none runs. */
  readonly moment?: Moment | null
  /** By which clock its waits are drawn. Default: the one on the wall. */
  readonly time?: ChartTime
  /** The window goes to where the running chart went, if that is not to be seen. Default: it stays. */
  readonly isFollowing?: boolean
  /** What else is said of states and transitions. Default: nothing. */
  readonly marks?: Marks
  /** Id of the state or transition that is looked at. Default: the chart keeps it by itself. */
  readonly selected?: string | null
  readonly onSelect?: (id: string | null) => void
  /** Put beside the buttons for zooming. */
  readonly tools?: ReactNode
}

const nothing: readonly string[] = []

/**
 * A statechart, drawn from the running code: pan, zoom and fit by hand and key, along its transitions by the arrow keys; what is
 * pointed at is told in words below. Needs no network, and `sessionchart/visualizer.css`. What cannot be laid out is shown as an
 * outline.
 */
export function SessionChart({
  model,
  closed,
  onToggle,
  onEnter,
  words = 'built',
  direction = 'best',
  moment = null,
  time = 'runs',
  isFollowing = false,
  marks = noMarks,
  selected,
  onSelect,
  tools,
}: SessionChartProps) {
  const [ownClosed, setOwnClosed] = useState(nothing)
  const [ownSelected, setOwnSelected] = useState<string | null>(null)
  const [pointed, point] = useState<string | null>(null)
  const isClosed = closed ?? ownClosed
  const isSelected = selected === undefined ? ownSelected : selected
  const select = onSelect ?? setOwnSelected
  const toggle =
    onToggle ??
    (closed === undefined
      ? (id: string) =>
          setOwnClosed((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]))
      : undefined)

  const key = isClosed.join()
  const folded = useMemo(() => fold(model, new Set(key.split(','))), [model, key])
  const choice = useMemo(() => ({ words, direction }), [words, direction])
  const layout = useGeometry(folded, choice)
  // Until the next drawing is there, the last one stays.
  const [drawn, setDrawn] = useState<{ readonly of: ChartModel; readonly layout: typeof layout } | null>(null)
  if (layout.status === 'ready' && drawn?.layout !== layout) setDrawn({ of: folded, layout })
  const shown = layout.status === 'ready' ? { of: folded, layout } : layout.status === 'failed' ? null : drawn

  const looked = pointed ?? isSelected
  const place = whereTo(model, moment)
  return (
    <figure className="chart" aria-label={`The chart ${model.id}. ${model.description}`} data-layout={layout.status}>
      {shown?.layout.status === 'ready' ? (
        <Canvas
          model={shown.of}
          geometry={shown.layout.geometry}
          moment={moment?.chart === model.id ? moment : null}
          {...{ time, marks, tools, onEnter }}
          looked={shownAs(shown.of, model, looked)}
          selected={shownAs(shown.of, model, isSelected)}
          wanted={shownAs(shown.of, model, (isFollowing ? place : null) ?? isSelected)}
          atFirst={shownAs(shown.of, model, place)}
          onPoint={point}
          onSelect={select}
          onToggle={toggle}
          isBusy={layout.status !== 'ready'}
        />
      ) : (
        <div className="chart-frame is-outline">
          {layout.status === 'failed' ? (
            <>
              <p role="alert">This chart cannot be drawn: {layout.problem} Here it is in words.</p>
              <Outline
                model={model}
                selected={isSelected}
                onSelect={select}
                current={new Set(moment?.now.states)}
                marks={marks}
              />
            </>
          ) : (
            <output>The chart is being laid out.</output>
          )}
        </div>
      )}
      <Details model={model} id={looked} mark={looked === null ? undefined : marks.get(looked)} />
    </figure>
  )
}

/** Where its last transition led, or else the deepest of the states that it is in; of several, that among the most others. */
function whereTo({ id: chart, states, transitions }: ChartModel, moment: Moment | null): string | null {
  if (moment === null || moment.chart !== chart) return null
  const last = transitions.find(({ id }) => id === moment.taken.at(-1))
  const place = last?.targets[0] ?? last?.source ?? chart
  const depthOf = (id: string) => id.split('.').length
  const companyOf = (id: string) => {
    const region = id.slice(0, id.lastIndexOf('.') + 1)
    return states.filter((state) => state.id.startsWith(region)).length
  }
  const within = moment.now.states.filter((id) => id.startsWith(`${place}.`))
  return within.toSorted((one, other) => depthOf(other) - depthOf(one) || companyOf(other) - companyOf(one))[0] ?? place
}

/** What stands for it in the drawing: itself, or the closed state that it is within. */
function shownAs(drawn: ChartModel, whole: ChartModel, id: string | null): string | null {
  if (id === null) return null
  const isDrawn = (one: string) => drawn.states.some((state) => state.id === one)
  if (isDrawn(id) || drawn.transitions.some((transition) => transition.id === id)) return id
  return around(whole, id).findLast(isDrawn) ?? null
}
