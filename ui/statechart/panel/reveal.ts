import type { ChartModel } from '../../visualizer/index.ts'
import { closedAtFirst } from '../charts.ts'
import type { View } from '../view.ts'

/** What to change so that this state or transition is looked at: closed states that it is within are opened. */
export function revealing(id: string, model: ChartModel, { closed }: View): Partial<View> {
  const now = closed ?? closedAtFirst(model)
  const [state = id] = id.split(' ')
  const still = now.filter((one) => !state.startsWith(`${one}.`) && (one !== state || !id.includes(' ')))
  return { chart: model.id, at: id, ...(still.length < now.length && { closed: still }) }
}
