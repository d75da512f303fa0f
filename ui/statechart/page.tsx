import { lazy, Suspense } from 'react'
import { LookMode } from './look/look-mode.tsx'
import { areOurs, problem } from './machines.ts'
import { useView, type Mode } from './view.ts'

// Each mode but the first comes when someone goes there.
const others: Readonly<Record<Exclude<Mode, 'look'>, React.ComponentType>> = {
  live: lazy(async () => ({ default: (await import('./live/live-mode.tsx')).LiveMode })),
  play: lazy(async () => ({ default: (await import('./play/play-mode.tsx')).PlayMode })),
  tests: lazy(async () => ({ default: (await import('./tests/tests-mode.tsx')).TestsMode })),
  compare: lazy(async () => ({ default: (await import('./compare/compare-mode.tsx')).CompareMode })),
}

/** The designers' page: every situation a person can be in. */
export function StatechartPage() {
  const [{ mode }] = useView()
  if (problem !== null)
    return (
      <p className="loading" role="alert">
        {problem}
      </p>
    )
  const Shown = mode === 'look' || !areOurs ? LookMode : others[mode]
  return (
    <Suspense fallback={<p className="loading">One moment.</p>}>
      <Shown />
    </Suspense>
  )
}
