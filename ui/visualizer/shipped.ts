import type { Geometry } from './layout/geometry.ts'
import type { ChartModel } from './model/chart.ts'

/** A chart and where everything of it lies. */
export interface ChartDrawing {
  readonly model: ChartModel
  readonly geometry: Geometry
}

/** By name: `session` with all its states closed, `session.active` with that one open, `session.all`, and so on. */
const drawings = {
  session: () => import('./layouts/session.json'),
  'session.checkingStorage': () => import('./layouts/session.checkingStorage.json'),
  'session.askingProvider': () => import('./layouts/session.askingProvider.json'),
  'session.authenticating': () => import('./layouts/session.authenticating.json'),
  'session.active': () => import('./layouts/session.active.json'),
  'session.ending': () => import('./layouts/session.ending.json'),
  'session.all': () => import('./layouts/session.all.json'),
  renewal: () => import('./layouts/renewal.json'),
  account: () => import('./layouts/account.json'),
}

export type DrawingName = keyof typeof drawings
export const drawingNames = Object.keys(drawings) as readonly DrawingName[]
export const isDrawing = (name: string): name is DrawingName => Object.hasOwn(drawings, name)

/** A drawing of Sessionchart's own charts, laid out beforehand by `npm run layouts`; loaded when it is asked for. */
export async function loadDrawing(name: DrawingName): Promise<ChartDrawing> {
  // The compiler reads texts out of JSON, where there are names of a few.
  return (await drawings[name]()).default as unknown as ChartDrawing
}
