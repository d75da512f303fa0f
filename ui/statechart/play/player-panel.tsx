import { useEffect, useState } from 'react'
import type { Scenario } from '../../../services/memory/index.ts'
import { CopyButtons } from './copy.tsx'
import type { Playback } from './playback.ts'
import { inShort, type Score } from './score.ts'
import { Sights } from './sights.tsx'

interface PlayerPanelProps {
  readonly scenario: Scenario
  readonly playback: Playback & { readonly score: Score }
  /** Which moment is shown, from 1. */
  readonly step: number
  readonly tab: number
  readonly onStep: (step: number) => void
  readonly onTab: (tab: number) => void
  readonly onLeave: () => void
  readonly onGoOn: () => void
}

/** A scenario, moment by moment: by buttons, by the arrow keys, or by itself (Space). */
export function PlayerPanel({ scenario, playback, step, tab, onStep, onTab, onLeave, onGoOn }: PlayerPanelProps) {
  const [isPlaying, play] = useState(false)
  const last = scenario.moments.length
  const moment = scenario.moments[step - 1]
  const frame = playback.frames[step - 1]
  const go = (to: number) => {
    play(false)
    onStep(Math.min(Math.max(1, to), last))
  }
  const toggle = () => {
    if (!isPlaying && step === last) onStep(1)
    play(!isPlaying)
  }
  const runs = isPlaying && step < last
  const length = moment?.caption.length ?? 0
  useEffect(() => {
    if (!runs) return
    // As long as it takes to read, and to look.
    const timer = setTimeout(() => onStep(step + 1), 1_800 + 45 * length)
    return () => clearTimeout(timer)
  }, [runs, step, length, onStep])
  useKeys({ ArrowLeft: () => go(step - 1), ArrowRight: () => go(step + 1), Home: () => go(1), ' ': toggle })

  return (
    <section className="play" aria-label={scenario.title}>
      <button type="button" className="play-back" onClick={onLeave}>
        <span aria-hidden="true">‹ </span>All scenarios
      </button>
      <h2>{scenario.title}</h2>
      <p className="play-soft">
        Step {step} of {last}
      </p>
      <progress max={last} value={step} aria-label="How much of it was played" />
      <p className="play-caption" aria-live="polite">
        {moment?.caption}
      </p>
      <fieldset className="play-controls" aria-label="Player">
        <button type="button" onClick={() => go(1)} disabled={step === 1}>
          Restart
        </button>
        <button type="button" onClick={() => go(step - 1)} disabled={step === 1}>
          Back
        </button>
        <button type="button" onClick={toggle} aria-pressed={runs} title="Play by itself (Space)">
          {runs ? 'Pause' : 'Play'}
        </button>
        <button type="button" className="is-main" onClick={() => go(step + 1)} disabled={step === last}>
          Next
        </button>
      </fieldset>
      {playback.obstacle !== null && frame === undefined && <p role="alert">{playback.obstacle}</p>}
      {frame !== undefined && moment !== undefined && (
        <Sights frame={frame} steps={moment.steps} tab={tab} onTab={onTab} />
      )}
      <details>
        <summary>What happened, exactly</summary>
        <ol className="play-steps">
          {moment?.steps.map((one, place) => (
            // Steps have no other name than their place.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={place}>
              {scenario.tabs === undefined ? '' : `Tab ${(one.tab ?? 0) + 1}: `}
              {inShort(one)}
            </li>
          ))}
        </ol>
      </details>
      <CopyButtons playback={playback} tab={tab} />
      <button type="button" className="play-button" onClick={onGoOn}>
        Go on from here yourself
      </button>
    </section>
  )
}

/** Keys of the whole page, but for those that something in it needs for itself. */
function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key]
      const at = event.target instanceof Element ? event.target : null
      const isTaken = event.defaultPrevented || at?.closest(`${ownKeys}${event.key === ' ' ? ', button' : ''}`)
      if (act === undefined || isTaken) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
const ownKeys = 'input, textarea, select, summary, .chart, .chart-outline, [role=tree]'
