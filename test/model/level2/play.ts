import type { InspectionEvent } from 'xstate'
import type { Fault, LocalProvider } from '../../../idp/index.ts'
import type { Keeper } from '../../../services/credentials/types.ts'
import type { CookieJar } from '../../support/sign-in-by-http.ts'
import { configurationOf } from '../../../ui/visualizer/model/nodes.ts'
import { watchSteps, type Step } from '../../../ui/visualizer/recorder/steps.ts'
import { createBrowser, origin, type Options } from './browser.ts'
import type { Play, Snapshot } from './types.ts'
import { createGates } from './gates.ts'
import { openStage } from './stage.ts'
import type { BrowserStorage, Refusal } from './storage.ts'

interface PlayParts {
  readonly provider: LocalProvider
  /** The cookies by which the provider knows alice. */
  readonly jar: CookieJar
  readonly storage: BrowserStorage
  readonly clientId: string
  /** Of all tabs. */
  readonly options: Options
  /** Of the tab that is watched. */
  readonly ownOptions: Options
  readonly isHeld: (port: string) => boolean
  /** What is wrong with the provider all the time. */
  readonly always: readonly Fault[]
  /** Where the model of the chart that is walked begins. */
  readonly expected: Snapshot
  /** Is told of everything that happens in the tab. */
  readonly inspect: (inspected: InspectionEvent) => void
}

/** The app is opened in a new browser. */
export function openPlay(parts: PlayParts): Play & { close(): Promise<void> } {
  const { provider, storage, clientId, always } = parts
  const start = Date.now()
  const browser = createBrowser(provider, clientId, parts.jar, { idleTimeout: 600_000, ...parts.options }, start)
  const gates = createGates(parts.isHeld)
  const steps: Record<string, Step[]> = { session: [], renewal: [], account: [] }
  const places: Record<string, string> = {}
  const contexts: Record<string, unknown> = {}
  const watches = [
    parts.inspect,
    ...Object.entries(steps).map(([chart, all]) => watchSteps(chart, (step) => all.push(step))),
    (inspected: InspectionEvent) => {
      if (inspected.type !== '@xstate.snapshot' || !('_nodes' in inspected.snapshot)) return
      // What is inspected as a machine's snapshot is one.
      const snapshot = inspected.snapshot as Snapshot
      places[snapshot.machine.id] = configurationOf(snapshot)
      contexts[snapshot.machine.id] = snapshot.context
    },
  ]

  const looks = new Set<Promise<void>>()
  const watchLooks = (keeper: Keeper): Keeper => ({
    ...keeper,
    look() {
      const looking = keeper.look().finally(() => looks.delete(looking))
      looks.add(looking)
      return looking
    },
  })

  const app = `${provider.issuer}|${clientId}`
  let refusal: Refusal | null = null
  provider.faults.add(...always)
  const stage = openStage(origin, browser.profile, start)
  const inspect = (inspected: InspectionEvent): void => watches.forEach((watch) => watch(inspected))
  const session = browser.session(stage, { ...parts.ownOptions, inspect }, { actors: gates.actors, keeper: watchLooks })
  const refuse = (next: Refusal | null): void => {
    refusal = next
    storage.refuse(app, next)
  }
  stage.follow(session.actor.system)
  session.start()

  return {
    browser,
    session,
    provider,
    stage,
    gates,
    steps,
    places,
    contexts,
    always,
    moves: 0,
    opener: null,
    expected: parts.expected,
    refuse,
    async elsewhere(work) {
      storage.refuse(app, null)
      try {
        return await work()
      } finally {
        storage.refuse(app, refusal)
      }
    },
    async settled() {
      while (looks.size > 0) await Promise.allSettled(looks)
    },
    async close() {
      provider.faults.clear()
      refuse(null)
      await browser.close()
    },
  }
}
