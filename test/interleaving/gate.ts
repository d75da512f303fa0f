import type { Scheduler } from 'fast-check'
import { comeToRest, type SteppingClock } from '../../services/memory/index.ts'
import { answerTime, prompt } from './times.ts'

/** Who says what comes next: a scheduler that tries orders, or first come, first served. */
export type Order = Pick<Scheduler, 'schedule' | 'waitNext' | 'count'>

/** A promise that never settles: what a tab that is gone waits for. */
const never = <T>(): Promise<T> => new Promise(() => {})

/** One tab's way to everything that it shares with others: each step waits until the scheduler lets it go. */
export class Gate {
  isOpen = true
  isFrozen = false
  readonly tab: string
  /** Timers of the tab that run. */
  readonly timers = new Set<unknown>()
  readonly #scheduler: Order
  readonly #clock: SteppingClock
  /** What came while the tab was frozen, oldest first. */
  readonly #parked: (() => void)[] = []
  /** When each thing that has not reached the tab yet was sent to it. */
  readonly #underWay = new Set<{ readonly since: number }>()
  #lastLate = -Infinity
  /** What is sent to the tab reaches it after this. */
  #first: Promise<void> = Promise.resolve()

  constructor(scheduler: Order, clock: SteppingClock, tab: string) {
    this.#scheduler = scheduler
    this.#clock = clock
    this.tab = tab
  }

  /** Something of this tab that comes to its end outside of it, whether it is frozen, closed or not. */
  travel(step: string): Promise<void> {
    return this.#scheduler.schedule(Promise.resolve(), `${this.tab}: ${step}`)
  }

  /** Something that the tab itself has to see. */
  async pass(step: string): Promise<void> {
    if (!this.isOpen) return never()
    await this.#first
    await this.#arrive(step)
  }

  /** As `pass`, for what tells the tab of others: messages, and what becomes of its turn. */
  async reach(step: string): Promise<void> {
    await this.#timed(() => this.pass(step))
  }

  /** As `reach`, once `before` has reached the tab; whatever is sent to the tab later does not overtake this. */
  reachFirst(step: string, before: Promise<void>): Promise<void> {
    this.#first = before.then(() => this.#timed(() => this.#arrive(step)))
    return this.#first
  }

  async #arrive(step: string): Promise<void> {
    await this.travel(step)
    if (this.isFrozen) await new Promise<void>((resolve) => this.#parked.push(resolve))
    if (!this.isOpen) return never()
  }

  async #timed(arrive: () => Promise<void>): Promise<void> {
    const way = { since: this.#clock.now() }
    this.#underWay.add(way)
    await arrive()
    this.#underWay.delete(way)
    if (this.#clock.now() - way.since > prompt) this.#lastLate = this.#clock.now()
  }

  /** Was there anything, in the time for an answer, that did not reach the tab in time? */
  get isOutOfReach(): boolean {
    const now = this.#clock.now()
    return now - this.#lastLate <= answerTime || [...this.#underWay].some(({ since }) => now - since > prompt)
  }

  /** Does it when the tab is not frozen. */
  whenAwake(work: () => void): void {
    if (this.isFrozen) this.#parked.push(() => this.isOpen && work())
    else if (this.isOpen) work()
  }

  /** What came meanwhile happens in the order in which it came. */
  async thaw(): Promise<void> {
    this.isFrozen = false
    for (const happen of this.#parked.splice(0)) {
      happen()
      await comeToRest()
    }
  }
}
