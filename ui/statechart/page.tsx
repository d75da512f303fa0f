import { use, useState, useTransition } from 'react'
import { isDrawing, loadDrawing, SessionChart, type ChartDrawing, type DrawingName } from '../visualizer/index.ts'

const tabs: readonly (readonly [DrawingName, string])[] = [
  ['session', 'Session'],
  ['renewal', 'Renewal'],
  ['account', 'Profile and metadata'],
]

const loaded = new Map<DrawingName, Promise<ChartDrawing>>()

function drawingOf(name: DrawingName): Promise<ChartDrawing> {
  const drawing = loaded.get(name) ?? loadDrawing(name)
  loaded.set(name, drawing)
  return drawing
}

/** The designers' page: every situation a person can be in. */
export function StatechartPage() {
  const [shown, setShown] = useState<DrawingName>('session')
  const [isLoading, startTransition] = useTransition()
  const { model, geometry } = use(drawingOf(shown))
  const show = (name: DrawingName) => startTransition(() => setShown(name))
  const [chart, open] = shown.split('.')
  return (
    <main className="statechart" aria-busy={isLoading}>
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
      <SessionChart
        key={shown}
        model={model}
        geometry={geometry}
        // Only the session has drawings with some states closed.
        {...(chart === 'session' && { onToggle: (id) => show(isDrawing(id) && id !== shown ? id : 'session') })}
      />
    </main>
  )
}
