import { createTestModel } from '@xstate/test'
import { assign, createActor, emit, fromCallback, fromPromise, raise, setup, transition } from 'xstate'
import { describe, expect, it } from 'vitest'
import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
import { catalogueOf } from './catalogue.ts'
import { accountSamples } from './charts/account.ts'
import { renewalModel, renewalSamples } from './charts/renewal.ts'
import { sessionModel, sessionSamples } from './charts/session.ts'
import { allOfChart, collectCoverage, missing } from './coverage.ts'
import { at, derive } from './derive.ts'
import { explore } from './explore.ts'
import { eventsOf, type DelayOf, type Samples } from './samples.ts'
import { allOf, guardGoals, planWalks, transitionGoals } from './walks.ts'

type LampEvent = { readonly type: 'press' } | { readonly type: 'overheated' } | { readonly type: 'cut' }

/** A lamp that warms up, burns for a while, and is out for good when its power is cut. */
const lampMachine = setup({
  types: {
    context: {} as { readonly presses: number; readonly clock: { now(): number; chance(): number } },
    events: {} as LampEvent,
    emitted: {} as { readonly type: 'lit' },
  },
  actors: {
    warm: fromPromise<'bright' | 'dim'>(() => Promise.reject(new Error('Cold.'))),
    watch: fromCallback(() => {}),
  },
  guards: {
    isBright: (_, params: { output: 'bright' | 'dim' }) => params.output === 'bright',
    isNight: ({ context }) => context.clock.now() >= 100,
  },
  actions: {
    count: assign({ presses: ({ context }) => Math.min(context.presses + 1, 2) }),
    overheat: raise({ type: 'overheated' }),
    tell: emit({ type: 'lit' }),
  },
  delays: { untilBurnt: 5_000 },
}).createMachine({
  id: 'lamp',
  context: { presses: 0, clock: { now: () => 0, chance: () => 0 } },
  invoke: { id: 'watch', src: 'watch', onError: {} },
  initial: 'off',
  states: {
    off: { on: { press: { guard: 'isNight', target: 'warming', actions: 'count' } } },
    warming: {
      invoke: {
        id: 'warm',
        src: 'warm',
        onDone: [
          { guard: { type: 'isBright', params: ({ event }) => ({ output: event.output }) }, target: 'on' },
          { target: 'off' },
        ],
        onError: { target: 'off' },
      },
    },
    on: {
      entry: 'tell',
      on: { press: { actions: 'overheat' }, overheated: { target: 'off' } },
      after: { untilBurnt: { target: 'off' } },
    },
    out: { type: 'final' },
  },
  on: { cut: { target: '.out' } },
})

const lampSamples = {
  events: {
    press: [
      { event: { type: 'press' }, now: 200 },
      { event: { type: 'press' }, now: 50 },
    ],
    overheated: [{ event: { type: 'overheated' } }],
    cut: [{ event: { type: 'cut' } }],
  },
  done: { warm: [{ output: 'bright' }, { output: 'dim' }] },
  failed: { warm: [{ error: new Error('Cold.') }], watch: [{ error: new Error('Blind.') }] },
  delays: { untilBurnt: [200] },
} satisfies Samples<LampEvent, { warm: 'bright' | 'dim' }, 'warm' | 'watch', DelayOf<typeof lampMachine>>

const lamp = derive(lampMachine, {})
const lampEvents = eventsOf(lamp, lampSamples, 0)

describe('a derived machine', () => {
  it('invokes nothing and waits for nothing, and has the transitions of the production machine, by the same ids', () => {
    const ids = (machine: typeof lamp) =>
      catalogueOf(machine)
        .map(({ id }) => id)
        .toSorted()
    expect(ids(lamp)).toEqual(ids(lampMachine))
    expect(ids(lamp)).toContain('lamp.on xstate.after.untilBurnt.lamp.on[0]')
    expect(() => createTestModel(lamp)).not.toThrow()
    expect(() => createTestModel(lampMachine)).toThrow('Invocations on test machines are not supported')
  })

  it('is the same for the production charts, which `createTestModel` refuses', () => {
    for (const [production, derived] of [
      [sessionMachine, sessionModel().machine],
      [renewalMachine, renewalModel().machine],
    ] as const) {
      expect(catalogueOf(derived).length).toBe(catalogueOf(production).length)
      expect(() => createTestModel(derived)).not.toThrow()
      expect(() => createTestModel(production)).toThrow()
    }
  })

  it('takes an event at the time of its sample, with the guards, assigns and raised events of the production machine', () => {
    const start = createActor(lamp).getSnapshot()
    const after = (...events: (typeof lampEvents)[number][]) =>
      events.reduce((snapshot, event) => transition(lamp, snapshot, event)[0], start)
    expect(after(at(50, { type: 'press' })).value).toBe('off')
    const warming = after(at(200, { type: 'press' }))
    expect(warming).toMatchObject({ value: 'warming', context: { presses: 1 } })
    const bright = { type: 'xstate.done.actor.warm', output: 'bright' }
    expect(after(at(200, { type: 'press' }), bright).value).toBe('on')
    // A raised event is part of the same step.
    expect(after(at(200, { type: 'press' }), bright, { type: 'press' }).value).toBe('off')
  })
})

