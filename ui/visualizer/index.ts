// The entry point `sessionchart/visualizer`: charts drawn from the running code.
export { SessionChart, type SessionChartProps } from './chart/session-chart.tsx'
export type { Geometry, Words } from './layout/geometry.ts'
export type { Direction, LayoutChoice } from './layout/hash.ts'
export { useGeometry, type Layout } from './layout/use-geometry.ts'
export { chartModelOf, type ChartModel, type ChartState, type ChartTransition } from './model/chart.ts'
export { fold } from './model/fold.ts'
