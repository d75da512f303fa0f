import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Elk from 'elkjs/lib/elk.bundled.js'
import type { AnyStateMachine } from 'xstate'
import { accountMachine, renewalMachine, sessionMachine } from '../machines/index.ts'
import { layOut } from '../ui/visualizer/layout/elk.ts'
import type { Words } from '../ui/visualizer/layout/geometry.ts'
import { hashOf } from '../ui/visualizer/layout/hash.ts'
import { chartModelOf, type ChartModel } from '../ui/visualizer/model/chart.ts'
import { fold } from '../ui/visualizer/model/fold.ts'
import { root } from './command.ts'

/** A layout that is shipped: a chart with its states closed, with one of them open, or with all, in either words. */
export interface Shipped {
  /** `session.built`, `session.active.built` (open, the others closed), `session.all.built`. */
  readonly name: string
  readonly model: ChartModel
  readonly words: Words
}

export function shippedLayouts(): readonly Shipped[] {
  const session = chartModelOf(sessionMachine)
  const within = (id: string) => session.states.filter(({ parent }) => parent === id)
  const top = within(session.id)
  const withOpen = (open: string | null) => fold(session, new Set(top.map(({ id }) => id).filter((id) => id !== open)))
  const models = [
    { name: session.id, model: withOpen(null) },
    ...top.filter(({ id }) => within(id).length > 0).map(({ id }) => ({ name: id, model: withOpen(id) })),
    { name: `${session.id}.all`, model: session },
    ...[renewalMachine, accountMachine].map((machine: AnyStateMachine) => ({
      name: machine.id,
      model: chartModelOf(machine),
    })),
  ]
  return (['built', 'experienced'] as const).flatMap((words) =>
    models.map(({ name, model }) => ({ name: `${name}.${words}`, model, words })),
  )
}

export const hashOfShipped = ({ model, words }: Shipped): string => hashOf(model, { words, direction: 'best' })

const folder = join(root, 'ui/visualizer/layouts')

/** The index of all layouts by hash: `ui/visualizer/layouts/index.ts`. */
export const indexOf = (
  all: readonly Shipped[],
): string => `// Made by \`npm run layouts\`: layouts by the hash of what they were made for.
export const layouts: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
${all.map((shipped) => `  '${hashOfShipped(shipped)}': () => import('./${shipped.name}.json'),`).join('\n')}
}
`

/** What is wrong with the layouts that are kept, if they are of other charts than those that run. */
export async function staleLayouts(): Promise<string> {
  const kept = await readFile(join(folder, 'index.ts'), 'utf8')
  return kept === indexOf(shippedLayouts()) ? '' : 'The shipped layouts are of other charts: run `npm run layouts`.\n'
}

/** Lays the shipped charts out, which takes minutes: the result is kept in the repository. With names: those whose name begins so. */
export async function main(args: readonly string[]): Promise<void> {
  const elk = new Elk()
  const all = shippedLayouts()
  await mkdir(folder, { recursive: true })
  for (const shipped of all) {
    const { name, model, words } = shipped
    if (args.length > 0 && !args.some((beginning) => name.startsWith(beginning))) continue
    const started = performance.now()
    const geometry = await layOut(model, elk, {
      words,
      direction: 'best',
      effort: 'best',
      tries: model.states.length > 25 ? 32 : 96,
      patience: Infinity,
    })
    const text = JSON.stringify({ hash: hashOfShipped(shipped), geometry }, (_, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    )
    await writeFile(join(folder, `${name}.json`), `${text}\n`)
    const size = `${Math.round(geometry.width)} × ${Math.round(geometry.height)}`
    console.log(`${name}: ${size}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
  const wanted = new Set(all.map(({ name }) => `${name}.json`))
  for (const file of await readdir(folder))
    if (file.endsWith('.json') && !wanted.has(file)) await rm(join(folder, file))
  await writeFile(join(folder, 'index.ts'), indexOf(all))
}
