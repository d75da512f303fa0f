import { figure, figureAt, peersAt, tableAt, type Place, type Section } from './figures.ts'

type Sections = readonly Section[]

const creation: Place = { section: 'coming-back', table: 'warm cache', column: 'from creation' }
const calls: Place = { section: 'token', table: 'a usable access token', column: 'calls' }
const third: Place = { section: 'fleet', table: 'the day', column: '3rd' }

/** The figures that the page shows before and after. */
const keys: readonly Place[] = [
  creation,
  { ...creation, column: 'requests until then' },
  { ...creation, table: 'warm cache, CPU slowed 4 times' },
  calls,
  { ...calls, column: 'allocated' },
  { section: 'burst', table: '1 caller', column: 'last answer' },
  { section: 'burst', table: '10,000 callers', column: 'last answer' },
  { section: 'tabs', table: '10 tabs', column: 'token requests an expiry' },
  { section: 'machine', table: 'the charts', column: 'figure', who: 'events through the session chart, a second' },
  { section: 'machine', table: 'the charts', column: 'figure', who: 'memory of one signed-in session, KiB' },
  third,
  { section: 'visualizer', table: 'layout', column: '80 states' },
  { section: 'visualizer', table: 'layout', column: '300 states' },
  { section: 'weight', table: 'without React', column: 'at once' },
  { section: 'weight', table: 'without React', column: 'in all' },
]

function nameOf(place: Place, ...all: readonly Sections[]): string {
  const section = all.flatMap((sections) => sections.find(({ name }) => name === place.section) ?? [])[0]
  const column = all.flatMap(
    (sections) =>
      tableAt(sections, place.section, place.table)?.columns.find(({ name }) => name === place.column) ?? [],
  )[0]
  const unit = column === undefined || column.unit === '' ? '' : `, ${column.unit}`
  return place.who === undefined
    ? `${section?.title ?? place.section}, ${place.table}: ${place.column}${unit}`
    : `${section?.title ?? place.section}: ${place.who}`
}

const best = (sections: Sections, place: Place): string => {
  const column = tableAt(sections, place.section, place.table)?.columns.find(({ name }) => name === place.column)
  if (column === undefined || column.better === 'none') return ''
  const sign = column.better === 'less' ? 1 : -1
  const [first] = peersAt(sections, place).toSorted((a, b) => sign * (a.value - b.value))
  return first === undefined ? '' : `${figure(first.value)} (${first.who})`
}

/** Ours, then and now; with the best peer of the same run beside it, because machines differ. */
export function beforeAndAfter(before: Sections, after: Sections): string {
  const cell = (value: number | undefined): string => (value === undefined ? 'not measured' : figure(value))
  const lines = keys.flatMap((place) => {
    const [then, now] = [figureAt(before, place), figureAt(after, place)]
    if (then === undefined && now === undefined) return []
    const cells = [nameOf(place, after, before), cell(then), best(before, place), cell(now), best(after, place)]
    return [`| ${cells.join(' | ')} |`]
  })
  return ['| ours | before | best peer then | now | best peer now |', '| --- | --: | --: | --: | --: |', ...lines].join(
    '\n',
  )
}
