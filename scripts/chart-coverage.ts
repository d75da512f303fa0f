import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { catalogueOf } from '../test/model/catalogue.ts'
import { chartNames, charts, type ChartName } from '../test/model/charts/index.ts'
import { allOfChart, countsOf, type Counts, type Coverage } from '../test/model/coverage.ts'
import { totalOf } from '../test/model/level1.ts'
import { root } from './command.ts'
import { levels, type LevelName } from './chart-coverage/levels.ts'

const usage = `Takes the charts along generated paths, and counts what the running actors did, by their microsteps.

Usage: npm run chart:coverage -- [option…]

  --level N    only this level, 1 to 3; may be given again (default: all)
               1: the real charts on scripted services; 2: the real services and a real provider; 3: the demo in Chromium
  --all        at level 3 every path, not only those that cover what a person can see (some 15 minutes)
  --json       the figures as one JSON object, in the last line
  --help       shows this

All levels together are written to coverage.json, with the transitions by name.`

type Figures = Partial<Record<LevelName, Record<ChartName, Counts>>>

/** What `coverage.json` says of one transition. */
interface Shown {
  readonly id: string
  /** The levels that took it. */
  readonly levels: readonly LevelName[]
  /** Why another level cannot take it. */
  readonly reasons?: Partial<Record<LevelName, string>>
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      level: { type: 'string', multiple: true },
      all: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) return console.log(usage)
  const wanted = (values.level ?? ['1', '2', '3']).map((number) => {
    const name = `level${number}`
    if (!isLevel(name)) throw new Error(`--level takes 1, 2 or 3, not "${number}". See --help.`)
    return name
  })
  const totals = Object.fromEntries(
    chartNames.map((name) => [name, { ...totalOf(charts[name]), ...allOfChart(charts[name].machine()) }]),
  ) as Record<ChartName, Coverage>
  const figures: Figures = {}
  const taken: Partial<Record<LevelName, Record<ChartName, Coverage>>> = {}
  for (const name of wanted) {
    const { title, run } = levels[name]
    const started = performance.now()
    console.log(`${title}…`)
    const { faults, ...shown } = await run({ all: values.all === true, tell: (line) => console.log(`  ${line}`) })
    taken[name] = shown
    const counts = Object.fromEntries(chartNames.map((chart) => [chart, countsOf(totals[chart], shown[chart])]))
    figures[name] = counts as Record<ChartName, Counts>
    console.log(tableOf(figures[name]))
    if (faults.length > 0) console.error(`The charts and their models part:\n\n${faults.join('\n\n')}\n`)
    if (faults.length > 0) process.exitCode = 1
    console.log(`  in ${((performance.now() - started) / 1000).toFixed(0)} s\n`)
  }
  if (wanted.length === Object.keys(levels).length) {
    const transitions = Object.fromEntries(chartNames.map((chart) => [chart, shownOf(chart, taken)]))
    await writeFile(join(root, 'coverage.json'), `${JSON.stringify({ ...figures, transitions }, null, 1)}\n`)
    console.log('Written: coverage.json')
  }
  if (values.json === true) console.log(JSON.stringify(figures))
}

const isLevel = (name: string): name is LevelName => Object.hasOwn(levels, name)

function shownOf(chart: ChartName, taken: Partial<Record<LevelName, Record<ChartName, Coverage>>>): readonly Shown[] {
  const names = Object.keys(levels).filter(isLevel)
  return catalogueOf(charts[chart].machine()).map(({ id }) => {
    const by = names.filter((name) => taken[name]?.[chart].transitions.has(id))
    const reasons = names.flatMap((name) => {
      const reason = by.includes(name) ? undefined : levels[name].reasonOf(id)
      return reason === undefined ? [] : [[name, reason] as const]
    })
    return { id, levels: by, ...(reasons.length === 0 ? {} : { reasons: Object.fromEntries(reasons) }) }
  })
}

const columns = [
  ['transitions', 'transitions'],
  ['guards', 'guard sides'],
  ['configurationEvents', 'events in configurations'],
  ['pairs', 'pairs of transitions'],
] as const

function tableOf(counts: Record<ChartName, Counts>): string {
  const rows = chartNames.map((chart) => [
    chart,
    ...columns.map(([of]) => {
      const { taken, total } = counts[chart][of]
      return `${taken}/${total} ${((100 * taken) / total).toFixed(1)} %`
    }),
  ])
  const all = [['', ...columns.map(([, title]) => title)], ...rows]
  const widths = all[0]?.map((_, place) => Math.max(...all.map((row) => row[place]?.length ?? 0))) ?? []
  return all
    .map((row) => `  ${row.map((cell, place) => cell.padEnd((widths[place] ?? 0) + 3)).join('')}`.trimEnd())
    .join('\n')
}
