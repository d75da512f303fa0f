import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommand } from '../../bench/lab/command.ts'
import type { Section } from '../../bench/lab/figures.ts'
import type { Lab, Measure } from '../../bench/lab/lab.ts'
import { unknownFigures } from '../../bench/lab/page-text.ts'
import { bench, root } from '../../bench/lab/places.ts'
import { pageNow, readResults } from '../../bench/lab/report.ts'
import { merged, textOf, type MeasuredSection } from '../../bench/lab/results.ts'
import { inMinutes, runMeasures } from '../../bench/lab/run.ts'
import { machine } from '../../bench/measures/machine.ts'
import { measures } from '../../bench/measures/all.ts'
import { spellsOf } from '../../bench/measures/weather/spells.ts'
import { createChance, faults } from '../../scripts/soak/chaos.ts'

const known = ['weight', 'token', 'tabs']

const empty = (name: string): Section => ({ name, title: name, how: '', tables: [], curves: [], cannot: [] })

const labFor = ({ rounds }: Measure): Lab => ({
  page: () => Promise.reject(new Error('this needs no page')),
  rounds,
  moreTabs: [],
  say: () => {},
})

describe('the command line', () => {
  it('means all measurements where none is named, and those that are, in the order of the page', () => {
    expect(readCommand([], known).names).toEqual(known)
    expect(readCommand(['tabs', 'weight'], known).names).toEqual(['weight', 'tabs'])
  })

  it('tells the names where one is unknown', () => {
    expect(() => readCommand(['tab'], known)).toThrow('by the name of tab. There are: weight, token, tabs.')
  })

  it.each([
    [['--rounds', '0'], '--rounds takes a whole number from 1, not "0".'],
    [['--rounds', 'many'], 'not "many"'],
    [['--tabs', '20,x'], '--tabs takes numbers such as 20,50, not "20,x".'],
    [['--speed'], "Unknown option '--speed'"],
  ])('refuses %j in words', (args, words) => {
    expect(() => readCommand(args, known)).toThrow(words)
  })

  it('takes rounds, more tabs and JSON', () => {
    expect(readCommand(['--rounds', '2', '--tabs', '20,50', '--json'], known)).toMatchObject({
      rounds: 2,
      moreTabs: [20, 50],
      json: true,
      page: false,
    })
  })
})

