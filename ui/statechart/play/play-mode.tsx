import { useMemo, useState } from 'react'
import type { Scenario } from '../../../services/memory/index.ts'
import { charts, closedAtFirst } from '../charts.ts'
import { useView } from '../view.ts'
import { Workbench } from '../workbench.tsx'
import { OwnPanel } from './own-panel.tsx'
import { PlayerPanel } from './player-panel.tsx'
import { ScenarioList } from './scenario-list.tsx'
import { own, ownScore, scenarioOf, scoreOf, usePlayback, type OwnStep, type Score } from './score.ts'
import './play.css'

/** Scenarios, played step by step on the real charts; and a session to try things on. */
export function PlayMode() {
  const [view, change] = useView()
  /** Where somebody went on by himself: from which scenario, after how many moments. */
  const [from, goOnFrom] = useState<{ readonly scenario: Scenario; readonly moments: number } | null>(null)
  const scenario = scenarioOf(view.scenario)
  const begin = (id: string, { chart, within }: Partial<Scenario> = {}) => {
    goOnFrom(null)
    const first = chart === 'account' ? 'account' : 'session'
    change({ scenario: id, step: 1, chart: first, closed: within === undefined ? null : allBut(within), at: null })
  }
  const leave = () => change({ scenario: null, step: 0 })
  if (scenario !== undefined) {
    const goOn = () => {
      goOnFrom({ scenario, moments: Math.max(1, view.step) })
      change({ scenario: own, step: 0 })
    }
    return <Played key={scenario.id} scenario={scenario} onLeave={leave} onGoOn={goOn} />
  }
  if (view.scenario === own) return <Own key={from?.scenario.id} from={from} onLeave={leave} />
  return (
    <Workbench
      panel={
        <ScenarioList
          problem={view.scenario === null ? null : `There is no scenario “${view.scenario}”. Choose one of these.`}
          onChoose={(chosen) => begin(chosen.id, chosen)}
          onOwn={() => begin(own)}
        />
      }
    />
  )
}

/** All that is closed to begin with, but for one state. */
const allBut = (open: string): readonly string[] =>
  charts
    .filter(({ id }) => open.startsWith(`${id}.`))
    .flatMap(closedAtFirst)
    .filter((id) => id !== open)

interface PlayedProps {
  readonly scenario: Scenario
  readonly onLeave: () => void
  readonly onGoOn: () => void
}

function Played({ scenario, onLeave, onGoOn }: PlayedProps) {
  const [view, change] = useView()
  const score = useMemo(() => scoreOf(scenario), [scenario])
  const playback = usePlayback(score)
  const step = Math.min(Math.max(1, view.step), score.groups.length)
  const [chosen, choose] = useState<{ readonly step: number; readonly tab: number } | null>(null)
  const tab = chosen?.step === step ? chosen.tab : lastTab(score, step)
  const frame = playback?.frames[step - 1]
  /** The chart in which most of it happens is gone into when it begins, and left when it ends. */
  const goTo = (to: number) => {
    const isIn = (place: number) => {
      const shown = playback?.frames[place - 1]?.tabs[lastTab(score, place)]
      return shown?.moments.some(({ chart }) => chart === scenario.chart) ?? false
    }
    const turns = isIn(step) !== isIn(to)
    change({
      step: to,
      ...(turns && { chart: isIn(to) ? (scenario.chart ?? 'session') : 'session', closed: null, at: null }),
    })
  }
  return (
    <Workbench
      moments={frame?.tabs[tab]?.moments ?? []}
      {...(frame && { time: frame.at })}
      isFollowing
      panel={
        playback === null ? (
          <p className="play-wait">One moment.</p>
        ) : (
          <PlayerPanel
            {...{ scenario, playback, step, tab, onLeave, onGoOn }}
            onStep={goTo}
            onTab={(to) => choose({ step, tab: to })}
          />
        )
      }
    />
  )
}

/** The tab in which the last thing of a moment happens, or the first. */
const lastTab = ({ groups }: Score, step: number): number => groups[step - 1]?.at(-1)?.tab ?? 0

interface OwnProps {
  readonly from: { readonly scenario: Scenario; readonly moments: number } | null
  readonly onLeave: () => void
}

function Own({ from, onLeave }: OwnProps) {
  const [steps, setSteps] = useState<readonly OwnStep[]>([])
  const [tab, setTab] = useState(0)
  const score = useMemo(() => ownScore(from?.scenario, from?.moments ?? 1, steps), [from, steps])
  const playback = usePlayback(score)
  const frame = playback?.frames.at(-1)
  return (
    <Workbench
      moments={frame?.tabs[tab]?.moments ?? []}
      {...(frame && { time: frame.at })}
      isFollowing
      panel={
        playback === null ? (
          <p className="play-wait">One moment.</p>
        ) : (
          <OwnPanel
            {...{ playback, steps, tab, onLeave }}
            onTab={setTab}
            onDo={(step) => {
              setSteps([...steps, step])
              setTab(step.step.tab ?? tab)
            }}
            onBack={() => setSteps(steps.slice(0, -1))}
            onRestart={() => setSteps([])}
          />
        )
      }
    />
  )
}
