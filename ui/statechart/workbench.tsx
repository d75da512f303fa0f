import { useMemo, useState, type ReactNode } from 'react'
import { Outline, SessionChart, type ChartModel, type ChartTime, type Marks, type Moment } from '../visualizer/index.ts'
import { charts, closedAtFirst, closedWhileRunning, titleOf, wayInto } from './charts.ts'
import { Header } from './header.tsx'
import { revealing } from './reveal.ts'
import { useView } from './view.ts'

export interface WorkbenchProps {
  /** Running charts as they are now; the one whose chart is shown is lit. Default: none runs. */
  readonly moments?: readonly Moment[]
  /** By which clock their waits are drawn. Default: the one on the wall. */
  readonly time?: ChartTime
  /** The window goes along with them. Default: it stays. */
  readonly isFollowing?: boolean
  /** What else is said of states and transitions. */
  readonly marks?: Marks
  /** What the mode has to say: beside the drawing, below it on narrow screens. */
  readonly panel?: ReactNode
  /** Instead of the page's own charts. */
  readonly models?: readonly ChartModel[]
  /** Put among the tools of the drawing. */
  readonly tools?: ReactNode
}

const noMarks: Marks = new Map()
const noMoments: readonly Moment[] = []

/** The page around a drawing: charts and modes to choose from, an outline, and a panel of the mode. */
export function Workbench({
  moments = noMoments,
  time = 'runs',
  isFollowing = false,
  marks = noMarks,
  panel,
  models = charts,
  tools,
}: WorkbenchProps) {
  const [view, change] = useView()
  const [hasOutline, setOutline] = useState(
    () => window.matchMedia(`(min-width: ${panel === undefined ? 1100 : 1500}px)`).matches,
  )
  const model = models.find(({ id }) => id === view.chart) ?? models[0]
  const isRunning = moments.some(({ chart }) => chart === model?.id)
  const closed = useMemo(() => {
    if (model === undefined) return []
    return view.closed ?? (isRunning ? closedWhileRunning(model) : closedAtFirst(model))
  }, [model, view.closed, isRunning])
  if (model === undefined) return <p className="loading">There is no chart to show.</p>

  const moment = moments.find(({ chart }) => chart === model.id) ?? null
  const toggle = (id: string) =>
    change({ closed: closed.includes(id) ? closed.filter((one) => one !== id) : [...closed, id] })
  const enter = (chart: string) => change({ chart, closed: null, at: null })
  return (
    <main className={`statechart is-${view.mode}`}>
      <Header
        {...{ model, models, closed, enter }}
        hasOutline={hasOutline}
        onOutline={() => setOutline(!hasOutline)}
        tools={tools}
      />
      <div className="statechart-body" data-outline={hasOutline} data-panel={panel !== undefined}>
        {hasOutline && (
          <Outline
            // Another chart, another tree.
            key={model.id}
            model={model}
            selected={view.at}
            onSelect={(id) => change(revealing(id, model, closed))}
            current={new Set(moment?.now.states)}
            marks={marks}
          />
        )}
        <div className="statechart-stage">
          <Crumbs model={model} models={models} onEnter={enter} at={view.at} />
          <SessionChart
            key={model.id}
            {...{ model, closed, moment, time, isFollowing, marks }}
            words={view.words}
            direction={view.direction ?? 'best'}
            onToggle={toggle}
            onEnter={enter}
            selected={view.at}
            onSelect={(at) => change({ at })}
          />
        </div>
        {panel !== undefined && <aside className="statechart-panel">{panel}</aside>}
      </div>
    </main>
  )
}

/** Where in the whole the chart is: the charts and states that invoke it, to go back to. */
function Crumbs({
  model,
  models,
  onEnter,
  at,
}: {
  readonly model: ChartModel
  readonly models: readonly ChartModel[]
  readonly onEnter: (chart: string) => void
  readonly at: string | null
}) {
  const way = models === charts ? wayInto(model.id) : []
  const path = at === null || !at.startsWith(`${model.id}.`) ? [] : (at.split(' ')[0] ?? '').split('.').slice(1)
  return (
    <nav className="statechart-crumbs" aria-label="Where this is">
      <ol>
        {way.map(({ chart, state }) => (
          <li key={chart}>
            <button type="button" onClick={() => onEnter(chart)}>
              {titleOf(chart)}
            </button>
            {state !== null && state !== chart && <span> {state.split('.').slice(1).join(' › ')}</span>}
          </li>
        ))}
        <li aria-current="location">
          {titleOf(model.id)}
          {path.length > 0 && <span> › {path.join(' › ')}</span>}
        </li>
      </ol>
    </nav>
  )
}
