import { parseArgs } from 'node:util'

/** What someone asked for on the command line. */
export interface Command {
  /** Of the measurements; all of them where none was named. */
  readonly names: readonly string[]
  /** Absent: each measurement's own number. */
  readonly rounds: number | undefined
  readonly moreTabs: readonly number[]
  readonly json: boolean
  /** Nothing is measured. */
  readonly page: boolean
  readonly help: boolean
}

const wholeFrom = (text: string, least: number): number | undefined => {
  const value = Number(text)
  return Number.isInteger(value) && value >= least ? value : undefined
}

/** Throws what is wrong, in words for whoever typed it. */
export function readCommand(args: readonly string[], known: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      tabs: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new Error(`There is no measurement by the name of ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  const rounds = values.rounds === undefined ? undefined : wholeFrom(values.rounds, 1)
  if (values.rounds !== undefined && rounds === undefined)
    throw new Error(`--rounds takes a whole number from 1, not "${values.rounds}".`)
  const moreTabs = values.tabs === '' ? [] : values.tabs.split(',').map((text) => wholeFrom(text, 1))
  if (moreTabs.includes(undefined)) throw new Error(`--tabs takes numbers such as 20,50, not "${values.tabs}".`)
  return {
    names: known.filter((name) => positionals.length === 0 || positionals.includes(name)),
    rounds,
    moreTabs: moreTabs.flatMap((count) => count ?? []),
    json: values.json,
    page: values.page,
    help: values.help,
  }
}
