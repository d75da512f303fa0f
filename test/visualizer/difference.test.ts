import { describe, expect, it } from 'vitest'
import { createMachine, type AnyStateMachine, type MachineConfig } from 'xstate'
import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
import { differenceOf, OtherChartError } from '../../ui/visualizer/difference/difference.ts'
import { changeInWords, differenceMarks } from '../../ui/visualizer/difference/marks.ts'
import { readModel, toJson } from '../../ui/visualizer/export/json.ts'
import { chartModelOf, type ChartModel } from '../../ui/visualizer/model/chart.ts'

type Config = MachineConfig<object, { type: string }>
const chart = (states: NonNullable<Config['states']>, more: Config = {}): ChartModel => {
  // The compiler knows too little of a configuration that is put together.
  const machine: AnyStateMachine = createMachine({ id: 'door', initial: 'shut', ...more, states } as never)
  return chartModelOf(machine)
}
const shut = { on: { open: 'ajar' } }
const ajar = { on: { shut: 'shut' } }

/** `added door.locked`, `changed door.shut open[0]: targets` */
const told = (before: ChartModel, after: ChartModel): readonly string[] => {
  const { states, transitions } = differenceOf(before, after)
  return [...states, ...transitions].map((change) =>
    change.kind === 'changed' ? `changed ${change.id}: ${change.what.join(', ')}` : `${change.kind} ${change.id}`,
  )
}

describe('the difference between two versions of a chart', () => {
  it.each([sessionMachine, renewalMachine, accountMachine])(
    'is nothing where there is none, also by way of a file',
    (machine) => {
      const model = chartModelOf(machine)
      expect(told(model, readModel(toJson(model)))).toEqual([])
      expect(differenceOf(model, model).united).toEqual(model)
    },
  )

  it('does not depend on the order of states and events', () => {
    const more = { on: { shut: 'shut', knock: {} } }
    const turned = { on: { knock: {}, shut: 'shut' } }
    expect(told(chart({ shut, ajar: more }), chart({ ajar: turned, shut }))).toEqual([])
  })

  it('names the states and transitions that came and went', () => {
    const locked = { on: { unlock: 'shut' } }
    const lockable = { on: { open: 'ajar', lock: 'locked' } }
    const [before, after] = [chart({ shut, ajar }), chart({ shut: lockable, ajar, locked })]
    expect(told(before, after)).toEqual(['added door.locked', 'added door.shut lock[0]', 'added door.locked unlock[0]'])
    expect(told(after, before)).toEqual([
      'removed door.locked',
      'removed door.shut lock[0] before',
      'removed door.locked unlock[0] before',
    ])
  })

  it.each([
    ['targets', { open: 'shut' }],
    ['actions', { open: { target: 'ajar', actions: 'creak' } }],
    ['guard', { open: { target: 'ajar', guard: 'isMine' } }],
    ['description', { open: { target: 'ajar', description: 'It opens.' } }],
    ['reenters', { open: { target: 'ajar', reenter: true } }],
  ])('says that the %s of a transition changed', (what, on) => {
    expect(told(chart({ shut, ajar }), chart({ shut: { on }, ajar }))).toEqual([`changed door.shut open[0]: ${what}`])
  })

  it.each([
    ['type', { type: 'final' as const }],
    ['description', { ...ajar, description: 'A little.' }],
    ['tags', { ...ajar, tags: ['draughty'] }],
    ['entry', { ...ajar, entry: 'creak' }],
    ['exit', { ...ajar, exit: 'slam' }],
    ['invokes', { ...ajar, invoke: { src: 'bell' } }],
  ])('says that the %s of a state changed', (what, changed) => {
    expect(told(chart({ shut, ajar }), chart({ shut, ajar: changed }))[0]).toBe(`changed door.ajar: ${what}`)
  })

  it('says that a chart begins elsewhere', () => {
    expect(told(chart({ shut, ajar }), chart({ shut, ajar }, { initial: 'ajar' }))).toEqual(['changed door: initial'])
  })

  it('knows an alternative by its guard and target, wherever it stands', () => {
    const before = {
      on: {
        open: [
          { target: 'ajar', guard: 'isMine' },
          { target: 'wide', guard: 'isWindy' },
        ],
      },
    }
    const after = {
      on: {
        open: [
          { target: 'shut', guard: 'isStuck' },
          { target: 'ajar', guard: 'isMine' },
          { target: 'wide', guard: 'isWindy' },
        ],
      },
    }
    const wide = {}
    expect(told(chart({ shut: before, ajar, wide }), chart({ shut: after, ajar, wide }))).toEqual([
      'added door.shut open[0]',
    ])
  })

  it('knows an alternative by its guard where several lead to the same state', () => {
    const [mine, windy, stuck] = ['isMine', 'isWindy', 'isStuck'].map((guard) => ({ target: 'ajar', guard }))
    expect(
      told(
        chart({ shut: { on: { open: [mine, windy] } }, ajar }),
        chart({ shut: { on: { open: [stuck, mine, windy] } }, ajar }),
      ),
    ).toEqual(['added door.shut open[0]'])
  })

  it('says that alternatives are asked in another order, which decides', () => {
    const [mine, windy] = [
      { target: 'ajar', guard: 'isMine' },
      { target: 'wide', guard: 'isWindy' },
    ]
    const wide = {}
    expect(
      told(
        chart({ shut: { on: { open: [mine, windy] } }, ajar, wide }),
        chart({ shut: { on: { open: [windy, mine] } }, ajar, wide }),
      ),
    ).toEqual(['changed door.shut open[0]: order', 'changed door.shut open[1]: order'])
  })

  it('refuses two different charts, and says so', () => {
    const compare = () => differenceOf(chartModelOf(sessionMachine), chartModelOf(renewalMachine))
    expect(compare).toThrow(OtherChartError)
    expect(compare).toThrow('two charts, “session” and “renewal”')
  })
})

