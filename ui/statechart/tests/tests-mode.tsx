import { useMemo, useState } from 'react'
import coverage from '../../../coverage.json'
import type { Marks } from '../../visualizer/index.ts'
import { coverageMarks, standingsOf, type Coverage } from '../../visualizer/overlay/coverage.ts'
import { heatMarks, heatOf } from '../../visualizer/overlay/heat.ts'
import type { Recording } from '../../visualizer/recorder/records.ts'
import { charts } from '../charts.ts'
import { useView } from '../view.ts'
import { Workbench } from '../workbench.tsx'
import { CoveragePanel, levels } from './coverage-panel.tsx'
import { HeatPanel } from './heat-panel.tsx'
import '../panel/panel.css'

// What the file does not say of a transition, the compiler takes for something that it says `undefined` of.
const known = coverage as unknown as Coverage

type Overlay = 'coverage' | 'heat'
const overlays = [
  ['coverage', 'What the tests take'],
  ['heat', 'What a session did'],
] as const

/** Drawn over the charts: which level of tests takes a transition, or how often a recorded session did. */
export function TestsMode() {
  const [view] = useView()
  const [overlay, show] = useState<Overlay>('coverage')
  const [chosen, choose] = useState<readonly string[]>(levels.map(({ id }) => id))
  const [opened, open] = useState<{ readonly name: string; readonly recording: Recording } | null>(null)
  const model = charts.find(({ id }) => id === view.chart) ?? charts[0]
  const standings = useMemo(() => (model === undefined ? [] : standingsOf(known, model, chosen)), [model, chosen])
  const heat = useMemo(
    () => (model === undefined || opened === null ? null : heatOf(opened.recording, model.id)),
    [model, opened],
  )
  const marks = useMemo((): Marks => {
    if (model === undefined) return new Map()
    if (overlay === 'coverage') return chosen.length === 0 ? new Map() : coverageMarks(standings, model)
    if (heat === null) return new Map()
    return heatMarks(
      heat,
      [...model.states, ...model.transitions].map(({ id }) => id),
    )
  }, [overlay, model, chosen, standings, heat])
  if (model === undefined) return null
  return (
    <Workbench
      marks={marks}
      panel={
        <div className="panel">
          <nav className="panel-choice" aria-label="Drawn over the chart">
            {overlays.map(([name, title]) => (
              <button key={name} type="button" aria-pressed={name === overlay} onClick={() => show(name)}>
                {title}
              </button>
            ))}
          </nav>
          {overlay === 'coverage' ? (
            <CoveragePanel {...{ model, standings, chosen, choose }} coverage={known} />
          ) : (
            <HeatPanel {...{ model, heat, opened, open }} />
          )}
        </div>
      }
    />
  )
}
