import { describe, expect, it } from 'vitest'
import { behind } from '../../bench/lab/behind.ts'
import { figureAt, median, ratioToUs, told, type Column, type Section, type Table } from '../../bench/lab/figures.ts'
import { beforeAndAfter } from '../../bench/lab/before-and-after.ts'
import { goalsTable, verdictsOn } from '../../bench/lab/goals.ts'
import { unknownFigures, withFigures } from '../../bench/lab/page-text.ts'
import { drawCurve } from '../../bench/lab/svg.ts'

const less: Column = { name: 'time', unit: 'ms', better: 'less' }
const more: Column = { name: 'calls', unit: 'a second', better: 'more' }

const row = (who: string, time: number[] | string, calls: number[] | string = '') => ({ who, values: { time, calls } })

const sectionOf = (tables: readonly Table[], name = 'race', title = 'A race'): Section => ({
  name,
  title,
  how: '',
  tables,
  curves: [],
  cannot: [],
})

describe('figures', () => {
  it('the median is the one in the middle, or the mean of the two there', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([1, 2, 10, 4])).toBe(3)
    expect(median([])).toBeNaN()
  })

  it('are told with least and most where they differ, as short as they can be', () => {
    expect(told([3])).toBe('3.00')
    expect(told([10, 30, 20])).toBe('20.0 (10.0–30.0)')
    expect(told([1_234_567, 1_234_567])).toBe('1,234,567')
    expect(told([0, 0])).toBe('0')
    expect(told([])).toBe('–')
  })

  it('a ratio above 1 says that we are ahead, whichever is better', () => {
    expect(ratioToUs(less, row('sessionchart', [2]), row('peer', [8]))).toBe(4)
    expect(ratioToUs(more, row('sessionchart', '', [2]), row('peer', '', [8]))).toBe(0.25)
  })

  it('nothing against nothing is equal; a reason, and what is neither better, is not compared', () => {
    const ours = row('sessionchart', [0])
    expect(ratioToUs(less, ours, row('peer', [0]))).toBe(1)
    expect(ratioToUs(less, ours, row('peer', [3]))).toBe(Infinity)
    expect(ratioToUs(less, row('sessionchart', [3]), row('peer', [0]))).toBe(0)
    expect(ratioToUs(less, ours, row('peer', 'could not'))).toBeUndefined()
    expect(ratioToUs({ ...less, better: 'none' }, ours, row('peer', [3]))).toBeUndefined()
    expect(ratioToUs(less, ours, ours)).toBeUndefined()
    expect(ratioToUs(less, ours, row('peer', []))).toBeUndefined()
  })
})

describe('where a peer is ahead', () => {
  it('is one line a column: the worst, where, and who else', () => {
    const section = sectionOf([
      { title: 'warm', columns: [less], rows: [row('sessionchart', [10]), row('swift', [5]), row('quick', [9])] },
      { title: 'cold', columns: [less], rows: [row('sessionchart', [10]), row('swift', [2]), row('slow', [90])] },
    ])
    expect(behind([section])).toBe('- A race, time: swift is 5.00 times as good (cold); also ahead: quick')
  })

  it('says who has none of what we have, and never compares nothing with nothing', () => {
    const some = { title: 'warm', columns: [less], rows: [row('sessionchart', [2]), row('a', [0]), row('b', [0])] }
    expect(behind([sectionOf([some])])).toBe('- A race, time: ours 2.00; none with a, b')
    const none = { title: 'warm', columns: [less], rows: [row('sessionchart', [0]), row('a', [0])] }
    expect(behind([sectionOf([none])])).toBe('In no figure is a peer ahead.')
  })

  it('leaves yardsticks, our own variants and mere noise out', () => {
    const rows = [
      row('sessionchart', [10]),
      row('(a field)', [1]),
      row('sessionchart (local)', [1]),
      row('even', [9.8]),
    ]
    expect(behind([sectionOf([{ title: 'warm', columns: [less], rows }])])).toBe('In no figure is a peer ahead.')
  })

  it('puts the worst first', () => {
    const one = (title: string, theirs: number) =>
      sectionOf(
        [{ title: 't', columns: [less], rows: [row('sessionchart', [10]), row('peer', [theirs])] }],
        title,
        title,
      )
    const lines = behind([one('small', 5), one('large', 1)]).split('\n')
    expect(lines.map((line) => line.slice(2, 7))).toEqual(['large', 'small'])
  })
})

