import type { ChartModel } from '../visualizer/index.ts'
import type { View } from './view.ts'

/** What to change so that this state or transition is looked at: closed states that it is within are opened. `now`: those that are closed. */
export function revealing(id: string, model: ChartModel, now: readonly string[]): Partial<View> {
  const [state = id] = id.split(' ')
  const still = now.filter((one) => !state.startsWith(`${one}.`) && (one !== state || !id.includes(' ')))
  return { chart: model.id, at: id, ...(still.length < now.length && { closed: still }) }
}
