import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { ratioToUs, told, type Column, type Row, type Section, type Table } from './figures.ts'
import { bench, root } from './places.ts'
import { drawCurve } from './svg.ts'

export interface Results {
  readonly date: string
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
  readonly sections: readonly Section[]
}

const us = 'sessionchart'
const file = join(bench, 'results.json')

function cell(column: Column, row: Row, ours: Row | undefined): string {
  const value = row.values[column.name]
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  const ratio = ours === undefined ? undefined : ratioToUs(column, ours, row)
  const compared = ratio === undefined || !Number.isFinite(ratio) ? '' : ` · ${ratio.toFixed(2)}`
  return `${told(value)}${compared}`
}

function tableOf({ title, columns, rows }: Table): string {
  const ours = rows.find(({ who }) => who === us)
  const head = columns.map(({ name, unit }) => (unit === '' ? name : `${name}, ${unit}`))
  const lines = rows.map((row) => `| ${[row.who, ...columns.map((column) => cell(column, row, ours))].join(' | ')} |`)
  return [
    `**${title}**`,
    '',
    `| | ${head.join(' | ')} |`,
    `| --- | ${columns.map(() => '--:').join(' | ')} |`,
    ...lines,
  ].join('\n')
}

function sectionOf({ title, how, tables, curves, cannot }: Section): string {
  return [
    `## ${title}`,
    how,
    ...tables.map(tableOf),
    ...curves.map(({ file: name, title: words }) => `![${words}](pictures/bench/${name}.svg)`),
    ...(cannot.length === 0 ? [] : [cannot.map((line) => `- ${line}`).join('\n')]),
  ].join('\n\n')
}

/** Every figure in which somebody is ahead of us, the worst first. */
function behind(sections: readonly Section[]): string {
  const found = sections.flatMap(({ title, tables }) =>
    tables.flatMap((table) => {
      const ours = table.rows.find(({ who }) => who === us)
      if (ours === undefined) return []
      return table.columns.flatMap((column) =>
        table.rows.flatMap((row) => {
          const ratio = ratioToUs(column, ours, row)
          return ratio === undefined || ratio >= 0.95 || row.who.startsWith('(')
            ? []
            : [
                {
                  ratio,
                  line: `- ${title}, ${table.title}, ${column.name}: ${row.who} ${ratio === 0 ? 'has none, and we do' : `is ${(1 / ratio).toFixed(2)} times as good`}`,
                },
              ]
        }),
      )
    }),
  )
  return found.length === 0
    ? 'In no figure of this run is a peer ahead.'
    : found
        .toSorted((a, b) => a.ratio - b.ratio)
        .map(({ line }) => line)
        .join('\n')
}

/** What was measured before, of the measurements that did not run now. */
async function kept(): Promise<readonly Section[]> {
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? [] : (JSON.parse(text) as Results).sections
}

/** Writes `bench/results.json`, `docs/benchmarks.md` and its pictures. `order`: of all measurements, by name. */
export async function writeReport(fresh: readonly Section[], order: readonly string[]): Promise<void> {
  const sections = order.flatMap((name) => fresh.find((section) => section.name === name) ?? [])
  const before = await kept()
  const all = order.flatMap(
    (name) => sections.find((each) => each.name === name) ?? before.find((each) => each.name === name) ?? [],
  )
  const { devDependencies } = JSON.parse(await readFile(join(bench, 'package.json'), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>
  }
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`,
    versions: devDependencies,
    sections: all,
  }
  await writeFile(file, `${JSON.stringify(results, null, 1)}\n`)
  const pictures = join(root, 'docs/pictures/bench')
  await mkdir(pictures, { recursive: true })
  for (const curve of all.flatMap(({ curves }) => curves))
    await writeFile(join(pictures, `${curve.file}.svg`), drawCurve(curve))
  const reading = await readFile(join(bench, 'reading.md'), 'utf8')
  const versions = Object.entries(devDependencies).map(([name, version]) => `${name} ${version}`)
  const page = [
    '<!-- Made by `npm run bench` from bench/results.json and bench/reading.md: change those. -->',
    reading.trim(),
    '## Where a peer is ahead',
    behind(all),
    ...all.map(sectionOf),
    `## The run\n\n${results.date}; ${results.machine}; ${versions.join(', ')}. Figures are medians of the rounds, with the least and the most; after the dot, how many times as good we are (above 1, we are ahead). Machines differ and are noisy: the ratios count.`,
  ].join('\n\n')
  await writeFile(join(root, 'docs/benchmarks.md'), `${page}\n`)
}
