import type { ChartModel } from '../model/chart.ts'
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

/** 16 hexadecimal digits: FNV-1a by two primes. There is no synchronous hash in a browser, and nobody attacks this one. */
export const hashOfText = (text: string): string => [0x01000193, 0x85ebca6b].map((prime) => hexOf(text, prime)).join('')

function hexOf(text: string, prime: number): string {
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place += 1) hash = Math.imul(hash ^ text.charCodeAt(place), prime)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
