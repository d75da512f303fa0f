import { expect, it, describe } from 'vitest'
import { scriptedAccount, scriptedRenewal, scriptedSession } from '../../services/memory/index.ts'
import { catalogueOf } from './catalogue.ts'
import { accountModel, accountPolicies } from './charts/account.ts'
import { renewalModel } from './charts/renewal.ts'
import { sessionModel, sessionPolicies } from './charts/session.ts'
import { collectCoverage, guardSidesOf } from './coverage.ts'
import { explore } from './explore.ts'
import { pathsOf, takeWalk, type Inspect, type RealChart } from './level1.ts'
import { allOf, eventGoals, guardGoals, planWalks, transitionGoals } from './walks.ts'

it('t', async () => {
  for (const [name, all] of Object.entries({
    renewal: [{ ...renewalModel(), start: (inspect: Inspect) => scriptedRenewal({ inspect }) as never as RealChart }],
    account: Object.values(accountPolicies).map((p) => ({
      ...accountModel(p),
      start: (inspect: Inspect) =>
        scriptedAccount({
          inspect,
          input: { policy: accountModel(p).machine.config.context.policy },
        }) as never as RealChart,
    })),
    session: Object.values(sessionPolicies).map((p) => ({
      ...sessionModel(p),
      start: (inspect: Inspect) =>
        scriptedSession({ inspect, policy: { idleTimeout: 600_000, ...p } }) as never as RealChart,
    })),
  })) {
    const coverage = collectCoverage(name)
    let failed = 0
    const t = Date.now()
    for (const { machine, events, start } of all) {
      const model = explore(machine, events)
      const walks = planWalks(model, allOf(transitionGoals, guardGoals, eventGoals(events)))
      for (const walk of pathsOf(model, walks)) {
        try {
          await takeWalk(model, walk, () => start(coverage.inspect()))
        } catch (e) {
          if (failed++ < 4) console.log((e as Error).stack?.slice(0, 300), '...', (e as Error).stack?.slice(-900))
        }
      }
    }
    const ids = catalogueOf(all[0]!.machine).map((t) => t.id)
    console.log(
      name,
      Date.now() - t,
      'failed',
      failed,
      ids.length,
      ids.filter((i) => !coverage.transitions.has(i)),
      guardSidesOf(all[0]!.machine).filter((s) => !coverage.guards.has(s)),
    )
  }
}, 60000)
