import type { ReactNode } from 'react'
import type { ChartModel } from '../visualizer/index.ts'
import { closedAtFirst, titleOf } from './charts.ts'
import { ExportMenu } from './export/export-menu.tsx'
import { areOurs } from './machines.ts'
import { modes, useView, type Mode } from './view.ts'

const titles: Readonly<Record<Mode, readonly [string, string]>> = {
  look: ['Look', 'The charts as they are'],
  live: ['Live', 'Follow a session in another tab'],
  play: ['Play', 'Scenarios, and a session of your own to try things on'],
  tests: ['Tests', 'Which transitions the tests take, and how often a session did'],
  compare: ['Compare', 'What is new between two versions of a chart'],
}

interface HeaderProps {
  readonly model: ChartModel
  readonly models: readonly ChartModel[]
  readonly closed: readonly string[]
  readonly enter: (chart: string) => void
  readonly hasOutline: boolean
  readonly onOutline: () => void
  readonly tools: ReactNode
}

/** What is shown, and how: modes, charts, and the looks of the drawing. */
export function Header({ model, models, closed, enter, hasOutline, onOutline, tools }: HeaderProps) {
  const [view, change] = useView()
  const canOpen = closedAtFirst(model).length > 0
  const turn = { DOWN: 'RIGHT', RIGHT: null, best: 'DOWN' } as const
  return (
    <header>
      <div className="statechart-row">
        <h1>
          <a href="/">Sessionchart</a> <span>every situation a person can be in</span>
        </h1>
        <nav className="statechart-tabs" aria-label="What to do">
          {(areOurs ? modes : (['look'] as const)).map((mode) => (
            <button
              key={mode}
              type="button"
              title={titles[mode][1]}
              aria-pressed={mode === view.mode}
              onClick={() => change({ mode, scenario: null, step: 0 })}
            >
              {titles[mode][0]}
            </button>
          ))}
        </nav>
      </div>
      <div className="statechart-row is-tools">
        <button type="button" aria-pressed={hasOutline} onClick={onOutline}>
          Outline
        </button>
        <nav aria-label="Charts" className="statechart-tabs">
          {models.map(({ id }) => (
            <button key={id} type="button" aria-pressed={id === model.id} onClick={() => enter(id)}>
              {titleOf(id)}
            </button>
          ))}
        </nav>
        <fieldset className="statechart-looks">
          <legend>Looks</legend>
          <button
            type="button"
            aria-pressed={view.words === 'experienced'}
            title="In sentences, or by the names in the code"
            onClick={() => change({ words: view.words === 'built' ? 'experienced' : 'built' })}
          >
            What people experience
          </button>
          {canOpen && (
            <button
              type="button"
              aria-pressed={closed.length === 0}
              onClick={() => change({ closed: closed.length === 0 ? null : [] })}
            >
              All of it
            </button>
          )}
          <button
            type="button"
            title="Which way the drawing runs"
            onClick={() => change({ direction: turn[view.direction ?? 'best'] })}
          >
            {view.direction === null ? 'Runs as it fits' : view.direction === 'DOWN' ? 'Runs down' : 'Runs right'}
          </button>
          {tools}
        </fieldset>
        <ExportMenu model={model} />
      </div>
    </header>
  )
}
