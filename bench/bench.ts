import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { main as buildPackage } from '../scripts/build-package.ts'
import { runNode, toolOf } from '../scripts/command.ts'
import { runNpm } from '../scripts/pack.ts'
import type { Section } from './lab/figures.ts'
import type { Lab, Measure } from './lab/lab.ts'
import { buildPage, type PageName } from './lab/pages.ts'
import { bench } from './lab/places.ts'
import { writeReport } from './lab/report.ts'
import { burst } from './measures/burst.ts'
import { comingBack } from './measures/coming-back.ts'
import { fleet } from './measures/fleet.ts'
import { machine } from './measures/machine.ts'
import { tabs } from './measures/tabs.ts'
import { token } from './measures/token.ts'
import { visualizer } from './measures/visualizer.ts'
import { weather } from './measures/weather.ts'
import { weight } from './measures/weight.ts'

const measures: readonly Measure[] = [weight, comingBack, token, burst, tabs, weather, machine, fleet, visualizer]

const usage = `Measures us and what people would use instead, side by side.

Usage: npm run bench [-- [option…] [name…]]

  name        only these: ${measures.map(({ name }) => name).join(', ')}
  --rounds N  how often each thing is done, in turn (default 5)
  --long      also what takes long: 20 and 50 tabs
  --help      shows this

Writes bench/results.json and docs/benchmarks.md; what is not measured keeps its last figures.`

const minutes = (ms: number): string => `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`

export async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { rounds: { type: 'string' }, long: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  const unknown = positionals.filter((name) => !measures.some((measure) => measure.name === name))
  const rounds = Number(values.rounds ?? 5)
  if (values.help === true || unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    if (unknown.length > 0) console.error(`There is no measurement by the name of ${unknown.join(', ')}.\n`)
    else if (values.help !== true) console.error(`--rounds takes a whole number from 1, not "${values.rounds}".\n`)
    console.log(usage)
    process.exitCode = values.help === true ? 0 : 2
    return
  }
  const wanted = measures.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  if (!existsSync(join(bench, 'node_modules/keycloak-js'))) {
    console.log('Installing what is compared (bench/package.json)…')
    await runNpm(['ci'], bench)
  }
  await buildPackage()
  const { ok, output } = await runNode([toolOf('@typescript/native', 'tsc'), '--noEmit', '-p', 'bench'])
  if (!ok) throw new Error(`The types of bench/ are wrong:\n${output}`)
  const built = new Map<PageName, Promise<string>>()
  const page = (name: PageName): Promise<string> => {
    const folder = built.get(name) ?? buildPage(name)
    built.set(name, folder)
    return folder
  }
  const began = performance.now()
  const sections: Section[] = []
  for (const [index, { name, run }] of wanted.entries()) {
    console.log(`${index + 1} of ${wanted.length}: ${name} (${minutes(performance.now() - began)} so far)`)
    const lab: Lab = { page, rounds, long: values.long ?? false, say: (line) => console.log(`  ${line}`) }
    sections.push(await run(lab))
    // Each by itself: who stops it half way keeps what there is.
    await writeReport(
      sections,
      measures.map((measure) => measure.name),
    )
  }
  console.log(`\nMeasured in ${minutes(performance.now() - began)}: see docs/benchmarks.md.`)
}
