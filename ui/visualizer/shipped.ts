import type { Geometry } from './layout/geometry.ts'
import { hashOf, type LayoutChoice } from './layout/hash.ts'
import { layouts } from './layouts/index.ts'
import type { ChartModel } from './model/chart.ts'

/** Where everything of one of Sessionchart's own charts lies, if `npm run layouts` has laid it out so; loaded when it is asked for. */
export async function loadShipped(model: ChartModel, choice: LayoutChoice): Promise<Geometry | null> {
  const load = layouts[hashOf(model, choice)]
  if (load === undefined) return null
  // The compiler reads texts out of JSON, where there are names of a few.
  const { geometry } = (await load()).default as ShippedLayout
  return geometry
}

/** A file of `layouts/`. */
export interface ShippedLayout {
  readonly hash: string
  readonly geometry: Geometry
}
