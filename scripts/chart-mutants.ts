import { parseArgs } from 'node:util'
import { accountMachine, renewalMachine, sessionMachine } from '../machines/index.ts'
import { equivalents } from '../test/mutants/equivalent.ts'
import { mutantsOf } from '../test/mutants/mutate.ts'
import { judgeAll } from '../test/mutants/pool.ts'
import { resultOf } from '../test/mutants/report.ts'
import type { Verdict } from '../test/mutants/trial.ts'

const usage = `Makes every mutant of the charts (one mistake each) and runs the tests on it that know by themselves what is right.

Usage: npm run chart:mutants -- [option…] [text…]

  text         only mutants whose id contains this: npm run chart:mutants -- session.active.limits
  --killers    tells of each mutant which test was the first to fail
  --workers N  processes that work at the same time (default 2)
  --json       the figures as one JSON object, in the last line
  --help       shows this`

function readFlags(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { killers: flag, json: flag, help: flag, workers: { type: 'string', default: '2' } },
    allowPositionals: true,
  })
  const workers = Number(values.workers)
  if (!Number.isInteger(workers) || workers < 1) throw new Error('--workers takes a whole number from 1. See --help.')
  return { ...values, workers, wanted: positionals }
}

export async function main(args: readonly string[]): Promise<void> {
  let flags
  try {
    flags = readFlags(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
    return
  }
  const { json, help, killers, wanted, workers } = flags
  if (help) return console.log(usage)
  const say = json ? (line: string) => console.error(line) : (line: string) => console.log(line)
  const started = performance.now()
  const mutants = [sessionMachine, renewalMachine, accountMachine]
    .flatMap((machine) => mutantsOf(machine))
    .filter(({ id }) => wanted.length === 0 || wanted.some((text) => id.includes(text)))
  if (mutants.length === 0) {
    console.error(`There is no mutant whose id contains ${wanted.join(' or ')}.`)
    process.exitCode = 1
    return
  }

  const verdicts = new Map<string, Verdict>()
  let left = 0
  const note = (id: string, verdict: Verdict) => {
    verdicts.set(id, verdict)
    if (!verdict.isKilled) left += 1
    if (killers && verdict.isKilled) say(`${id}\n    ${verdict.by}: ${verdict.why.split('\n')[0] ?? ''}`)
    if (verdicts.size % 100 === 0) say(`${verdicts.size} of ${mutants.length} mutants tried, ${left} not killed`)
  }
  const ids = mutants.map(({ id }) => id)
  const tests = await judgeAll(ids, workers, note).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
  })
  if (tests === undefined) {
    process.exitCode = 1
    return
  }
  const { text, isGood, ...figures } = resultOf(mutants, verdicts, equivalents, wanted.length === 0)
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  say(`\n${text}\n\n${tests} tests on ${mutants.length} mutants in ${seconds} s`)
  if (json) console.log(JSON.stringify(figures))
  process.exitCode = isGood ? 0 : 1
}
