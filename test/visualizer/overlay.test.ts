import { describe, expect, it } from 'vitest'
import coverage from '../../coverage.json'
import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'
import { coverageMarks, standingsOf, type Coverage } from '../../ui/visualizer/overlay/coverage.ts'
import { lengthInWords } from '../../ui/visualizer/chart/time.ts'
import { heatMarks, heatOf } from '../../ui/visualizer/overlay/heat.ts'
import type { ChartRecord, Situation } from '../../ui/visualizer/recorder/records.ts'

const levels = ['level1', 'level2', 'level3']
const [session, renewal, account] = [sessionMachine, renewalMachine, accountMachine].map((machine) =>
  chartModelOf(machine),
)
if (session === undefined || renewal === undefined || account === undefined) throw new Error('There are three charts.')
// What it does not say of a transition, the compiler takes for something that it says `undefined` of.
const known = coverage as unknown as Coverage

describe('what the tests take of a chart', () => {
  it.each([session, renewal, account])('is told of every transition of $id, as coverage.json counts it', (model) => {
    for (const level of levels) {
      const taken = standingsOf(known, model, [level]).filter(({ missed }) => missed.length === 0)
      const { transitions } = coverage[level as 'level1'][model.id as 'session']
      expect([taken.length, model.transitions.length]).toEqual([transitions.taken, transitions.total])
    }
    const marks = coverageMarks(standingsOf(known, model, levels), model)
    expect(model.transitions.filter(({ id }) => !marks.has(id))).toEqual([])
  })

  it('is good where each level takes it, and says which levels', () => {
    const id = 'renewal.takingTurn.rechecking xstate.done.actor.recheckVault[0]'
    const of = (shown: readonly string[]) => coverageMarks(standingsOf(known, renewal, shown), renewal).get(id)
    expect(of(levels)).toEqual({ tone: 'good', words: 'Taken at levels 1, 2 and 3.' })
    expect(of(['level1', 'level2'])?.words).toBe('Taken at levels 1 and 2.')
    expect(of(['level1'])?.words).toBe('Taken at level 1.')
  })

  it('says why a level does not take a transition, and shows it apart from one that nobody gave a reason for', () => {
    const own: Coverage = {
      transitions: {
        renewal: renewal.transitions.map(({ id }, place) => {
          if (place === 0) return { id, levels: ['level1'], reasons: { level2: 'It cannot be forced.' } }
          return { id, levels: place === 1 ? ['level1'] : ['level1', 'level2'] }
        }),
      },
    }
    const marks = coverageMarks(standingsOf(own, renewal, ['level1', 'level2']), renewal)
    const [reasoned, forgotten, taken] = renewal.transitions.map(({ id }) => marks.get(id))
    expect(reasoned).toEqual({ tone: 'changed', words: 'Taken at level 1. Not at level 2: It cannot be forced.' })
    expect(forgotten).toEqual({ tone: 'poor', words: 'Taken at level 1. Not at level 2: nobody has said why.' })
    expect(taken?.tone).toBe('good')
    expect(marks.get('renewal')).toEqual({
      tone: 'poor',
      words: '34 of 36 transitions are taken at each level.',
      text: '34/36',
    })
    expect(marks.get('renewal.backingOff')?.tone).toBe('good')
  })

  it('knows a transition that the file does not know as one that nothing takes', () => {
    const marks = coverageMarks(standingsOf({ transitions: {} }, renewal, ['level1']), renewal)
    expect(new Set([...marks.values()].map(({ tone }) => tone))).toEqual(new Set(['poor']))
  })
})

describe('how often, in a recording', () => {
  const in_ = (...states: string[]): Situation => ({ states, services: [], waits: [] })
  let number = 0
  const common = (at: number, actor: string) => ({ number: (number += 1), at, actor })
  const stepped = (at: number, actor: string, taken: readonly string[], now: Situation): ChartRecord => ({
    ...common(at, actor),
    kind: 'stepped',
    event: 'e',
    details: {},
    taken,
    asked: [],
    now,
  })
  const started = (at: number, actor: string, chart: string, now: Situation): ChartRecord => ({
    ...common(at, actor),
    kind: 'started',
    chart,
    invokedBy: null,
    now,
  })
  const records: readonly ChartRecord[] = [
    started(0, 'x:0', 'door', in_('door', 'door.shut')),
    started(100, 'x:1', 'bell', in_('bell')),
    stepped(1_000, 'x:0', ['door.shut open[0]'], in_('door', 'door.ajar')),
    stepped(1_500, 'x:1', ['bell ring[0]'], in_('bell')),
    stepped(3_000, 'x:0', ['door.ajar shut[0]'], in_('door', 'door.shut')),
    stepped(3_000, 'x:0', [], in_('door', 'door.shut')),
    stepped(4_000, 'x:0', ['door.shut open[0]'], in_('door', 'door.ajar')),
    { ...common(9_000, 'x:0'), kind: 'ended' },
    started(20_000, 'x:2', 'door', in_('door', 'door.shut')),
    stepped(30_000, 'x:1', [], in_('bell')),
  ]

  it('every transition and every stay is counted, over all runs of the chart and no other', () => {
    const { taken, stays } = heatOf({ base: [], records }, 'door')
    expect([...taken]).toEqual([
      ['door.shut open[0]', 2],
      ['door.ajar shut[0]', 1],
    ])
    expect(Object.fromEntries(stays)).toEqual({
      'door.shut': { times: 3, ms: 1_000 + 1_000 + 10_000 },
      'door.ajar': { times: 2, ms: 2_000 + 5_000 },
      door: { times: 2, ms: 9_000 + 10_000 },
    })
  })

  it('what ran before it counts from where the recording begins', () => {
    const base = [{ actor: 'x:0', chart: 'door', invokedBy: null, at: 400, now: in_('door', 'door.shut'), taken: [] }]
    const { taken, stays } = heatOf({ base, records: records.slice(2, 5) }, 'door')
    expect(taken.get('door.shut open[0]')).toBe(1)
    expect(stays.get('door.shut')).toEqual({ times: 2, ms: 600 })
  })

  it('is told in words and tones', () => {
    const marks = heatMarks(heatOf({ base: [], records }, 'door'), [
      'door',
      'door.ajar',
      'door.shut open[0]',
      'door.shut kick[0]',
    ])
    expect(Object.fromEntries(marks)).toEqual({
      door: { tone: 'high', words: 'Here twice, 19 s in all.', text: '19 s' },
      'door.ajar': { tone: 'high', words: 'Here twice, 7 s in all.', text: '7 s' },
      'door.shut open[0]': { tone: 'high', words: 'Taken twice.', text: '2×' },
      'door.shut kick[0]': { tone: 'none', words: 'Not in this recording.' },
    })
  })

  it('what happened rarely is told from what happened often', () => {
    const often = heatMarks(
      {
        taken: new Map([
          ['a', 1000],
          ['b', 40],
          ['c', 2],
        ]),
        stays: new Map(),
      },
      ['a', 'b', 'c'],
    )
    expect([...often.values()].map(({ tone }) => tone)).toEqual(['high', 'middle', 'low'])
  })

  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [59_000, '59 s'],
    [60_000, '1 min'],
    [250_000, '4 min 10 s'],
    [3_600_000, '1 h'],
    [11_100_000, '3 h 5 min'],
  ])('%d ms are %s', (ms, words) => {
    expect(lengthInWords(ms)).toBe(words)
  })
})