const tokenTable = (ours: number, peer: number, field: number): Section =>
  sectionOf(
    [
      {
        title: 'a usable access token',
        columns: [more],
        rows: [
          row('sessionchart', '', [ours]),
          row('peer', '', [peer]),
          row('(a field behind a promise)', '', [field]),
        ],
      },
    ],
    'token',
    'A token, please',
  )

describe('goals', () => {
  const verdict = (sections: readonly Section[], words: RegExp) => {
    const found = verdictsOn(sections).find(({ goal }) => words.test(goal))
    if (found === undefined) throw new Error(`there is no goal about ${words}`)
    return found
  }

  it('are met, or missed by so much', () => {
    const sections = [tokenTable(4_000_000, 500_000, 8_000_000)]
    expect(verdict(sections, /as a field/)).toMatchObject({ met: false, by: 'a factor of 2.00' })
    expect(verdict(sections, /at least 10 times/)).toMatchObject({ met: false, by: 'a factor of 1.25' })
    expect(verdict([tokenTable(5_000_000, 500_000, 5_000_000)], /at least 10 times/)).toMatchObject({
      met: true,
      by: '',
    })
    expect(goalsTable(sections)).toContain('| 8.00 times peer | missed by a factor of 1.25 |')
  })

  it('about something that has to be none are missed by what there is', () => {
    const column = { name: 'requests until then', unit: '', better: 'less' } as const
    const back = (requests: number): Section =>
      sectionOf(
        [
          {
            title: 'warm cache',
            columns: [column],
            rows: [{ who: 'sessionchart', values: { [column.name]: [requests] } }],
          },
        ],
        'coming-back',
      )
    expect(verdict([back(2)], /no request/)).toMatchObject({ met: false, by: '2.00' })
    expect(verdict([back(0)], /no request/)).toMatchObject({ met: true })
  })

  it('about tabs look at the worst number of tabs', () => {
    const column = { name: 'token requests an expiry', unit: '', better: 'less' } as const
    const tabs = [1, 1, 1.2].map((value, index) => ({
      title: `${index + 1} tabs`,
      columns: [column],
      rows: [{ who: 'sessionchart', values: { [column.name]: [value] } }],
    }))
    expect(verdict([sectionOf(tabs, 'tabs')], /token requests/)).toMatchObject({ met: false, by: 'a factor of 1.20' })
  })

  it('that nothing was measured for say so', () => {
    expect(verdictsOn([]).every(({ met, measured }) => met === null && measured === 'not measured')).toBe(true)
  })

  it('before and after stand side by side, with what was not measured', () => {
    const [before, after] = [tokenTable(1_000, 1, 1), tokenTable(3_000, 1, 1)]
    expect(beforeAndAfter([before], [after])).toContain(
      '| A token, please, a usable access token: calls, a second | 1,000 | 1.00 (peer) | 3,000 | 1.00 (peer) |',
    )
    expect(beforeAndAfter([], [after])).toContain('| not measured |  | 3,000 | 1.00 (peer) |')
  })
})

describe('prose', () => {
  const sections = [tokenTable(4_000, 500, 8_000)]

  it('gets its figures from the results', () => {
    const prose =
      'Ours {{token|a usable access token|sessionchart|calls}}, {{ratio token|a usable access token|peer|calls}} times.'
    expect(withFigures(prose, sections)).toBe('Ours 4,000, 8.00 times.')
    expect(unknownFigures(prose, sections)).toEqual([])
  })

  it('tells the greater one of a ratio, and a dash for what nobody measured', () => {
    expect(withFigures('{{ratio token|a usable access token|(a field behind a promise)|calls}}', sections)).toBe('2.00')
    expect(withFigures('{{token|no such table|sessionchart|calls}}', sections)).toBe('–')
    expect(unknownFigures('{{token|no such table|sessionchart|calls}}', sections)).toHaveLength(1)
    expect(figureAt(sections, { section: 'token', table: 'a usable access token', column: 'none' })).toBeUndefined()
  })
})

describe('pictures', () => {
  it('have a line and a name for everyone', () => {
    const svg = drawCurve({
      file: 'x',
      title: 'Requests <a>',
      across: 'tabs',
      up: 'requests',
      lines: ['one', 'two'].map((name) => ({
        name,
        points: [
          [1, 1],
          [10, 5],
        ],
      })),
    })
    expect(svg.match(/<path /g)).toHaveLength(2)
    expect(svg).toContain('>two</text>')
    expect(svg).toContain('Requests &lt;a>')
    expect(svg).not.toContain('NaN')
  })
})
