// The entry point `sessionchart/visualizer`: charts drawn from the running code.
export { SessionChart, type SessionChartProps } from './chart/session-chart.tsx'
export type { Geometry } from './layout/geometry.ts'
export { chartModelOf, type ChartModel, type ChartState, type ChartTransition } from './model/chart.ts'
export { fold } from './model/fold.ts'
export { drawingNames, isDrawing, loadDrawing, type ChartDrawing, type DrawingName } from './shipped.ts'
