import type { EventObject } from 'xstate'
import { startLocalProvider, type Fault, type LocalProvider } from '../../../idp/index.ts'
import type { SessionParts } from '../../../services/create-session.ts'
import { auth0UserMetadata, claimsUserMetadata } from '../../../services/index.ts'
import { accountModel, accountPolicies } from '../charts/account.ts'
import { renewalModel } from '../charts/renewal.ts'
import { sessionModel, sessionPolicies } from '../charts/session.ts'
import { configurationOf } from '../catalogue.ts'
import { collectCoverage, type Coverage } from '../coverage.ts'
import { explore, type Edge, type Model } from '../explore.ts'
import { watchSteps, type Step } from '../steps.ts'
import { allOf, guardGoals, planWalks, transitionGoals, type Goals } from '../walks.ts'
import type { CookieJar } from '../../support/sign-in-by-http.ts'
import { createBrowser, rememberAlice, origin, type Options } from './browser.ts'
import { Infeasible, takeWalk, type Forces, type Play, type Snapshot } from './driver.ts'
import { createGates } from './gates.ts'
import { inAccount, inRenewal, inSession, restrict, type Restriction } from './plan.ts'
import { sessionForces } from './session.ts'
import { openStage } from './stage.ts'
import { installStorage } from './storage.ts'

const charts = ['session', 'renewal', 'account'] as const
type Chart = (typeof charts)[number]

/** A chart under one policy, and how it is walked in the world. */
interface Plot {
  readonly chart: Chart
  readonly name: string
  readonly model: Model
  readonly options: (provider: LocalProvider) => Options
  readonly forces: Forces
  readonly isHeld: (port: string) => boolean
}

export interface Level2 extends Record<Chart, Coverage> {
  readonly walks: number
  readonly requests: number
  /** Walks on which the real chart did something else than its model, with their way. */
  readonly failures: readonly string[]
}

const goals: Goals = allOf(transitionGoals, guardGoals)

/** More rounds than any plan should need. */
const mostRounds = 8
const one_ = (p: Plot) => p.chart + p.name
const clients = 400

function plot(
  chart: Chart,
  name: string,
  { machine, events }: { readonly machine: Model['machine']; readonly events: readonly EventObject[] },
  restriction: Restriction,
  rest: Omit<Plot, 'chart' | 'name' | 'model'>,
): Plot {
  return { chart, name, model: restrict(explore(machine, events), restriction), ...rest }
}

const renewalPorts: ReadonlySet<string> = new Set([
  'holdTurn',
  'recheckVault',
  'requestTokens',
  'confirmVerdict',
  'commitTokens',
])

