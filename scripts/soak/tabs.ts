import type { BrowserContext, Page } from 'playwright-core'
import type { Demo } from '../demo-server.ts'
import { signInAtProvider } from '../../test/support/person.ts'
import type { Ledger } from './ledger.ts'
import { makeClockMovable, reporter, watchStatus, watchTokens, type Report } from './watch.ts'

/** What one tab has seen, as its own page tells it. */
interface Seen {
  readonly status: string
  /** The longest time without a usable token while a session was there, ms. */
  readonly longestGap: number
}

/** Tabs of one browser, on one session. */
export class Tabs {
  readonly pages: Page[] = []
  #longestGap = 0
  readonly #context: BrowserContext
  readonly #demo: Demo
  readonly #ledger: Ledger
  readonly #names = new WeakMap<Page, string>()
  #opened = 0

  constructor(context: BrowserContext, demo: Demo, ledger: Ledger) {
    this.#context = context
    this.#demo = demo
    this.#ledger = ledger
  }

  async prepare(): Promise<void> {
    await this.#context.exposeBinding(reporter, ({ page }, report: Report) => {
      this.#ledger.note(this.#nameOf(page), report)
    })
    for (const script of [makeClockMovable, watchTokens, watchStatus]) await this.#context.addInitScript(script)
  }

  #nameOf(page: Page): string {
    return this.#names.get(page) ?? 'another window'
  }

  async open(): Promise<Page> {
    const page = await this.#context.newPage()
    this.#names.set(page, `tab ${(this.#opened += 1)}`)
    this.pages.push(page)
    await page.goto(this.#demo.url)
    return page
  }

  /**
   * Every tab stands still for a while: no timer, no answer, nothing of the app runs. Then their clocks say that it is later, and
   * all of them go on at once.
   */
  async sleep(ms: number, leap: () => number): Promise<void> {
    const tabs = await Promise.all(
      this.pages.map(async (page) => ({ page, control: await this.#context.newCDPSession(page) })),
    )
    await Promise.all(tabs.map(({ control }) => control.send('Page.setWebLifecycleState', { state: 'frozen' })))
    await new Promise((done) => setTimeout(done, ms))
    const ahead = leap()
    const setClock = (to: number): void => (globalThis as unknown as { soakLeap(ms: number): void }).soakLeap(to)
    // For what is opened, or loaded anew, from now on.
    await this.#context.addInitScript(setClock, ahead)
    await Promise.all(tabs.map(({ page }) => page.evaluate(setClock, ahead)))
    await Promise.all(tabs.map(({ control }) => control.send('Page.setWebLifecycleState', { state: 'active' })))
    await Promise.all(tabs.map(({ control }) => control.detach()))
  }

  /** As a crash does: without asking the page. */
  async kill(page: Page): Promise<void> {
    await this.look()
    this.#ledger.noteKill(this.#nameOf(page))
    this.pages.splice(this.pages.indexOf(page), 1)
    await page.close({ runBeforeUnload: false })
  }

  /** What every tab shows now. A tab that is just starting shows nothing. */
  async look(): Promise<Seen[]> {
    const all = await Promise.all(
      this.pages.map((page) =>
        page.evaluate(() => (window as unknown as { soak: Seen & { gapSince: number } }).soak).catch(() => null),
      ),
    )
    const seen = all.filter((one) => one !== null)
    for (const { longestGap } of seen) this.#longestGap = Math.max(this.#longestGap, longestGap)
    return seen
  }

  get longestGap(): number {
    return this.#longestGap
  }

  /** Logs in by the first tab; the others follow by themselves. The provider asks for a password the first time only. */
  async logIn(): Promise<void> {
    const page = this.pages[0] ?? (await this.open())
    // Nothing can be clicked in a hidden one.
    await page.bringToFront()
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    const password = page.getByLabel('Password')
    const signedIn = page.locator('.status[data-status=signedIn]')
    await password.or(signedIn).first().waitFor()
    if (await password.isVisible()) await signInAtProvider(page)
    await signedIn.waitFor()
  }
}
