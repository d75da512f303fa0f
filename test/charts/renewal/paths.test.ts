import { createTestModel } from '@xstate/test'
import { initialTransition, transition, type EventObject, type StateValue } from 'xstate'
import { describe, expect, it } from 'vitest'
import { renewalMachine } from '../../../machines/index.ts'
import {
  renewedFacts,
  scriptedRenewal,
  someFacts,
  testNow,
  testPolicy,
  type PortOutput,
} from '../../../services/memory/index.ts'
import { error, problem, where, type ScriptedRenewal } from '../../support/charts.ts'
import { delayEvents, derive } from '../../support/derive.ts'

const facts = someFacts()
const newer = renewedFacts(facts, testNow)

type Asked = 'recheckVault' | 'requestTokens' | 'confirmVerdict' | 'commitTokens'
const outputs: { readonly [TPort in Asked]: readonly PortOutput<TPort>[] } = {
  recheckVault: [{ outcome: 'same' }, { outcome: 'adopted', facts: newer }, { outcome: 'discarded' }],
  requestTokens: [undefined],
  confirmVerdict: [
    { outcome: 'rejected', problem: problem('invalid_grant') },
    { outcome: 'adopted', facts: newer },
    { outcome: 'discarded' },
  ],
  commitTokens: [{ outcome: 'renewed', facts: newer }, { outcome: 'unsaved', facts: newer }, { outcome: 'discarded' }],
}
const ports = Object.keys(outputs) as Asked[]
const failures = [error('invalid_grant'), error('offline'), error('provider_unavailable', 90_000)]

/** One event of the derived chart, and how the world brings it about for the real one. */
interface Sample {
  readonly event: EventObject
  act(renewal: ScriptedRenewal): void | Promise<void>
}

const samples: readonly Sample[] = [
  ...ports.flatMap((port) => [
    ...outputs[port].map((output) => ({
      event: { type: `xstate.done.actor.${port}`, output },
      act: ({ script }: ScriptedRenewal) => script.settle(port, output),
    })),
    ...failures.map((failure) => ({
      event: { type: `xstate.error.actor.${port}`, error: failure },
      act: ({ script }: ScriptedRenewal) => script.fail(port, failure),
    })),
  ]),
  ...(['turn.granted', 'turn.refused'] as const).map((type) => ({
    event: { type },
    act: ({ script }: ScriptedRenewal) => script.say('holdTurn', { type }),
  })),
  {
    event: { type: 'renewal.retry' },
    act: ({ actor }: ScriptedRenewal) => actor.send({ type: 'renewal.retry' }),
  },
  ...(['network.online', 'page.resumed'] as const).map((type) => ({
    event: { type },
    act: ({ script }: ScriptedRenewal) => script.say('watchConditions', { type }),
  })),
  ...[facts, newer].map((told) => ({
    event: { type: 'sibling.renewed', facts: told },
    act: ({ script }: ScriptedRenewal) => script.say('watchConditions', { type: 'sibling.renewed', facts: told }),
  })),
  ...delayEvents(renewalMachine).map((event) => ({
    event,
    // No state of this chart has more than one timer.
    act: async ({ advance, waits }: ScriptedRenewal) => advance(waits()[0] ?? Number.NaN),
  })),
]

/** A listener fails only as it begins, which no event of this chart brings about; other tests show what comes of it. */
const leftOut = ['xstate.error.actor.watchConditions', 'xstate.error.actor.holdTurn']

/** What a path has to say; `@xstate/test` leaves the types of a machine from elsewhere open. */
interface Path {
  /** Each event, and the situation that it leads to. The first event is the start. */
  readonly steps: readonly { readonly event: EventObject; readonly state: Situation }[]
}
interface Situation {
  readonly value: StateValue
}

const clock = { now: () => testNow, chance: () => 0.5 }
const derived = derive(renewalMachine, { facts, clock, policy: testPolicy.renewal }, leftOut)
const model = createTestModel(derived, {
  events: samples.map(({ event }) => event),
  // Two situations are the same when nothing that the chart does from there on could differ: neither attempts nor problems
  // choose a way. How the chart came there is part of it, so that each transition has a path of its own.
  serializeState: ({ value }: Situation, event, before: Situation | undefined) =>
    JSON.stringify([value, samples.findIndex((sample) => sample.event === event), before?.value]),
})
const paths: readonly Path[] = model.getShortestPaths()

describe('every way through a renewal that follows from the chart itself', () => {
  it('is there: every state is reached, and every event leads somewhere', () => {
    const steps = paths.flatMap((path) => path.steps)
    expect([...new Set(steps.map(({ state }) => place(state)))].toSorted()).toEqual([
      'adopted',
      'backingOff',
      'discarded',
      'rejected',
      'renewed',
      'takingTurn.committing',
      'takingTurn.confirming',
      'takingTurn.rechecking',
      'takingTurn.requesting',
      'takingTurn.waiting',
      'unsaved',
      'waitingForNetwork',
    ])
    const taken = new Set(steps.map(({ event }) => event))
    expect(samples.filter(({ event }) => !taken.has(event))).toEqual([])
    expect(
      steps.filter(({ event }) => event.type !== 'xstate.init' && !samples.some((s) => s.event === event)),
    ).toEqual([])
  })

  it.each(paths.map((path) => [path.steps.map(({ event }) => event.type).join(' → '), path] as const))(
    'is the same on the real chart, and comes to an outcome or a pause: %s',
    async (_name, { steps }) => {
      const renewal = scriptedRenewal()
      let [expected] = initialTransition(derived)
      for (const { event, state } of steps.slice(1)) {
        await samples.find((sample) => sample.event === event)?.act(renewal)
        await renewal.rest()
        expect(where(renewal)).toEqual([place(state)])
        // The model keeps one context for all ways to a situation; the one of this way is found by walking it.
        ;[expected] = transition(derived, expected, event)
        expect(renewal.actor.getSnapshot().context).toEqual({ ...expected.context, clock: renewal.clock })
      }
      // From wherever it ends, with nobody answering any more: one bound is enough.
      if (!isSettled(renewal)) await renewal.advance(renewal.waits()[0] ?? 0)
      expect(isSettled(renewal)).toBe(true)
    },
  )
})

const place = (state: Situation): string => where({ actor: { getSnapshot: () => state } })[0] ?? ''

const isSettled = (renewal: ScriptedRenewal) =>
  renewal.actor.getSnapshot().status === 'done' || /^(backingOff|waitingForNetwork)$/.test(where(renewal)[0] ?? '')
