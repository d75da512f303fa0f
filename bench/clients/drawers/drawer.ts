import type { ChartModel } from 'sessionchart/visualizer'

/** Draws a chart into an element; resolves when it is in there. */
export type Draw = (model: ChartModel, into: HTMLElement) => Promise<void>

export interface DrawerPage {
  /** ms from the beginning of the navigation until the drawing was shown. */
  readonly drawn: Promise<number>
}

declare global {
  interface Window {
    drawer: DrawerPage
  }
}
