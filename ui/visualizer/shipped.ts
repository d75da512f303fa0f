import type { Geometry } from './layout/geometry.ts'
import type { ChartModel } from './model/chart.ts'
import account from './layouts/account.json'
import renewal from './layouts/renewal.json'
import overview from './layouts/session-overview.json'
import session from './layouts/session.json'

interface Shipped {
  readonly model: ChartModel
  readonly geometry: Geometry
}

export type ShippedName = 'session-overview' | 'session' | 'renewal' | 'account'

/** The charts of Sessionchart with their layouts, made by `npm run layouts`. */
export const shippedCharts = {
  'session-overview': overview,
  session,
  renewal,
  account,
  // The compiler reads texts out of JSON, where there are names of a few.
} as unknown as Readonly<Record<ShippedName, Shipped>>
