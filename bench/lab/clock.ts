import type { BrowserContext } from 'playwright-core'
import { makeClockMovable } from '../../scripts/soak/watch.ts'

type Movable = typeof globalThis & { soakLeap(ms: number): void }

/** The provider runs in this process; pages are moved one by one. All clocks are counted from the true time. */
export class MovedClock {
  readonly #real = Date
  #ahead = 0

  constructor() {
    makeClockMovable()
  }

  /** Everybody's clock goes ahead by `ms`, from now on and in pages that open later. */
  async leap(contexts: readonly BrowserContext[], ms: number): Promise<void> {
    this.#ahead += ms
    const move = (to: number): void => (globalThis as Movable).soakLeap(to)
    move(this.#ahead)
    await Promise.all(
      contexts.map(async (context) => {
        await context.addInitScript(move, this.#ahead)
        await Promise.all(context.pages().map((page) => page.evaluate(move, this.#ahead).catch(() => {})))
      }),
    )
  }

  restore(): void {
    globalThis.Date = this.#real
  }
}
