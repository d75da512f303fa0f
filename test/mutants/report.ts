import type { Equivalents } from './equivalent.ts'
import { kinds, type Mutant } from './mutate.ts'
import type { Verdict } from './trial.ts'

type Fate = 'killed' | 'survived' | 'equivalent'

export interface Result {
  readonly killed: number
  readonly survived: number
  readonly equivalent: number
  /** What a person has to see: a table, every survivor in words, and what is wrong with the list of equivalents. */
  readonly text: string
  readonly isGood: boolean
}

/** One equivalent among so many mutants may be; more would say that the tests look away. */
const oneIn = 20

/** What the verdicts come to. `isWhole`: all mutants were tried, so that the list of equivalents can be held against them. */
export function resultOf(
  mutants: readonly Mutant[],
  verdicts: ReadonlyMap<string, Verdict>,
  list: readonly Equivalents[],
  isWhole: boolean,
): Result {
  const reasons = new Map(list.flatMap((one) => one.mutants.map((id) => [id, one.because] as const)))
  const fateOf = ({ id }: Mutant): Fate => {
    if (verdicts.get(id)?.isKilled === true) return 'killed'
    return reasons.has(id) ? 'equivalent' : 'survived'
  }
  const count = (of: readonly Mutant[], fate: Fate) => of.filter((mutant) => fateOf(mutant) === fate).length
  const survivors = mutants.filter((mutant) => fateOf(mutant) === 'survived')
  const equivalent = count(mutants, 'equivalent')
  const wrong = [
    ...staleIn(list, mutants, verdicts, isWhole),
    ...(equivalent * oneIn > mutants.length && isWhole
      ? [`More than one mutant in ${oneIn} is called equivalent: ${equivalent} of ${mutants.length}.`]
      : []),
  ]
  const text = [
    tableOf(mutants, count),
    ...survivors.map(({ id, words }) => `Survived: ${words}\n          ${id}`),
    ...wrong,
  ].join('\n\n')
  return {
    killed: count(mutants, 'killed'),
    survived: survivors.length,
    equivalent,
    text,
    isGood: survivors.length === 0 && wrong.length === 0,
  }
}

function staleIn(
  list: readonly Equivalents[],
  mutants: readonly Mutant[],
  verdicts: ReadonlyMap<string, Verdict>,
  isWhole: boolean,
): string[] {
  const there = new Set(mutants.map(({ id }) => id))
  const seen = new Set<string>()
  return list.flatMap(({ mutants: ids }) =>
    ids.flatMap((id) => {
      const verdict = verdicts.get(id)
      const isTwice = seen.has(id)
      seen.add(id)
      if (isTwice) return [`The list of equivalents names it twice: ${id}`]
      if (verdict?.isKilled === true) return [`Called equivalent, but killed by ${verdict.by}: ${id}`]
      return isWhole && !there.has(id) ? [`Called equivalent, but there is no such mutant: ${id}`] : []
    }),
  )
}

function tableOf(mutants: readonly Mutant[], count: (of: readonly Mutant[], fate: Fate) => number): string {
  const row = (chart: string, kind: string, of: readonly Mutant[]) =>
    [
      chart.padEnd(9),
      kind.padEnd(23),
      ...[of.length, count(of, 'killed'), count(of, 'survived'), count(of, 'equivalent')].map((n) =>
        String(n).padStart(11),
      ),
    ].join('')
  const heading = [
    'chart'.padEnd(9),
    'kind'.padEnd(23),
    ...['made', 'killed', 'survived', 'equivalent'].map((name) => name.padStart(11)),
  ]
  const charts = [...new Set(mutants.map(({ chart }) => chart))]
  const rows = charts.flatMap((chart) =>
    kinds.flatMap((kind) => {
      const of = mutants.filter((mutant) => mutant.chart === chart && mutant.kind === kind)
      return of.length === 0 ? [] : [row(chart, kind, of)]
    }),
  )
  return [heading.join(''), ...rows, row('all', '', mutants)].join('\n')
}
