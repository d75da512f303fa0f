import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stepNames, type Journey, type StepName } from './journey.ts'

/** By provider. */
export type Journeys = Readonly<Record<string, Journey>>

const short = (journey: Journey, step: StepName): string => journey[step].result.replace(/:.*/s, '')

/** Steps down, providers across, then what is to be said about each cell. */
export function tableOf(journeys: Journeys): string {
  const providers = Object.entries(journeys)
  const first = Math.max(...stepNames.map(({ length }) => length))
  const width = Math.max(...providers.map(([name]) => name.length), 'unsupported'.length)
  const line = (head: string, cells: readonly string[]): string =>
    [head.padEnd(first), ...cells.map((cell) => cell.padEnd(width))].join('   ').trimEnd()
  const rows = stepNames.map((step) =>
    line(
      step,
      providers.map(([, journey]) => short(journey, step)),
    ),
  )
  const head = line(
    '',
    providers.map(([name]) => name),
  )
  return [head, ...rows, ...providers.map(notesOf)].join('\n')
}

function notesOf([name, journey]: readonly [string, Journey]): string {
  const notes = stepNames.filter((step) => journey[step].remark !== '')
  const width = Math.max(...notes.map(({ length }) => length))
  const lines = notes.map((step) => `  ${step.padEnd(width)}   ${short(journey, step)}: ${journey[step].remark}`)
  return [`\n${name}`, ...lines].join('\n')
}

/** `{ "PROVIDER": { "STEP": "ok" | "unsupported" | "failed: …" } }`. */
export const jsonOf = (journeys: Journeys): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(journeys).map(([name, journey]) => [
        name,
        Object.fromEntries(stepNames.map((step) => [step, journey[step].result])),
      ]),
    ),
  )

export const hasFailed = (journeys: Journeys): boolean =>
  Object.values(journeys).some((journey) => stepNames.some((step) => journey[step].result.startsWith('failed')))

/** Where the table in docs/providers.md says something else than a journey found; one line each. */
export function notAsInDocs(journeys: Journeys): string[] {
  const page = readFileSync(join(import.meta.dirname, '../../docs/providers.md'), 'utf8')
  const cells = (line: string): readonly string[] => line.split('|').map((cell) => cell.trim())
  const rows = page.split('\n').filter((line) => line.startsWith('| '))
  const head = cells(rows.find((line) => line.startsWith('| step ')) ?? '')
  return Object.entries(journeys).flatMap(([name, journey]) => {
    const column = head.findIndex((cell) => cell.includes(name))
    return stepNames.flatMap((step) => {
      const { result, remark } = journey[step]
      const said = rows.map(cells).find((row) => row[1] === step)?.[column] ?? 'nothing'
      // Of a logout that lacks something its stages are told.
      const isSo = said.startsWith('`')
        ? result === 'ok' && remark.endsWith(said.slice(1, -1))
        : said.startsWith(result)
      return isSo ? [] : [`docs/providers.md says "${said}" of ${step} at ${name}, which is ${result}: ${remark}`]
    })
  })
}
