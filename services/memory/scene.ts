import type { InspectionEvent } from 'xstate'
import type { SessionPolicy } from '../../machines/session/types.ts'
import { testNow } from './samples.ts'
import { scriptedSession } from './scripted.ts'
import { obstacleTo, playSteps, stepInWords, type Step } from './steps.ts'

/** A page is opened in a tab, in place of the one before, or it is closed. */
interface Page {
  readonly do: 'open' | 'close'
}

/**
 * A step of a scene, which may have several tabs. `tab`: in which of them, from 0 (default 0); time passes in all of them. `from`: it
 * is a message, and this tab has sent it.
 */
export type SceneStep = (Step | Page) & InTab

interface InTab {
  readonly tab?: number
  readonly from?: number
}

type ScriptedSession = ReturnType<typeof scriptedSession>

/** What a scene begins with. */
export interface SceneOptions {
  /** What differs from `testPolicy`. */
  readonly policy?: Partial<SessionPolicy>
  /** How many tabs there are; default 1. All are closed at first. */
  readonly tabs?: number
  /** Who watches the charts of a tab; asked for at each opening of a page. */
  readonly inspect?: (tab: number) => (event: InspectionEvent) => void
}

/** Tabs of one browser, each with the production charts on scripted services, and one clock for all of them. */
export interface Scene {
  /** What runs in each tab; `null`: nothing, for no page is open there. */
  readonly tabs: readonly (ScriptedSession | null)[]
  /** Epoch ms, as the clock on the wall has it; begins with `testNow`. */
  now(): number
  /** Plays a step, and lets everything take effect. Throws when it cannot be played, and says what could be. */
  play(step: SceneStep): Promise<void>
  /** Closes all pages. */
  close(): void
}

/** A scene with all tabs closed. `scenarios` holds ten to play in it. */
export function createScene({ policy = {}, tabs: count = 1, inspect }: SceneOptions = {}): Scene {
  const tabs: (ScriptedSession | null)[] = Array.from({ length: count }, () => null)
  let now = testNow

  function turn({ do: what, tab = 0 }: Page & InTab): void {
    tabs[tab]?.actor.stop()
    tabs[tab] = what === 'close' ? null : scriptedSession({ policy, now, ...(inspect && { inspect: inspect(tab) }) })
  }

  return {
    tabs,
    now: () => now,
    async play(step) {
      const obstacle = obstacleIn(tabs, step)
      if (obstacle !== null) throw new Error(`This cannot be played (${sceneStepInWords(step)}): ${obstacle}`)
      if (isOfPage(step)) {
        turn(step)
        await tabs[step.tab ?? 0]?.rest()
        return
      }
      const isForAll = step.do === 'pass' || step.do === 'shift'
      for (const tab of isForAll ? tabs : [tabs[step.tab ?? 0]]) if (tab) await playSteps(tab, [step])
      if (isForAll) now += step.ms
    },
    close: () => tabs.forEach((tab) => tab?.actor.stop()),
  }
}

const isOfPage = (step: SceneStep): step is Page & InTab => step.do === 'open' || step.do === 'close'

function obstacleIn(tabs: Scene['tabs'], step: SceneStep): string | null {
  const { tab = 0 } = step
  const page = tabs[tab]
  if (page === undefined) return `there is no tab ${tab + 1}; there are ${tabs.length}.`
  if (step.do === 'open' || step.do === 'pass' || step.do === 'shift') return null
  if (page === null) return `no page is open in tab ${tab + 1}.`
  return isOfPage(step) ? null : obstacleTo(page.script, step)
}

/** A step of a scene as a sentence, without its tab. */
export function sceneStepInWords(step: SceneStep): string {
  if (isOfPage(step)) return step.do === 'open' ? 'a page is opened' : 'the page is closed'
  return stepInWords(step)
}
