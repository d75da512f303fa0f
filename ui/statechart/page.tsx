import { useMemo, useState } from 'react'
import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
import { chartModelOf, fold, SessionChart, useGeometry, type ChartModel } from '../visualizer/index.ts'

const session = chartModelOf(sessionMachine)
const tops = session.states.filter(({ parent }) => parent === session.id).map(({ id }) => id)
const withOpen = (open: string | null) => fold(session, new Set(tops.filter((id) => id !== open)))

const tabs: readonly (readonly [string, string])[] = [
  ['session', 'Session'],
  ['renewal', 'Renewal'],
  ['account', 'Profile and metadata'],
]

function modelOf(shown: string): ChartModel {
  if (shown === 'session.all') return session
  if (shown === 'renewal') return chartModelOf(renewalMachine)
  if (shown === 'account') return chartModelOf(accountMachine)
  return withOpen(shown)
}

/** The designers' page: every situation a person can be in. */
export function StatechartPage() {
  const [shown, show] = useState('session')
  const model = useMemo(() => modelOf(shown), [shown])
  const layout = useGeometry(model, { words: 'built', direction: 'best' })
  const [chart, open] = shown.split('.')
  return (
    <main className="statechart" aria-busy={layout.status === 'laying out'}>
      <header>
        <h1>
          <a href="/">Sessionchart</a> <span>every situation a person can be in</span>
        </h1>
        <nav aria-label="Charts">
          {tabs.map(([name, title]) => (
            <button key={name} type="button" aria-pressed={name === chart} onClick={() => show(name)}>
              {title}
            </button>
          ))}
          {chart === 'session' && (
            <button type="button" aria-pressed={open === 'all'} onClick={() => show('session.all')}>
              All of it
            </button>
          )}
        </nav>
      </header>
      {layout.status === 'failed' && <p className="loading">{layout.problem}</p>}
      {layout.status === 'laying out' && <p className="loading">The chart is being drawn.</p>}
      {layout.status === 'ready' && (
        <SessionChart
          key={shown}
          model={model}
          geometry={layout.geometry}
          {...(chart === 'session' && { onToggle: (id) => show(id === shown || open === 'all' ? 'session' : id) })}
        />
      )}
    </main>
  )
}
