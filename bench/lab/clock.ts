import type { BrowserContext, Page } from 'playwright-core'
import { makeClockMovable } from '../../scripts/soak/watch.ts'

type Movable = typeof globalThis & { soakLeap(ms: number): void }

/** What callers in one page got. */
interface Answered {
  /** Until the last one was answered. */
  readonly ms: number
  readonly failed: number
}

/** ms until everybody has heard of a leap. */
const notice = 100

/** The provider runs in this process; pages are moved one by one. All clocks are counted from the true time. */
export class MovedClock {
  readonly #real = Date
  #ahead = 0

  constructor() {
    makeClockMovable()
  }

  /**
   * Everybody's clock goes ahead by `ms`, from now on and in pages that open later; at one moment, because a page whose clock is behind
   * that of another has its clock set back, as far as it can see.
   */
  async leap(contexts: readonly BrowserContext[], ms: number): Promise<void> {
    this.#ahead += ms
    const to = this.#ahead
    await Promise.all(
      contexts.map((context) => context.addInitScript((ahead: number) => (globalThis as Movable).soakLeap(ahead), to)),
    )
    const at = this.#real.now() + notice
    await Promise.all([
      leapAt({ to, at }),
      ...contexts.flatMap((context) =>
        context.pages().map((page) => page.evaluate(leapAt, { to, at }).catch(() => {})),
      ),
    ])
  }

  /** The same in one context, of which each of these pages asks for so many tokens at that moment. */
  async leapAsking(
    context: BrowserContext,
    ms: number,
    pages: readonly Page[],
    callers: number,
  ): Promise<readonly Answered[]> {
    const asking = pages.map((page) => askAtLeap(page, { callers, to: this.#ahead + ms }))
    await this.leap([context], ms)
    return Promise.all(asking)
  }

  restore(): void {
    globalThis.Date = this.#real
  }
}

/** Runs here and in pages. `at`: true epoch ms. */
const leapAt = ({ to, at }: { readonly to: number; readonly at: number }): Promise<void> =>
  new Promise((done) => {
    setTimeout(
      () => {
        ;(globalThis as Movable).soakLeap(to)
        done()
      },
      at - (performance.timeOrigin + performance.now()),
    )
  })

interface Asking {
  readonly callers: number
  readonly to: number
}

/**
 * Has a page ask for tokens at once as soon as its clock has leapt so far ahead. Resolves with how long it took until the last one was
 * answered, ms, and how many were not given; all of them where the client sent the page away.
 */
const askAtLeap = (page: Page, asking: Asking): Promise<Answered> =>
  page
    .evaluate(async ({ callers, to }) => {
      const ahead = () => Date.now() - (performance.timeOrigin + performance.now())
      while (ahead() < to - 1000) await new Promise((done) => setTimeout(done, 1))
      const began = performance.now()
      const answers = await Promise.allSettled(Array.from({ length: callers }, () => window.bench.client.token()))
      return {
        ms: performance.now() - began,
        failed: answers.filter(({ status }) => status === 'rejected').length,
      }
    }, asking)
    .catch(() => ({ ms: Number.NaN, failed: asking.callers }))
