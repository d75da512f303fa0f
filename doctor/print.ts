import type { Examination } from './examine.ts'
import type { Finding, Verdict } from './finding.ts'

const marks: Readonly<Record<Verdict, { readonly mark: string; readonly colour: number; readonly many: string }>> = {
  problem: { mark: 'PROBLEM', colour: 31, many: 'to mend' },
  warning: { mark: 'warning', colour: 33, many: 'could be better' },
  unknown: { mark: 'unknown', colour: 36, many: 'cannot be told from outside' },
  ok: { mark: 'ok', colour: 32, many: 'fine' },
}

/** What a person reads: the worst first, each with what to set, and the options at the end. */
export function printed({ findings, provider }: Examination, options: object, isColoured: boolean): string {
  const paint = (colour: number, text: string) => (isColoured ? `\u001b[${colour}m${text}\u001b[0m` : text)
  const lineOf = ({ verdict, title, seen, why, set }: Finding) => {
    const { mark, colour } = marks[verdict]
    const lines = [`${paint(colour, mark.padEnd(8))}${title}: ${seen}`]
    if (verdict === 'problem' || verdict === 'warning') lines.push(`        ${paint(2, why)}`)
    if (verdict !== 'ok' && set !== undefined) lines.push(`        Set: ${set}`)
    return lines.join('\n')
  }
  const counts = (['problem', 'warning', 'unknown', 'ok'] as const)
    .map((verdict) => ({ many: marks[verdict].many, count: findings.filter((one) => one.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ many, count }) => `${count} ${many}`)
  const isReached = findings.some(({ id, verdict }) => id === 'discovery.document' && verdict === 'ok')
  const code = Object.entries(options).map(([name, value]) => `  ${name}: '${String(value)}',`)
  return [
    ...(provider === undefined ? [] : [`This looks like ${provider} (docs/providers.md has more).`, '']),
    ...findings.map(lineOf),
    '',
    `${counts.join(', ')}.`,
    ...(isReached ? ['', 'createSession({', ...code, '})'] : []),
    '',
  ].join('\n')
}
