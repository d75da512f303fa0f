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

/** A drawing that is shipped: a chart, as a whole or with its states closed. */
export interface Shipped {
  readonly name: string
  readonly model: ChartModel
}

export function shippedDrawings(): readonly Shipped[] {
  const whole = (machine: AnyStateMachine) => ({ name: machine.id, model: chartModelOf(machine) })
  const session = chartModelOf(sessionMachine)
  const closed = new Set(session.states.filter(({ parent }) => parent === session.id).map(({ id }) => id))
  return [
    { name: 'session-overview', model: fold(session, closed) },
    ...[sessionMachine, renewalMachine, accountMachine].map(whole),
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
    const direction = name === 'session-overview' ? 'RIGHT' : 'DOWN'
    const geometry = await layOut(model, elk, { direction, seeds: Number(process.env['SEEDS'] ?? 8) })
    const text = JSON.stringify({ hash: hashOf(model), model, geometry }, (_, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    )
    await writeFile(join(root, `ui/visualizer/layouts/${name}.json`), `${text}\n`)
    console.log(`${name}: ${Math.round(geometry.width)} × ${Math.round(geometry.height)}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
}
