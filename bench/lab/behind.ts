import { figure, figureAt, isPeer, ratioToUs, us, type Section } from './figures.ts'

interface Lead {
  readonly who: string
  readonly table: string
  /** Below 1: as many times as good as they are, we are. */
  readonly ratio: number
}

/** Less is noise. */
const equal = 0.95

function leadsIn({ tables }: Section, column: string): readonly Lead[] {
  return tables.flatMap(({ title, columns, rows }) => {
    const found = columns.find(({ name }) => name === column)
    const ours = rows.find(({ who }) => who === us)
    if (found === undefined || ours === undefined) return []
    return rows.flatMap((row) => {
      const ratio = isPeer(row.who) ? ratioToUs(found, ours, row) : undefined
      return ratio === undefined || ratio >= equal ? [] : [{ who: row.who, table: title, ratio }]
    })
  })
}

const listed = (names: readonly string[]): string => [...new Set(names)].join(', ')

function told(section: Section, column: string, leads: readonly Lead[]): string {
  const [worst] = leads
  if (worst === undefined) return ''
  const { name, title, tables } = section
  const place = tables.length > 1 ? ` (${worst.table})` : ''
  const others = listed(leads.map(({ who }) => who).filter((who) => who !== worst.who))
  if (worst.ratio === 0) {
    const ours = figureAt([section], { section: name, table: worst.table, column }) ?? Number.NaN
    const none = listed(leads.filter(({ ratio }) => ratio === 0).map(({ who }) => who))
    return `- ${title}, ${column}: ours ${figure(ours)}${place}; none with ${none}`
  }
  const also = others === '' ? '' : `; also ahead: ${others}`
  return `- ${title}, ${column}: ${worst.who} is ${figure(1 / worst.ratio)} times as good${place}${also}`
}

/** One line for each column of a section in which somebody is ahead of us, the worst first. */
export function behind(sections: readonly Section[]): string {
  const found = sections.flatMap((section) =>
    [...new Set(section.tables.flatMap(({ columns }) => columns.map(({ name }) => name)))].flatMap((column) => {
      const leads = leadsIn(section, column).toSorted((a, b) => a.ratio - b.ratio)
      const [worst] = leads
      return worst === undefined ? [] : [{ ratio: worst.ratio, line: told(section, column, leads) }]
    }),
  )
  return found.length === 0
    ? 'In no figure is a peer ahead.'
    : found
        .toSorted((a, b) => a.ratio - b.ratio)
        .map(({ line }) => line)
        .join('\n')
}
