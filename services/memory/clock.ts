import { longestDelay } from '../../machines/facts.ts'

/** Microtasks that may follow each other before everything has come to rest; far more than any chain of ours. */
const microtasks = 40

/** More timers than this at one instant are a loop without a pause. */
const mostAtOnce = 200

/** Lets every promise that is settled already take effect. */
export async function comeToRest(): Promise<void> {
  for (let i = 0; i < microtasks; i += 1) await Promise.resolve()
}

interface Timer {
  readonly due: number
  fire(): void
}

/**
 * A clock for `createActor(machine, { clock })` that a test moves on. XState's `SimulatedClock` takes one delay of a chain
 * in a jump, and never ends at a loop without a pause; this one steps timer by timer, lets promises take effect in between,
 * and fires at once where a browser's timer does: for NaN, negative and too long waits.
 */
export class SteppingClock {
  #now: number
  #lastId = 0
  readonly #timers = new Map<number, Timer>()

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  setTimeout(fire: () => void, ms: number): number {
    this.#lastId += 1
    this.#timers.set(this.#lastId, { due: this.#now + (ms > 0 && ms <= longestDelay ? ms : 0), fire })
    return this.#lastId
  }

  clearTimeout(id: number): void {
    this.#timers.delete(id)
  }

  /** How long each timer has still to run, in ms, shortest first. */
  waits(): readonly number[] {
    return this.#inOrder().map(([, { due }]) => due - this.#now)
  }

  /** Lets one timer run out now, whatever the others: by its place among those that run, in the order in which they were set. */
  fire(place: number): void {
    const timer = [...this.#timers][place]
    if (timer === undefined) throw new Error(`There is no timer ${place}; ${this.#timers.size} run.`)
    this.#timers.delete(timer[0])
    timer[1].fire()
  }

  /** Lets time pass, timer by timer. Throws at a loop without a pause. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    let atOnce = 0
    await comeToRest()
    for (let next = this.#inOrder()[0]; next !== undefined && next[1].due <= end; next = this.#inOrder()[0]) {
      const [id, { due, fire }] = next
      atOnce = due > this.#now ? 0 : atOnce + 1
      if (atOnce > mostAtOnce) throw new Error('The chart runs in circles: its timers fire again and again at once.')
      this.#now = due
      this.#timers.delete(id)
      fire()
      await comeToRest()
    }
    this.#now = end
    await comeToRest()
  }

  /** Of those that are due together, the one that was set first comes first. */
  #inOrder() {
    return [...this.#timers].toSorted(([idA, a], [idB, b]) => a.due - b.due || idA - idB)
  }
}