describe('all that can happen to it', () => {
  const model = explore(lamp, lampEvents)

  it('is every event in every situation; services and timers are heard only while they run', () => {
    const heardIn = (state: string) =>
      new Set(model.edges.filter(({ from }) => from.configuration === state).map(({ event }) => event.type))
    expect([...new Set(model.situations.map(({ configuration }) => configuration))].toSorted()).toEqual([
      'lamp.off',
      'lamp.on',
      'lamp.out',
      'lamp.warming',
    ])
    expect([...heardIn('lamp.off')].toSorted()).toEqual(['cut', 'overheated', 'press', 'xstate.error.actor.watch'])
    expect(heardIn('lamp.warming')).toContain('xstate.done.actor.warm')
    expect(heardIn('lamp.on')).toContain('xstate.after.untilBurnt.lamp.on')
    expect([...heardIn('lamp.out')]).toEqual([])
  })

  it('is shown by walks that take every transition and ask every guard both ways', () => {
    const coverage = collectCoverage('lamp')
    coverage.add(model)
    const all = allOfChart(lampMachine)
    expect([missing(all.transitions, coverage.transitions), missing(all.guards, coverage.guards)]).toEqual([[], []])
    const walked = planWalks(model, allOf(transitionGoals, guardGoals)).flat()
    expect(missing(all.transitions, new Set(walked.flatMap(({ step }) => step.taken)))).toEqual([])
  })

  it('leaves out what the world does not do', () => {
    const uncut = explore(lamp, lampEvents, { canHappen: (_, { type }) => type !== 'cut' })
    expect(uncut.situations.map(({ configuration }) => configuration)).not.toContain('lamp.out')
  })

  it('tells situations apart by what guards say, and by what it is told besides', () => {
    const counter = setup({
      types: { context: {} as { n: number }, events: {} as { type: 'more' } },
      guards: { isPast: ({ context }) => context.n > 1 },
      actions: { add: assign({ n: ({ context }) => context.n + 1 }) },
    }).createMachine({
      id: 'counter',
      context: { n: 0 },
      on: { more: [{ guard: 'isPast' }, { actions: 'add' }] },
    })
    const [machine, events] = [derive(counter, {}), [{ type: 'more' }]]
    // One and none look the same to the guard: nothing leads further, and what is not taken is named.
    const short = explore(machine, events)
    expect(short.situations).toHaveLength(1)
    const coverage = collectCoverage('counter')
    coverage.add(short)
    expect(missing(allOfChart(counter).guards, coverage.guards)).toEqual(['counter more[0] holds'])
    const whole = explore(machine, events, { tellApart: ({ context }) => String((context as { n: number }).n) })
    expect(whole.situations).toHaveLength(3)
  })

  it('does not go on for ever: ever new situations are an error that says so', () => {
    const counter = setup({
      types: { context: {} as { n: number }, events: {} as { type: 'more' } },
      actions: { add: assign({ n: ({ context }) => context.n + 1 }) },
    }).createMachine({ id: 'counter', context: { n: 0 }, on: { more: { actions: 'add' } } })
    const events = [{ type: 'more' }]
    const tellApart = ({ context }: { readonly context: unknown }) => JSON.stringify(context)
    expect(() => explore(derive(counter, {}), events, { tellApart })).toThrow('counter: the samples lead to more than')
  })
})

describe('what is missing is named', () => {
  /** A state that somebody has added without samples: a transition leads on from it, and none to it. */
  const withPondering = setup({ types: { events: {} as LampEvent | { readonly type: 'pondered' } } }).createMachine({
    id: 'lamp',
    initial: 'off',
    states: { off: { on: { press: { target: 'pondering' } } }, pondering: { on: { pondered: { target: 'off' } } } },
  })

  it('a transition that no sample takes', () => {
    const { pondered: _, ...events } = { ...lampSamples.events, pondered: [] }
    const machine = derive(withPondering, {})
    const model = explore(machine, eventsOf(machine, { ...lampSamples, events }, 0))
    const coverage = collectCoverage('lamp')
    coverage.add(model)
    expect(missing(allOfChart(withPondering).transitions, coverage.transitions)).toEqual(['lamp.pondering pondered[0]'])
  })

  it('a guard that no sample makes false', () => {
    const machine = derive(lampMachine, {})
    const day = { ...lampSamples, events: { ...lampSamples.events, press: [{ event: { type: 'press' }, now: 200 }] } }
    const coverage = collectCoverage('lamp')
    coverage.add(explore(machine, eventsOf(machine, day, 200)))
    expect(missing(allOfChart(lampMachine).guards, coverage.guards)).toEqual(['lamp.off press[0] does not hold'])
  })

  it('an event, a service or a delay without samples, by the compiler', () => {
    const { warm: _, ...done } = lampSamples.done
    const { watch: __, ...failed } = lampSamples.failed
    const { cut: ___, ...events } = lampSamples.events
    type Wanted = Samples<LampEvent, { warm: 'bright' | 'dim' }, 'warm' | 'watch', DelayOf<typeof lampMachine>>
    // @ts-expect-error The event `cut` has no sample.
    const first: Wanted = { ...lampSamples, events }
    // @ts-expect-error The service `warm` has no answer.
    const second: Wanted = { ...lampSamples, done }
    // @ts-expect-error The service `watch` has no failure.
    const third: Wanted = { ...lampSamples, failed }
    // @ts-expect-error The delay `untilBurnt` has no time.
    const fourth: Wanted = { ...lampSamples, delays: {} }
    // @ts-expect-error There has to be at least one.
    const fifth: Wanted = { ...lampSamples, delays: { untilBurnt: [] } }
    expect([first, second, third, fourth, fifth]).toHaveLength(5)
  })

  it('in the production charts as well: their samples name every event, service and delay', () => {
    for (const [machine, samples] of [
      [sessionMachine, sessionSamples],
      [renewalMachine, renewalSamples],
      [accountMachine, accountSamples],
    ] as const)
      expect(Object.keys(samples.delays).toSorted()).toEqual([...new Set(delaysOf(machine.events))].toSorted())
  })
})

const delaysOf = (events: readonly string[]): string[] =>
  events.flatMap((type) => /^xstate\.after\.([^.]+)\./.exec(type)?.[1] ?? [])
