import type { Section } from './figures.ts'

/** How a section's figures came about. */
export interface Measured {
  /** ISO 8601, the day. */
  readonly date: string
  readonly machine: string
  readonly rounds: number
  readonly seconds: number
}

export interface MeasuredSection extends Section {
  readonly measured: Measured
}

/** The content of `bench/results.json`. */
export interface Results {
  /** Of what is compared, as bench/package.json pins them. */
  readonly versions: Readonly<Record<string, string>>
  readonly sections: readonly MeasuredSection[]
}

/** The text of `bench/results.json`: six digits are enough, and figures of one cell lie on one line. */
export const textOf = (results: Results): string =>
  `${JSON.stringify(
    results,
    (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value),
    1,
  ).replaceAll(/\[[\s\d.,e+-]+\]/g, (list) => list.replaceAll(/\s+/g, ' '))}\n`

/** What is fresh, and of the rest what was there before, in the order of `names`. */
export function merged(
  before: readonly MeasuredSection[],
  fresh: readonly MeasuredSection[],
  names: readonly string[],
): readonly MeasuredSection[] {
  const find = (sections: readonly MeasuredSection[], name: string) => sections.find((section) => section.name === name)
  return names.flatMap((name) => find(fresh, name) ?? find(before, name) ?? [])
}