describe('a run', () => {
  const good = (name: string): Measure => ({ name, rounds: 2, run: () => Promise.resolve(empty(name)) })
  const bad: Measure = { name: 'bad', rounds: 1, run: () => Promise.reject(new Error('the browser went away')) }

  it('keeps the other parts where one fails, and names that with its error', async () => {
    const kept: (readonly string[])[] = []
    const said: string[] = []
    const failures = await runMeasures({
      measures: [good('first'), bad, good('last')],
      expected: ({ name }) => (name === 'last' ? 60 : undefined),
      lab: labFor,
      say: (line) => said.push(line),
      keep: (sections) => Promise.resolve(void kept.push(sections.map(({ name }) => name))),
    })
    expect(kept).toEqual([['first'], ['first', 'last']])
    expect(failures).toHaveLength(1)
    expect(failures[0]).toMatchObject({ name: 'bad', why: expect.stringContaining('the browser went away') })
    expect(said.join('\n')).toContain('2 of 3: bad')
    expect(said.at(-1)).toContain('3 of 3: last (0 min 0 s so far, about 1 min 0 s left)')
  })

  it('says of each part when, where, how often and how long', async () => {
    let sections: readonly MeasuredSection[] = []
    await runMeasures({
      measures: [good('first')],
      expected: () => undefined,
      lab: labFor,
      say: () => {},
      keep: (all) => Promise.resolve(void (sections = all)),
    })
    expect(sections[0]?.measured).toMatchObject({ rounds: 2, date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    expect(sections[0]?.measured.machine).toContain(process.versions.node)
  })

  it('leaves what it did not measure as it was, in the order of the page', () => {
    const measured = { date: 'then', machine: 'that', rounds: 1, seconds: 1 }
    const before = known.map((name): MeasuredSection => ({ ...empty(name), measured }))
    const fresh: MeasuredSection = { ...empty('token'), measured: { ...measured, date: 'now' } }
    expect(merged(before, [fresh], known).map((section) => section.measured.date)).toEqual(['then', 'now', 'then'])
    expect(merged([], [fresh], known).map(({ name }) => name)).toEqual(['token'])
    expect(merged([{ ...empty('gone'), measured }], [], known)).toEqual([])
  })

  it('is kept in six digits, with the figures of a cell on one line', () => {
    const measured = { date: 'then', machine: 'that', rounds: 1, seconds: 1 / 3 }
    const table = { title: 't', columns: [], rows: [{ who: 'us', values: { time: [1, 2.123_456_789] } }] }
    const text = textOf({ versions: {}, sections: [{ ...empty('a'), tables: [table], measured }] })
    expect(text).toMatch(/"time": \[ 1, 2\.12346 \]/)
    expect(JSON.parse(text)).toMatchObject({ sections: [{ measured: { seconds: 0.333_333 } }] })
  })

  it('tells time in minutes', () => {
    expect(inMinutes(119.7)).toBe('2 min 0 s')
  })
})

describe('bad weather', () => {
  const spells = spellsOf(faults, createChance(1))

  it('is every fault of the reliability run once, the same for the same seed', () => {
    expect(spells).toEqual(spellsOf(faults, createChance(1)))
    expect(spells).not.toEqual(spellsOf(faults, createChance(2)))
    expect(spells.map(({ fault }) => fault.kind).toSorted()).toEqual(faults.map(({ kind }) => kind).toSorted())
  })

  it.each([
    ['refuses', { kind: 'status', status: 503, body: 'json' }, 'always', 'its time'],
    ['cuts before anything', { kind: 'drop', processed: false }, 'always', 'its time'],
    ['hangs before anything', { kind: 'hang', processed: undefined }, 'always', 'its time'],
    ['hangs after it was processed', { kind: 'hang', processed: true }, 1, 'its time'],
    ['cuts after it was processed', { kind: 'drop', processed: true, partial: undefined }, 1, 0],
    ['is late', { kind: 'delay', processed: true }, 1, 1500],
    ['has no CORS headers', { kind: 'noCors' }, 1, 0],
  ])('%s for so many requests, and keeps a token from everybody for so long', (_, words, count, floor) => {
    const found = spells.filter(({ fault }) =>
      Object.entries(words).every(([name, value]) => Reflect.get(fault, name) === value),
    )
    expect(found.map(({ fault, floor: ms, ms: time }) => [fault.count, ms === time ? 'its time' : ms])).toEqual([
      [count, floor],
    ])
  })
})

describe('what is committed', () => {
  it('docs/benchmarks.md is made of bench/results.json and bench/reading.md', async () => {
    expect(await readFile(join(root, 'docs/benchmarks.md'), 'utf8')).toBe(await pageNow(await readResults()))
  })

  it('every figure in the prose was measured, and none is typed by hand', async () => {
    const prose = await readFile(join(bench, 'reading.md'), 'utf8')
    expect(unknownFigures(prose, (await readResults()).sections)).toEqual([])
    expect(prose.replaceAll(/\{\{[^}]*\}\}/g, '')).not.toMatch(/\d+(\.\d+)? (ms|kB|times|%)/)
  })

  it('every measurement is in the results, with its pictures', async () => {
    const { sections } = await readResults()
    expect(sections.map(({ name }) => name)).toEqual(measures.map(({ name }) => name))
    for (const { file } of sections.flatMap(({ curves }) => curves))
      expect(await readFile(join(root, 'docs/pictures/bench', `${file}.svg`), 'utf8')).toContain('<svg')
  })
})

describe('the quickest measurement', () => {
  it('measures the charts in a process of its own', { timeout: 60_000 }, async () => {
    const section = await machine.run({ ...labFor(machine), rounds: 1 })
    const figures = section.tables[0]?.rows.map(({ values }) => values['figure']) ?? []
    expect(figures).toHaveLength(8)
    for (const figure of figures) expect(figure).toEqual([expect.any(Number)])
    expect(figures.flat().every((value) => Number(value) > 0)).toBe(true)
  })
})
