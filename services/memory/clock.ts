import { SimulatedClock } from 'xstate'
import { longestDelay } from '../../machines/facts.ts'

/** Microtasks that may follow each other before everything has come to rest; far more than any chain of ours. */
const microtasks = 40

/** More timers than this at one instant are a loop without a pause. */
const mostAtOnce = 200

/** Lets every promise that is settled already take effect. */
export async function comeToRest(): Promise<void> {
  for (let i = 0; i < microtasks; i += 1) await Promise.resolve()
}

/**
 * XState's simulated clock, with two differences: it steps timer by timer (one jump takes one delay of a chain alone), and
 * it fires at once where a browser's timer does: for NaN, negative and too long waits.
 */
export class SteppingClock extends SimulatedClock {
  readonly #due = new Map<number, number>()

  constructor(now: number) {
    super()
    super.set(now)
  }

  override setTimeout(fire: () => void, ms: number): number {
    const wait = ms > 0 && ms <= longestDelay ? ms : 0
    const id = super.setTimeout(() => {
      this.#due.delete(id)
      fire()
    }, wait)
    this.#due.set(id, this.now() + wait)
    return id
  }

  override clearTimeout(id: number): void {
    this.#due.delete(id)
    super.clearTimeout(id)
  }

  /** How long each timer has still to run, in ms, shortest first. */
  waits(): readonly number[] {
    return [...this.#due.values()].map((due) => due - this.now()).toSorted((a, b) => a - b)
  }

  /** Lets time pass, timer by timer, and promises take effect in between. Throws at a loop without a pause. */
  async advance(ms: number): Promise<void> {
    const end = this.now() + ms
    await comeToRest()
    let atOnce = 0
    for (let due = this.#nextDue(); due <= end; due = this.#nextDue()) {
      atOnce = due > this.now() ? 0 : atOnce + 1
      if (atOnce > mostAtOnce) throw new Error('The chart runs in circles: its timers fire again and again at once.')
      this.set(Math.max(due, this.now()))
      await comeToRest()
    }
    this.set(end)
    await comeToRest()
  }

  #nextDue(): number {
    return Math.min(Infinity, ...this.#due.values())
  }
}
