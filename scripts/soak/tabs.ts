import type { BrowserContext, Page } from 'playwright-core'
import type { Demo } from '../demo-server.ts'
import { signInAtProvider } from '../../test/support/person.ts'

/** What one tab has seen, as its own page tells it. */
interface Seen {
  readonly status: string
  /** The longest time without a usable token while a session was there, ms. */
  readonly longestGap: number
}

/** Runs in the page, before the app: follows what the app shows. */
function watchStatus(): void {
  const seen = { status: 'none', longestGap: 0, gapSince: 0 }
  Object.assign(window, { soak: seen })
  const note = (status: string): void => {
    if (status === seen.status) return
    const now = performance.now()
    if (seen.status === 'reconnecting') seen.longestGap = Math.max(seen.longestGap, now - seen.gapSince)
    if (status === 'reconnecting') seen.gapSince = now
    seen.status = status
  }
  const look = (): void => note(document.querySelector('.status')?.getAttribute('data-status') ?? 'none')
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-status'],
  })
}

/** Tabs of one browser, on one session. */
export class Tabs {
  readonly pages: Page[] = []
  #longestGap = 0
  readonly #context: BrowserContext
  readonly #demo: Demo

  constructor(context: BrowserContext, demo: Demo) {
    this.#context = context
    this.#demo = demo
  }

  async prepare(): Promise<void> {
    await this.#context.addInitScript(watchStatus)
  }

  async open(): Promise<Page> {
    const page = await this.#context.newPage()
    this.pages.push(page)
    await page.goto(this.#demo.url)
    return page
  }

  /** As a crash does: without asking the page. */
  async kill(page: Page): Promise<void> {
    await this.look()
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
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    const password = page.getByLabel('Password')
    const signedIn = page.locator('.status[data-status=signedIn]')
    await password.or(signedIn).first().waitFor()
    if (await password.isVisible()) await signInAtProvider(page)
    await signedIn.waitFor()
  }
}
