import type { ChartModel } from 'sessionchart/visualizer'

/** Draws a chart into an element; resolves when it is in there. */
export type Draw = (model: ChartModel, into: HTMLElement) => Promise<void>
