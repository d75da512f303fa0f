import type { ChartModel } from '../model/chart.ts'
import { hashOfText } from '../model/hash-of-text.ts'
import type { Words } from './geometry.ts'

/** Which way a chart reads; `best`: whichever makes for the better drawing. */
export type Direction = 'DOWN' | 'RIGHT'
export interface LayoutChoice {
  readonly words: Words
  readonly direction: Direction | 'best'
}

/** What a layout is made of: another chart, other words or another direction, another hash (16 hexadecimal digits). */
export function hashOf(model: ChartModel, { words, direction }: LayoutChoice): string {
  return hashOfText(JSON.stringify([model, words, direction]))
}
