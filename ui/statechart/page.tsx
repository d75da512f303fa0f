import { useState } from 'react'
import { SessionChart, shippedCharts, type ShippedName } from '../visualizer/index.ts'

const tabs: readonly (readonly [ShippedName, string])[] = [
  ['session-overview', 'Session'],
  ['session', 'Session, all of it'],
  ['renewal', 'Renewal'],
  ['account', 'Profile and metadata'],
]

/** The designers' page: every situation a person can be in. */
export function StatechartPage() {
  const [shown, show] = useState<ShippedName>('session-overview')
  const { model, geometry } = shippedCharts[shown]
  return (
    <main className="statechart">
      <header>
        <h1>
          <a href="/">Sessionchart</a> <span>every situation a person can be in</span>
        </h1>
        <nav aria-label="Charts">
          {tabs.map(([name, title]) => (
            <button key={name} type="button" aria-pressed={name === shown} onClick={() => show(name)}>
              {title}
            </button>
          ))}
        </nav>
      </header>
      <SessionChart key={shown} model={model} geometry={geometry} />
    </main>
  )
}
