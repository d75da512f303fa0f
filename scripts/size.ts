import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { main as buildPackage } from './build-package.ts'
import { reportLine, root, runNode, toolOf, type Outcome } from './command.ts'
import { bench, installPeers } from './peers.ts'
import { bundle, type Bundle, type Taken } from './size/bundles.ts'
import { ours, peers } from './size/entries.ts'

/** Bytes, gzipped (level 9), each file by itself, as servers send them. */
interface Weight {
  readonly first: number
  readonly later: number
}

/** As size-limit counts them. */
const gzipped = (files: readonly string[]): number =>
  files.reduce((bytes, file) => bytes + gzipSync(readFileSync(file), { level: 9 }).length, 0)

const weigh = ({ first, later }: Bundle): Weight => ({ first: gzipped(first), later: gzipped(later) })

async function weighAll(taken: readonly Taken[], where: string): Promise<ReadonlyMap<string, Weight>> {
  const weights = new Map<string, Weight>()
  for (const each of taken) weights.set(each.name, weigh(await bundle(each, where)))
  return weights
}

/** The budgets of `.size-limit.json`, on bundles of the package as it is built now. */
export async function checkSizes(): Promise<Outcome> {
  const started = performance.now()
  for (const each of ours) await bundle(each, root)
  const { ok, output } = await runNode([toolOf('size-limit', 'size-limit')])
  return { ok, output, seconds: (performance.now() - started) / 1000 }
}

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

function weightOf(weights: ReadonlyMap<string, Weight>, name: string): Weight {
  const weight = weights.get(name)
  if (weight === undefined) throw new Error(`nothing was bundled by the name of ${name}`)
  return weight
}

/** Versions of what is compared, as bench/package.json pins them. */
function versions(): string {
  const { devDependencies } = JSON.parse(readFileSync(join(bench, 'package.json'), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>
  }
  return Object.entries(devDependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}

export async function main(args: readonly string[]): Promise<void> {
  const asJson = args.includes('--json')
  const say = asJson ? () => {} : (line: string) => console.log(line)
  await installPeers()
  if (!asJson) await buildPackage()
  else await silently(buildPackage)
  say('Bundling, by Vite, minified; React and react-dom are not counted…')
  const own = await weighAll(ours, root)
  const others = await weighAll(peers, bench)
  const session = weightOf(own, 'session')
  const react = weightOf(own, 'react')
  const visualizer = weightOf(own, 'visualizer')
  const everything = session.first + session.later
  const total = ({ first, later }: Weight): number => first + later

  say(
    `\n${'gzipped'.padEnd(34)}${'at once'.padStart(10)}${'later'.padStart(10)}${'in all'.padStart(10)}   ours / theirs`,
  )
  const line = (name: string, weight: Weight, ratio = '') =>
    say(
      `${name.padEnd(34)}${kB(weight.first).padStart(10)}${kB(weight.later).padStart(10)}${kB(total(weight)).padStart(10)}${ratio}`,
    )
  line('sessionchart', session)
  line('sessionchart, with /react', react)
  line('sessionchart/visualizer', visualizer)
  say('')
  for (const [name, weight] of others) {
    const mine = /react/.test(name) ? react : session
    line(
      name,
      weight,
      `   ${(total(mine) / total(weight)).toFixed(2)} (at once: ${(mine.first / weight.first).toFixed(2)})`,
    )
  }
  say(`\nCompared: ${versions()}`)
  const { ok, output, seconds } = await runNode([toolOf('size-limit', 'size-limit')])
  say(
    `\nBudgets (.size-limit.json; also in npm run check)\n${output.trimEnd()}\n\n${reportLine(ok, 'size budgets', '', seconds)}`,
  )
  if (asJson) {
    console.log(
      JSON.stringify({
        initial: session.first,
        everything,
        react: total(react),
        visualizer: visualizer.first,
        peers: Object.fromEntries([...others].map(([name, weight]) => [name, total(weight)])),
      }),
    )
  }
  process.exitCode = ok ? 0 : 1
}

/** The last line of standard output is for programs, and should be the only one. */
async function silently(work: () => Promise<void>): Promise<void> {
  const { log } = console
  console.log = () => {}
  try {
    await work()
  } finally {
    console.log = log
  }
}
