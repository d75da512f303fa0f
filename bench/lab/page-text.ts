import { behind } from './behind.ts'
import {
  figure,
  figureAt,
  ratioToUs,
  tableAt,
  told,
  us,
  type Column,
  type Row,
  type Section,
  type Table,
} from './figures.ts'
import { beforeAndAfter } from './before-and-after.ts'
import { goalsTable } from './goals.ts'
import type { Results } from './results.ts'

function cell(column: Column, row: Row, ours: Row | undefined): string {
  const value = row.values[column.name]
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  const ratio = ours === undefined ? undefined : ratioToUs(column, ours, row)
  const compared = ratio === undefined || ratio === 0 || !Number.isFinite(ratio) ? '' : ` · ${figure(ratio)}`
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

/** `said`: what the page says already of who could not do something. */
function sectionOf({ title, how, tables, curves, cannot }: Section, said: Set<string>): string {
  const fresh = cannot.filter((line) => !said.has(line))
  for (const line of fresh) said.add(line)
  return [
    `## ${title}`,
    how,
    ...tables.map(tableOf),
    ...curves.map(({ file, title: words }) => `![${words}](pictures/bench/${file}.svg)`),
    ...(fresh.length === 0 ? [] : [fresh.map((line) => `- ${line}`).join('\n')]),
  ].join('\n\n')
}

const placeholder = /\{\{(ratio )?([^|{}]+)\|([^|{}]+)\|([^|{}]+)\|([^|{}]+)\}\}/g

/**
 * Puts figures into prose: `{{section|table|who|column}}` is a median, `{{ratio section|table|who|column}}` how many times as good we are,
 * or they where it says `ratio` and they are ahead. A dash where nothing was measured.
 */
export const withFigures = (prose: string, sections: readonly Section[]): string =>
  prose.replaceAll(
    placeholder,
    (_, asked: string | undefined, section: string, table: string, who: string, column: string) => {
      const value = figureAt(sections, { section, table, who, column })
      if (asked === undefined || value === undefined) return figure(value ?? Number.NaN)
      const found = tableAt(sections, section, table)
      const [head, ours, theirs] = [
        found?.columns.find(({ name }) => name === column),
        found?.rows.find((row) => row.who === us),
        found?.rows.find((row) => row.who === who),
      ]
      const ratio = head && ours && theirs ? ratioToUs(head, ours, theirs) : undefined
      return ratio === undefined ? '–' : figure(ratio < 1 ? 1 / ratio : ratio)
    },
  )

/** The placeholders for which nothing was measured. */
export const unknownFigures = (prose: string, sections: readonly Section[]): readonly string[] =>
  [...prose.matchAll(placeholder)].map(([text]) => text).filter((text) => withFigures(text, sections) === '–')

function runs({ versions, sections }: Results): string {
  const lines = sections.map(
    ({ title, measured: { date, machine, rounds, seconds } }) =>
      `| ${title} | ${date} | ${machine} | ${rounds} | ${Math.round(seconds)} |`,
  )
  const seconds = sections.reduce((sum, { measured }) => sum + measured.seconds, 0)
  return [
    `Figures are medians of the rounds, with the least and the most; after the dot, how many times as good we are (above 1, we are ahead; nothing where one of the two has none). Names in parentheses are yardsticks, no clients. Machines differ and are noisy: the ratios count.`,
    ['| part | date | machine | rounds | s |', '| --- | --- | --- | --: | --: |', ...lines].join('\n'),
    `In all ${(seconds / 60).toFixed(1)} minutes. Compared: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
  ].join('\n\n')
}

/** The text of `docs/benchmarks.md`. `reading`: of `bench/reading.md`; `before`: what `bench/before.json` keeps. */
export function pageOf(results: Results, before: readonly Section[], beforeDate: string, reading: string): string {
  const { sections } = results
  const said = new Set<string>()
  const [title = '', ...rest] = withFigures(reading.trim(), sections).split('\n## ')
  return `${[
    '<!-- Made by `npm run bench` from bench/results.json and bench/reading.md: change those, and run `npm run bench -- --page`. -->',
    title.trim(),
    '## The goals',
    goalsTable(sections),
    ...rest.map((part) => `## ${part.trim()}`),
    '## Where a peer is ahead',
    behind(sections),
    '## Before and after',
    `What ours was on ${beforeDate} (bench/before.json), and is now.`,
    beforeAndAfter(before, sections),
    ...sections.map((section) => sectionOf(section, said)),
    '## The run',
    runs(results),
  ].join('\n\n')}\n`
}
