import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { main as buildPackage } from '../scripts/build-package.ts'
import { runNode, toolOf } from '../scripts/command.ts'
import { runNpm } from '../scripts/pack.ts'
import { readCommand, type Command } from './lab/command.ts'
import type { Measure } from './lab/lab.ts'
import { buildPage, type PageName } from './lab/pages.ts'
import { bench } from './lab/places.ts'
import { readResults, writeReport } from './lab/report.ts'
import { inMinutes, runMeasures } from './lab/run.ts'
import { measures } from './measures/all.ts'

const names = measures.map(({ name }) => name)

const usage = `Measures us and what people would use instead, side by side.

Usage: npm run bench [-- [option…] [name…]]

  name        only these: ${names.join(', ')}
  --rounds N  how often each thing is done, in turn (default: ${measures.map(({ name, rounds }) => `${name} ${rounds}`).join(', ')})
  --tabs N,N  so many tabs, too, such as 20,50
  --json      prints the content of bench/results.json at the end, and all else to the standard error
  --page      measures nothing, and writes the page and its pictures anew from what there is
  --help      shows this

Writes bench/results.json, docs/benchmarks.md and docs/pictures/bench; what is not measured keeps its last figures.`

async function prepare(say: (line: string) => void): Promise<void> {
  if (!existsSync(join(bench, 'node_modules/keycloak-js'))) {
    say('Installing what is compared (bench/package.json)…')
    await runNpm(['ci'], bench)
  }
  await buildPackage()
  const { ok, output } = await runNode([toolOf('@typescript/native', 'tsc'), '--noEmit', '-p', 'bench'])
  if (!ok) throw new Error(`The types of bench/ are wrong:\n${output}`)
}

/** Each page is built once, when it is first wanted. */
function createPages(): (name: PageName) => Promise<string> {
  const built = new Map<PageName, Promise<string>>()
  return (name) => {
    const folder = built.get(name) ?? buildPage(name)
    built.set(name, folder)
    return folder
  }
}

async function measureAll({ names: wanted, rounds, moreTabs }: Command, say: (line: string) => void): Promise<boolean> {
  await prepare(say)
  const { sections: before } = await readResults()
  const roundsOf = (measure: Measure): number => rounds ?? measure.rounds
  const page = createPages()
  const began = performance.now()
  const failures = await runMeasures({
    measures: measures.filter(({ name }) => wanted.includes(name)),
    expected: (measure) => {
      const last = before.find(({ name }) => name === measure.name)?.measured
      return last && (last.seconds * roundsOf(measure)) / last.rounds
    },
    lab: (measure) => ({ page, rounds: roundsOf(measure), moreTabs, say: (line) => say(`  ${line}`) }),
    say,
    keep: async (fresh) => void (await writeReport(fresh, names)),
  })
  say(`\nMeasured in ${inMinutes((performance.now() - began) / 1000)}: see docs/benchmarks.md.`)
  for (const { name, why } of failures) say(`\n${name} failed, and keeps its last figures:\n${why}`)
  return failures.length === 0
}

function commandFrom(args: readonly string[]): Command | null {
  try {
    return readCommand(args, names)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return null
  }
}

export async function main(args: readonly string[]): Promise<void> {
  const command = commandFrom(args)
  if (command === null) {
    process.exitCode = 2
    return
  }
  if (command.help) {
    console.log(usage)
    return
  }
  const { log } = console
  // What programs read on the standard output is the one line at the end.
  if (command.json) console.log = console.error
  try {
    if (command.page) await writeReport([], names)
    else if (!(await measureAll(command, console.log))) process.exitCode = 1
    if (command.json) log(JSON.stringify(await readResults()))
  } finally {
    console.log = log
  }
}
