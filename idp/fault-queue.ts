import type { ServerResponse } from 'node:http'
import { problemWith } from './fault-check.ts'
import type { Fault, FaultControl } from './faults.ts'
import type { Endpoint } from './routes.ts'

export interface FaultQueue extends FaultControl {
  take(endpoint: Endpoint, grantType: string | undefined): Fault | undefined
  untilCleared(): Promise<void>
  /** The answers of renewals that are to leave their refresh token as it is. */
  unrotated: WeakSet<ServerResponse>
}

export function createFaultQueue(): FaultQueue {
  let waiting: { fault: Fault; left: number; hits: () => boolean }[] = []
  let added = 0
  const hanging: (() => void)[] = []
  return {
    unrotated: new WeakSet(),
    untilCleared: () => new Promise((resolve) => hanging.push(resolve)),
    add(...faults) {
      const problem = faults.map(problemWith).find((text) => text !== undefined)
      if (problem) throw new TypeError(problem)
      for (const fault of faults) {
        const { count = 1 } = fault
        waiting.push({ fault, left: count === 'always' ? Infinity : count, hits: chanceOf(fault, added++) })
      }
    },
    clear() {
      waiting = []
      added = 0
      for (const release of hanging.splice(0)) release()
    },
    list: () => waiting.map(({ fault, left }) => ({ ...fault, count: left === Infinity ? 'always' : left })),
    take(endpoint, grantType) {
      const hit = waiting.find(
        ({ fault, hits }) =>
          (fault.endpoint === 'any' || fault.endpoint === endpoint) &&
          (fault.grantType === undefined || fault.grantType === grantType) &&
          hits(),
      )
      if (!hit) return undefined
      hit.left -= 1
      if (hit.left <= 0) waiting = waiting.filter((entry) => entry !== hit)
      return hit.fault
    },
  }
}

function chanceOf({ chance, seed }: Fault, position: number): () => boolean {
  if (chance === undefined) return () => true
  // By its position too, or of two faults with one seed the second would only ever see the throws that the first had lost.
  const random = seed === undefined ? Math.random : randomFrom(seed + position * 0x9e3779b9)
  return () => random() < chance
}

/** mulberry32: small, and good enough to throw a coin. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const notEnabled = () => {
  throw new Error('Faults are not enabled: start the provider with { faults: true }')
}
export const noFaults: FaultQueue = {
  add: notEnabled,
  clear: notEnabled,
  list: notEnabled,
  take: () => undefined,
  untilCleared: () => Promise.resolve(),
  unrotated: new WeakSet(),
}
