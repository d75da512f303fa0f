import { createActor, fromPromise, setup, type InspectionEvent } from 'xstate'
import { expect, it } from 'vitest'
import { sessionMachine, type SessionFact } from '../../machines/index.ts'
import {
  allOf,
  allOfChart,
  collectCoverage,
  comeToRest,
  createScript,
  createScriptedMachines,
  derive,
  eventsOf,
  explore,
  guardGoals,
  missing,
  planWalks,
  someSession,
  SteppingClock,
  takeWalk,
  testNow,
  testPolicy,
  transitionGoals,
  type DelayOf,
  type RealChart,
  type Samples,
} from './index.ts'

// An app developer's machine that embeds ours, tested with what `sessionchart/testing` gives: the model is derived from it, and
// every transition is taken on the real one, with the real session chart within.

type ShopEvent = { readonly type: 'pay' } | Extract<SessionFact, { readonly type: 'session.started' | 'session.ended' }>

const shopMachine = setup({
  types: { events: {} as ShopEvent },
  actors: { session: sessionMachine, charge: fromPromise<string>(() => Promise.reject(new Error('Not provided.'))) },
  guards: { isLogout: (_, params: { reason: string }) => params.reason === 'logout' },
  delays: { untilGoodbyeIsOver: 3_000 },
}).createMachine({
  id: 'shop',
  invoke: {
    id: 'session',
    src: 'session',
    input: { clock: { now: () => testNow, chance: () => 0.5 }, policy: testPolicy },
  },
  initial: 'browsing',
  states: {
    browsing: { on: { 'session.started': { target: 'shopping' } } },
    shopping: { on: { pay: { target: 'paying' } } },
    paying: {
      invoke: { id: 'charge', src: 'charge', onDone: { target: 'shopping' }, onError: { target: 'shopping' } },
    },
    goodbye: { after: { untilGoodbyeIsOver: { target: 'browsing' } } },
    comeBack: { on: { 'session.started': { target: 'shopping' } } },
  },
  on: {
    'session.ended': [
      { guard: { type: 'isLogout', params: ({ event }) => ({ reason: event.reason }) }, target: '.goodbye' },
      { target: '.comeBack' },
    ],
  },
})

const samples = {
  events: {
    pay: [{ event: { type: 'pay' } }],
    'session.started': [{ event: { type: 'session.started', subject: 'alice' } }],
    'session.ended': [
      { event: { type: 'session.ended', reason: 'logout' } },
      { event: { type: 'session.ended', reason: 'revoked' } },
    ],
  },
  done: { charge: [{ output: 'paid' }] },
  failed: { charge: [{ error: new Error('Declined.') }] },
  delays: { untilGoodbyeIsOver: [testNow] },
} satisfies Samples<ShopEvent, { charge: string }, 'charge', DelayOf<typeof shopMachine>>

/** The shop with a scripted session in it. A session that is told to start while it runs, or to end when it does not, is left. */
function openShop(inspect: (inspected: InspectionEvent) => void): RealChart {
  const script = createScript()
  const timers = new SteppingClock(testNow)
  const charges: { readonly pay: (receipt: string) => void; readonly decline: (error: unknown) => void }[] = []
  const machine = shopMachine.provide({
    actors: {
      session: createScriptedMachines(script).sessionMachine,
      charge: fromPromise<string>(() => new Promise((pay, decline) => charges.push({ pay, decline }))),
    },
  })
  const actor = createActor(machine, { clock: timers, inspect }).start()
  const session = () => actor.getSnapshot().children.session
  const logIn = async () => {
    session()?.send({ type: 'login', via: 'popup' })
    await comeToRest()
    script.settle('loginInPopup', someSession())
  }
  const logOut = async () => {
    session()?.send({ type: 'logout' })
    script.settle('clearCredentials', undefined)
    await comeToRest()
    script.settle('revokeTokens', 'done')
  }
  script.settle('restoreSession', { outcome: 'empty', reason: 'never' })
  return {
    actor,
    async perform(event) {
      await comeToRest()
      if (event.type === 'pay') actor.send({ type: 'pay' })
      if (event.type === 'session.started') await logIn()
      if (event.type === 'session.ended' && 'reason' in event && event.reason === 'logout') await logOut()
      else if (event.type === 'session.ended')
        script.say('watchSiblings', { type: 'sibling.ended', generation: 'login-1', reason: 'revoked' })
      if (event.type === 'xstate.done.actor.charge') charges.at(-1)?.pay('receipt')
      if (event.type === 'xstate.error.actor.charge') charges.at(-1)?.decline(new Error('Declined.'))
      if (event.type.startsWith('xstate.after.')) timers.fire(0)
      await comeToRest()
    },
  }
}

it('a machine that embeds the session is taken along every transition, both sides of each guard', async () => {
  const machine = derive(shopMachine, {})
  // A session starts once, and ends after that: what its facts cannot do is no path.
  const isSignedIn = (place: string) => !/browsing|comeBack|goodbye/.test(place)
  const model = explore(machine, eventsOf(machine, samples, testNow), {
    canHappen({ configuration }, { type }) {
      if (type === 'session.started') return !isSignedIn(configuration)
      return type !== 'session.ended' || isSignedIn(configuration)
    },
  })
  const coverage = collectCoverage('shop')
  for (const walk of planWalks(model, allOf(transitionGoals, guardGoals)))
    await takeWalk(model, walk, openShop(coverage.inspect()))
  const all = allOfChart(shopMachine)
  expect(missing(all.transitions, coverage.transitions)).toEqual([])
  expect(missing(all.guards, coverage.guards)).toEqual([])
  expect(all.transitions.size).toBe(8)
})
