import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Elk from 'elkjs/lib/elk.bundled.js'
import type { AnyStateMachine } from 'xstate'
import { accountMachine, renewalMachine, sessionMachine } from '../machines/index.ts'
import { layOut } from '../ui/visualizer/layout/elk.ts'
import { chartModelOf, type ChartModel } from '../ui/visualizer/model/chart.ts'
import { fold } from '../ui/visualizer/model/fold.ts'
import { root } from './command.ts'

/** A drawing that is shipped: a chart with its states closed, with one of them open, or with all. */
export interface Shipped {
  /** `session`, `session.active` (open, the others closed), `session.all`. */
  readonly name: string
  readonly model: ChartModel
}

export function shippedDrawings(): readonly Shipped[] {
  const session = chartModelOf(sessionMachine)
  const within = (id: string) => session.states.filter(({ parent }) => parent === id)
  const top = within(session.id)
  const withOpen = (open: string | null) => fold(session, new Set(top.map(({ id }) => id).filter((id) => id !== open)))
  return [
    { name: session.id, model: withOpen(null) },
    ...top.filter(({ id }) => within(id).length > 0).map(({ id }) => ({ name: id, model: withOpen(id) })),
    { name: `${session.id}.all`, model: session },
    ...[renewalMachine, accountMachine].map((machine: AnyStateMachine) => ({
      name: machine.id,
      model: chartModelOf(machine),
    })),
  ]
}

/** What a layout was made for: another chart, another hash. */
export const hashOf = (model: ChartModel): string =>
  createHash('sha256').update(JSON.stringify(model)).digest('hex').slice(0, 16)

/** Lays the shipped charts out, which takes seconds: the result is kept in the repository. */
export async function main(): Promise<void> {
  const elk = new Elk()
  for (const { name, model } of shippedDrawings()) {
    const started = performance.now()
    const direction = ['session', 'renewal'].includes(name) ? 'RIGHT' : 'DOWN'
    const geometry = await layOut(model, elk, { direction, seeds: 12 })
    const text = JSON.stringify({ hash: hashOf(model), model, geometry }, (_, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    )
    await writeFile(join(root, `ui/visualizer/layouts/${name}.json`), `${text}\n`)
    console.log(
      `${name}: ${Math.round(geometry.width)} × ${Math.round(geometry.height)}, ${((performance.now() - started) / 1000).toFixed(1)} s`,
    )
  }
}
