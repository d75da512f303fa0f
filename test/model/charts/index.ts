import type { AnyStateMachine, EventObject, InspectionEvent } from 'xstate'
import { accountMachine, renewalMachine, sessionMachine } from '../../../machines/index.ts'
import { scriptedAccount, scriptedRenewal, scriptedSession, testPolicy } from '../../../services/memory/index.ts'
import type { RealChart } from '../follow.ts'
import { perform, type Play } from '../perform.ts'
import { accountModel, accountPolicies } from './account.ts'
import { renewalModel } from './renewal.ts'
import { idleTimeout, sessionModel, sessionPolicies } from './session.ts'

/** The model of a chart under one policy, and the chart itself with scripted services. */
export interface ChartWorld {
  readonly name: string
  readonly machine: AnyStateMachine
  readonly events: readonly EventObject[]
  start(inspect: (inspected: InspectionEvent) => void): RealChart
}

export interface Chart {
  /** The production machine. */
  machine(): AnyStateMachine
  worlds(): readonly ChartWorld[]
}

const inHands = (play: Play & Pick<RealChart, 'actor'>): RealChart => ({
  actor: play.actor,
  perform: (event) => perform(play, event),
})

/** Functions throughout: a mutant of a chart may have taken its place meanwhile. */
export const charts = {
  session: {
    machine: () => sessionMachine,
    worlds: () =>
      Object.entries(sessionPolicies).map(([name, policy]) => ({
        name,
        ...sessionModel(policy),
        start: (inspect) => inHands(scriptedSession({ inspect, policy: { idleTimeout, ...policy } })),
      })),
  },
  renewal: {
    machine: () => renewalMachine,
    worlds: () => [{ name: 'plain', ...renewalModel(), start: (inspect) => inHands(scriptedRenewal({ inspect })) }],
  },
  account: {
    machine: () => accountMachine,
    worlds: () =>
      Object.entries(accountPolicies).map(([name, policy]) => ({
        name,
        ...accountModel(policy),
        start: (inspect) =>
          inHands(scriptedAccount({ inspect, input: { policy: { ...testPolicy.account, ...policy } } })),
      })),
  },
} satisfies Record<string, Chart>

export type ChartName = keyof typeof charts
export const chartNames = Object.keys(charts) as readonly ChartName[]
