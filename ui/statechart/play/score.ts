import { useEffect, useState } from 'react'
import { scenarios, sceneStepInWords, type Scenario, type SceneStep } from '../../../services/memory/index.ts'
import { playBack, type Playback } from './playback.ts'

/** What is played: a scenario, or the beginning of one and what someone did from there. */
export interface Score {
  readonly title: string
  readonly policy?: NonNullable<Scenario['policy']>
  readonly tabs: number
  readonly captions: readonly string[]
  readonly groups: readonly (readonly SceneStep[])[]
}

/** A step that someone chose, and what it is called. */
export interface OwnStep {
  readonly words: string
  readonly step: SceneStep
}

/** The id in the address of a session to try things on. */
export const own = 'own'

export const scenarioOf = (id: string | null): Scenario | undefined => scenarios.find((one) => one.id === id)

export function scoreOf({ title, policy, tabs = 1, moments }: Scenario): Score {
  return {
    title,
    ...(policy && { policy }),
    tabs,
    captions: moments.map(({ caption }) => caption),
    groups: moments.map(({ steps }) => steps),
  }
}

const empty: Score = {
  title: 'A session of my own',
  tabs: 1,
  captions: ['A page is opened.'],
  groups: [[{ do: 'open' }]],
}

/** The first moments of a scenario, or a page that has just been opened, and then the steps that someone chose. */
export function ownScore(scenario: Scenario | undefined, moments: number, steps: readonly OwnStep[]): Score {
  const base = scenario === undefined ? empty : scoreOf(scenario)
  const kept = scenario === undefined ? 1 : moments
  return {
    ...base,
    title: scenario === undefined ? base.title : `${base.title}, and on from there`,
    tabs: Math.max(base.tabs, ...steps.map(({ step }) => (step.tab ?? 0) + 1)),
    captions: [...base.captions.slice(0, kept), ...steps.map(({ words }) => words)],
    groups: [...base.groups.slice(0, kept), ...steps.map(({ step }) => [step])],
  }
}

/** A step in few words: its service and what came of it, without all that it carries. */
export function inShort(step: SceneStep): string {
  const [short] = sceneStepInWords(step).split(': ')
  const said =
    'output' in step && typeof step.output === 'object' && 'outcome' in step.output ? String(step.output.outcome) : ''
  return `${short}${said === '' ? '' : `: ${said}`}`
}

/** What a score comes to; what was shown before stays until it is known. `null`: nothing yet. */
export function usePlayback(score: Score): (Playback & { readonly score: Score }) | null {
  const [shown, show] = useState<(Playback & { readonly score: Score }) | null>(null)
  useEffect(() => {
    let isCurrent = true
    void playBack(score, score.groups).then((playback) => {
      if (isCurrent) show({ ...playback, score })
    })
    return () => {
      isCurrent = false
    }
  }, [score])
  return shown
}
