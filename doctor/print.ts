import type { Examination } from './examine.ts'
import { countOf, type Finding, type Verdict } from './finding.ts'
import { wrapped } from './text.ts'

const marks: Readonly<Record<Verdict, { readonly mark: string; readonly colour: number; readonly many: string }>> = {
  problem: { mark: 'PROBLEM', colour: 31, many: 'to mend' },
  warning: { mark: 'warning', colour: 33, many: 'could be better' },
  unknown: { mark: 'unknown', colour: 36, many: 'cannot be told from outside' },
  ok: { mark: 'ok', colour: 32, many: 'fine' },
}

export interface Printout {
  readonly examination: Examination
  /** What the session would be made with; absent where no provider was found. */
  readonly createSession?: Readonly<Record<string, string>>
  /** Of the terminal. */
  readonly columns: number
  readonly isColoured: boolean
}

const indent = 9

/** What a person reads: how it stands, then the worst first, each with what to set; what is fine in a line each. */
export function printed({ examination, createSession, columns, isColoured }: Printout): string {
  const { findings, provider, notes, requests } = examination
  // Longer lines are hard to read, and shorter ones do not hold a heading.
  const width = Math.max(60, Math.min(columns, 100))
  const paint = (codes: string, text: string) => (isColoured ? `\u001b[${codes}m${text}\u001b[0m` : text)
  const dim = (text: string) => paint('2', text)

  const counts = countOf(findings)
  const told = (['problem', 'warning', 'unknown', 'ok'] as const).filter((verdict) => counts[verdict] > 0)
  const [worst = 'ok'] = told
  const summary = `${told.map((verdict) => `${counts[verdict]} ${marks[verdict].many}`).join(', ')}. ${requests} ${requests === 1 ? 'request' : 'requests'}, no login.`
  const head = [
    ...(createSession === undefined
      ? []
      : [`${createSession['authority'] ?? ''}${provider === undefined ? '' : `, which looks like ${provider}`}`]),
    ...wrapped(summary, width).map((line) => paint(`1;${marks[worst].colour}`, line)),
  ]

  /** A block of lines with a word before the first. */
  const block = (label: string, text: string, at: number): string[] =>
    wrapped(text, width - at).map((line, row) => `${(row === 0 ? label : '').padEnd(at)}${line}`)
  const full = ({ id, verdict, title, seen, why, set }: Finding): string[] => {
    const { mark, colour } = marks[verdict]
    const isBad = verdict === 'problem' || verdict === 'warning'
    return [
      '',
      `${paint(`1;${colour}`, mark.padEnd(indent))}${paint('1', title)}  ${dim(id)}`,
      ...block('', seen, indent),
      ...(set === undefined ? [] : block('    Set', set, indent)),
      ...(isBad ? block('    Why', why, indent).map(dim) : []),
    ]
  }

  const fine = findings.filter(({ verdict }) => verdict === 'ok')
  const longest = Math.max(...fine.map(({ title }) => title.length), 0)
  const options = Object.entries(createSession ?? {}).map(([name, value]) => `  ${name}: '${value}',`)
  return [
    ...head,
    ...findings.filter(({ verdict }) => verdict !== 'ok').flatMap(full),
    ...(fine.length === 0 ? [] : ['', paint('1;32', 'Fine')]),
    ...fine.flatMap(({ title, seen }) => block(`  ${title}`, seen, longest + 4)),
    ...(notes.length === 0 ? [] : ['', paint('1', `At ${provider ?? 'this provider'}, not seen from outside`)]),
    ...notes.flatMap((note) => block('', note, 2)),
    ...(counts.problem > 0 || createSession === undefined ? [] : ['', 'createSession({', ...options, '})']),
    '',
  ].join('\n')
}
