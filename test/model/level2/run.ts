import { startLocalProvider, type Fault, type LocalProvider } from '../../../idp/index.ts'
import type { CookieJar } from '../../support/sign-in-by-http.ts'
import { collectCoverage, type Coverage } from '../coverage.ts'
import type { Edge } from '../explore.ts'
import { allOf, guardGoals, planWalks, transitionGoals, type Goals } from '../walks.ts'
import { origin, rememberAlice } from './browser.ts'
import { takeWalk } from './driver.ts'
import type { Snapshot } from './types.ts'
import { openPlay } from './play.ts'
import { plotsOf, type Chart, type Plot } from './plots.ts'
import { installStorage, type BrowserStorage } from './storage.ts'

export interface Level2 {
  readonly session: Coverage
  readonly renewal: Coverage
  readonly account: Coverage
  readonly walks: number
  readonly events: number
  /** HTTP requests that reached the providers. */
  readonly requests: number
  /** Walks on which the real chart did something else than its model, each with the way that led there. */
  readonly failures: readonly string[]
}

const nothingMore: Goals = () => []

/** Events in one walk, at most. */
const longest = 25

/** Each walk is taken in a browser of its own, which is a client of its own. */
const mostWalks = 100
const clients = Array.from({ length: mostWalks }, (_, place) => ({ id: `browser-${place}` }))

/**
 * Takes every transition and every guard side of the three charts that the real services can bring about, at real providers over
 * HTTP; what was taken is read from the charts' microsteps.
 */
export async function runLevel2(): Promise<Level2> {
  const storage = installStorage()
  const coverage = {
    session: collectCoverage('session'),
    renewal: collectCoverage('renewal'),
    account: collectCoverage('account'),
  }
  const failures: string[] = []
  const count = { walks: 0, events: 0, requests: 0 }

  const runChart = async (chart: Chart, plots: readonly Plot[]): Promise<void> => {
    const provider = await startLocalProvider({
      apps: [origin],
      faults: true,
      // Another tab may spend a refresh token of which this one holds the answer, without ending the session of both.
      reuseWindow: 3_600,
      rateLimit: 1_000_000,
      // Whoever was held up meanwhile does not send on a connection that has just been given up.
      keepAlive: false,
      clients,
    })
    const jar = await rememberAlice(provider)
    const unused = clients.map(({ id }) => id)
    for (const plot of plots) {
      const { transitions, guards } = coverage[chart]
      const goals = allOf(transitionGoals, guardGoals, plot.more ?? nothingMore)
      for (const walk of planWalks(plot.model, goals, new Set([...transitions, ...guards]), longest)) {
        const clientId = unused.pop()
        if (clientId === undefined) throw new Error(`More than ${mostWalks} walks of ${chart}.`)
        count.walks += 1
        count.events += walk.length
        const inspects = Object.values(coverage).map((one) => one.inspect())
        const inspect: (typeof inspects)[number] = (inspected) => inspects.forEach((each) => each(inspected))
        await take(plot, walk, { provider, jar, storage, clientId, inspect }).catch((error: unknown) =>
          failures.push(`${plot.name}: ${error instanceof Error ? error.message : String(error)}`),
        )
      }
    }
    count.requests += provider.requests.list().length
    await provider.stop()
  }

  // To explore a model takes seconds, in which nothing else gets on: it is done before anyone waits.
  const plots = (Object.keys(plotsOf) as Chart[]).map((chart) => [chart, [...plotsOf[chart]()]] as const)
  try {
    await Promise.all(plots.map(([chart, ofChart]) => runChart(chart, ofChart)))
  } finally {
    storage.remove()
  }
  return { ...coverage, ...count, failures }
}

interface Place {
  readonly provider: LocalProvider
  readonly jar: CookieJar
  readonly storage: BrowserStorage
  readonly clientId: string
  readonly inspect: Parameters<typeof openPlay>[0]['inspect']
}

const noLogoutPage: Fault = {
  endpoint: 'discovery',
  kind: 'rewrite',
  remove: ['end_session_endpoint'],
  count: 'always',
}

async function take(
  { model, options, ownOptions = {}, isHeld, begin, forces }: Plot,
  walk: readonly Edge[],
  place: Place,
) {
  // Where there is a logout page, the browser leaves for it, and the chart hears nothing any more.
  const staysHere = walk.some(({ event }) => event.type === 'xstate.done.actor.leaveProvider')
  const play = openPlay({
    ...place,
    options: options(place.provider),
    ownOptions,
    isHeld,
    always: staysHere ? [noLogoutPage] : [],
    expected: model.start.snapshot as Snapshot,
  })
  try {
    await begin?.(play)
    await takeWalk(model.machine, walk, play, forces)
  } finally {
    await play.close()
  }
}