describe('both versions in one chart', () => {
  const inside = { initial: 'bolted', states: { bolted: { on: { unlock: '#door.shut' } }, barred: {} } }
  const before = chart({ shut, locked: inside, ajar: { on: { shut: 'locked' } } })

  it('has what was lost where it was, and what leads to it', () => {
    const { united, transitions } = differenceOf(before, chart({ shut, ajar }))
    expect(united.states.map(({ id }) => id)).toEqual([
      'door',
      'door.shut',
      'door.ajar',
      'door.locked',
      'door.locked.bolted',
      'door.locked.barred',
    ])
    for (const { id } of transitions) expect(united.transitions.map((one) => one.id)).toContain(id)
    // It contradicts itself nowhere, and can be laid out.
    expect(readModel(toJson(united))).toEqual(JSON.parse(JSON.stringify(united)))
  })

  it('has a state that lost all within as one with something within', () => {
    const { united } = differenceOf(before, chart({ shut, locked: {}, ajar: { on: { shut: 'locked' } } }))
    const locked = united.states.find(({ id }) => id === 'door.locked')
    expect(locked?.type).toBe('compound')
    expect(united.states.filter(({ parent }) => parent === 'door.locked')).toHaveLength(2)
    expect(readModel(toJson(united)).states).toHaveLength(6)
  })

  it('has both of two transitions of one name that have nothing in common', () => {
    const now = { shut: { on: { open: { actions: 'ring' } } }, ajar }
    const { transitions, united } = differenceOf(
      chart({ shut: { on: { open: { target: 'ajar', guard: 'isMine', description: 'By its key.' } } }, ajar }),
      chart(now),
    )
    expect(transitions.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'added door.shut open[0]',
      'removed door.shut open[0] before',
    ])
    expect(united.transitions.filter(({ source }) => source === 'door.shut')).toHaveLength(2)
  })
})

describe('the difference as marks', () => {
  const before = chart({
    shut,
    ajar: { initial: 'a', states: { a: { invoke: { src: 'bell', id: 'bell' } }, b: {} }, on: { shut: 'shut' } },
  })
  const after = chart({
    shut,
    ajar: { initial: 'a', states: { a: { entry: 'creak' }, c: {} }, on: { shut: { target: '.c', guard: 'isStuck' } } },
  })
  const difference = differenceOf(before, after)

  it('tells new, gone and changed apart, and a closed state says how much differs within', () => {
    const marks = differenceMarks(difference)
    expect(Object.fromEntries(marks)).toEqual({
      'door.ajar': { tone: 'changed', words: '3 differences within.', text: '3' },
      'door.ajar.a': { tone: 'changed', words: 'on entry: creak, before: nothing. asks: nothing, before: bell.' },
      'door.ajar.b': { tone: 'removed', words: 'Gone.' },
      'door.ajar.c': { tone: 'added', words: 'New.' },
      'door.ajar shut[0]': {
        tone: 'changed',
        words: 'leads to: door.ajar.c, before: door.shut. if: isStuck, before: nothing.',
      },
    })
  })

  it('says in words what a thing is now, and what it was', () => {
    const [change] = differenceOf(
      chart({ shut, ajar }),
      chart({ shut: { on: { open: { target: 'ajar', guard: 'isMine', reenter: true } } }, ajar }),
    ).transitions
    expect(change?.kind === 'changed' && changeInWords(change)).toBe(
      'if: isMine, before: nothing. enters again: yes, before: no.',
    )
  })
})
