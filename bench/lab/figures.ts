/** One row of a table: what was measured of one client, a figure for each column. */
export interface Row {
  readonly who: string
  /** By the column's name: what each round gave; or why there is nothing. */
  readonly values: Readonly<Record<string, readonly number[] | string>>
}

export interface Column {
  readonly name: string
  readonly unit: string
  /** Which is better. `none`: neither, and no ratio is told. */
  readonly better: 'less' | 'more' | 'none'
}

export interface Table {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

export interface Curve {
  /** Of the file, without its ending. */
  readonly file: string
  readonly title: string
  readonly across: string
  readonly up: string
  /** Both axes from the least to the most; `up` from 0. */
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[]
  readonly logarithmic?: boolean
}

/** What a measurement found. */
export interface Section {
  readonly name: string
  readonly title: string
  /** What was done, so that someone could do it again. */
  readonly how: string
  readonly tables: readonly Table[]
  readonly curves: readonly Curve[]
  /** What a client could not do, and what happened. */
  readonly cannot: readonly string[]
}

export const us = 'sessionchart'

/** Neither ours with another option, nor a yardstick in parentheses. */
export const isPeer = (who: string): boolean => !who.startsWith(us) && !who.startsWith('(')

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

export const figure = (value: number): string => {
  if (Number.isNaN(value)) return '–'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1000) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

/** The median, and from the least to the most where they differ. */
export function told(values: readonly number[]): string {
  if (values.length === 0) return '–'
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const middle = figure(median(values))
  return figure(least) === figure(most) ? middle : `${middle} (${figure(least)}–${figure(most)})`
}

/**
 * How many times as good we are as this row: above 1, we are ahead. 0 and Infinity: only one of the two has none at all. Undefined
 * where there is nothing to compare.
 */
export function ratioToUs({ better, name }: Column, ours: Row, row: Row): number | undefined {
  const [mine, theirs] = [ours.values[name], row.values[name]]
  if (better === 'none' || row === ours || mine === undefined || theirs === undefined) return undefined
  if (typeof mine === 'string' || typeof theirs === 'string') return undefined
  const [a, b] = [median(mine), median(theirs)]
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined
  if (a === b) return 1
  return better === 'less' ? b / a : a / b
}

/** Where a figure is found. `who` is us if it is not named. */
export interface Place {
  readonly section: string
  readonly table: string
  readonly column: string
  readonly who?: string
}

/** The median of what lies there; undefined where nothing was measured. */
export function figureAt(
  sections: readonly Section[],
  { section, table, column, who = us }: Place,
): number | undefined {
  const values = tableAt(sections, section, table)?.rows.find((row) => row.who === who)?.values[column]
  return values === undefined || typeof values === 'string' || values.length === 0 ? undefined : median(values)
}

export const tableAt = (sections: readonly Section[], section: string, table: string): Table | undefined =>
  sections.find(({ name }) => name === section)?.tables.find(({ title }) => title === table)

/** What was measured of each peer. */
export function peersAt(sections: readonly Section[], place: Place): readonly { who: string; value: number }[] {
  const rows = tableAt(sections, place.section, place.table)?.rows ?? []
  return rows.flatMap(({ who }) => {
    const value = isPeer(who) ? figureAt(sections, { ...place, who }) : undefined
    return value === undefined ? [] : [{ who, value }]
  })
}