export async function runLevel2(wanted: readonly Chart[] = charts): Promise<Level2> {
  const storage = installStorage()
  const coverage = {
    session: collectCoverage('session'),
    renewal: collectCoverage('renewal'),
    account: collectCoverage('account'),
  }
  const failures: string[] = []
  let walks = 0
  let requests = 0

  const take = async (plot: Plot, walk: readonly Edge[], provider: LocalProvider, jar: CookieJar, client: string) => {
    const hasNoLogoutPage = walk.some(({ event }) => event.type === 'xstate.done.actor.leaveProvider')
    const always: readonly Fault[] = hasNoLogoutPage
      ? [{ endpoint: 'discovery', kind: 'rewrite', remove: ['end_session_endpoint'], count: 'always' }]
      : []
    provider.faults.add(...always)
    const looks = new Set<Promise<void>>()
    const keeper: NonNullable<SessionParts['keeper']> = (own) => ({
      ...own,
      look: () => {
        const looking = own.look().finally(() => looks.delete(looking))
        looks.add(looking)
        return looking
      },
    })
    const start = Date.now()
    const common: Options = { idleTimeout: 600_000, ...plot.options(provider) }
    const browser = createBrowser(provider, client, jar, common, start)
    const key = `${provider.issuer}|${client}`
    const steps: Record<Chart, Step[]> = { session: [], renewal: [], account: [] }
    const watches = charts.flatMap((chart) => [
      coverage[chart].inspect(),
      watchSteps(chart, (step) => steps[chart].push(step)),
    ])
    const places: Record<string, string> = {}
    watches.push((inspected) => {
      if (inspected.type !== '@xstate.snapshot' || !('_nodes' in inspected.snapshot)) return
      const snapshot = inspected.snapshot as Snapshot
      places[snapshot.machine.id] = configurationOf(snapshot)
    })
    let session: Play['session'] | undefined
    const stage = openStage(origin, browser.profile, start, () => session)
    const gates = createGates(plot.isHeld)
    let refusal: Parameters<Play['refuse']>[0] = null
    const refuse: Play['refuse'] = (next) => {
      refusal = next
      storage.refuse(key, next)
    }
    session = browser.session(
      stage,
      { inspect: (inspected) => watches.forEach((watch) => watch(inspected)) },
      { actors: gates.actors, keeper },
    )
    const play: Play = {
      browser,
      provider,
      stage,
      session,
      gates,
      steps,
      places,
      always,
      moves: 0,
      settled: async () => {
        while (looks.size > 0) await Promise.allSettled(looks)
      },
      opener: null,
      refuse,
      expected: plot.model.start.snapshot,
      async elsewhere(work) {
        storage.refuse(key, null)
        try {
          return await work()
        } finally {
          storage.refuse(key, refusal)
        }
      },
    }
    try {
      walks += 1
      console.error('walk', walks, one_(plot), walk.length, Date.now())
      await takeWalk(plot.model.machine, walk, play, plot.forces)
    } finally {
      provider.faults.clear()
      refuse(null)
      await browser.close()
    }
  }

  const takeAll = async (plots: readonly Plot[]): Promise<void> => {
    const provider = await startLocalProvider({
      apps: [origin],
      faults: true,
      reuseWindow: 3_600,
      rateLimit: 100_000,
      clients: Array.from({ length: clients }, (_, place) => ({ id: `walk-${place}` })),
    })
    const jar = await rememberAlice(provider)
    let client = 0
    for (const one of plots) {
      const shown = new Set<string>()
      const banned = new Set<Edge>()
      for (let round = 0; round < mostRounds; round += 1) {
        const model = restrict(one.model, { isImpossible: (edge) => banned.has(edge), isEnd: () => false })
        for (const id of [...coverage[one.chart].transitions, ...coverage[one.chart].guards]) shown.add(id)
        const planned = planWalks(model, goals, shown, 25)
        if (planned.length === 0) break
        let news = 0
        for (const walk of planned) {
          try {
            await take(one, walk, provider, jar, `walk-${client++}`)
          } catch (error) {
            if (error instanceof Infeasible) {
              const { place } = error as Infeasible & { readonly place: number }
              banned.add(walk[place] as Edge)
              news += 1
            } else
              (console.error('FAIL', String(error)),
                failures.push(`${one.chart}, ${one.name}: ${error instanceof Error ? error.message : String(error)}`))
          }
        }
        if (news === 0) break
      }
    }
    requests += provider.requests.list().length
    await provider.stop()
  }

  const metadata = (provider: LocalProvider): Options => ({ metadata: auth0UserMetadata({ domain: provider.issuer }) })
  const readOnly: Options = { metadata: claimsUserMetadata({ claim: 'metadata' }) }
  const sessions = Object.entries(sessionPolicies).map(([name, policy]) =>
    plot('session', name, sessionModel(policy), inSession('account' in policy), {
      options: (provider) => ({
        ...('account' in policy ? readOnly : metadata(provider)),
        ...('silentLogin' in policy ? { silentLogin: policy.silentLogin } : {}),
        ...('onSubjectChange' in policy ? { onSubjectChange: policy.onSubjectChange } : {}),
      }),
      forces: sessionForces,
      isHeld: (port) => !port.startsWith('watch'),
    }),
  )
  await Promise.all([takeAll(sessions.filter(() => wanted.includes('session')))])
  storage.remove()
  return { ...coverage, walks, requests, failures }
}

export async function main(args: readonly string[]): Promise<void> {
  const begin = Date.now()
  const result = await runLevel2(args.length > 0 ? (args as Chart[]) : charts)
  console.log(result.failures.map((f) => f.slice(0, 1800)).join('\n\n'))
  console.log(
    Date.now() - begin,
    'ms',
    result.walks,
    'walks',
    result.requests,
    'requests',
    result.failures.length,
    'failures',
  )
  for (const chart of charts) console.log(chart, result[chart].transitions.size, result[chart].guards.size)
}
