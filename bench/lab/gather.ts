import type { BrowserContext, Page } from 'playwright-core'
import type { LaunchedBrowser } from '../../test/support/chromium.ts'
import { makeClockMovable } from '../../scripts/soak/watch.ts'
import type { Lab } from './lab.ts'
import { clientNames, type SeatName } from './pages.ts'
import { Stage, type StageOptions } from './stage.ts'

/** One client whose person is signed in. */
export interface Seat {
  readonly stage: Stage
  readonly context: BrowserContext
  readonly page: Page
}

export interface Gathered {
  readonly seats: readonly Seat[]
  /** Who could not log in, and what happened. */
  readonly cannot: readonly string[]
  stop(): Promise<void>
}

export interface GatherOptions extends Omit<StageOptions, 'name' | 'folder'> {
  /** Besides the clients. */
  readonly more?: readonly SeatName[]
  /** `soakLeap(ms)` in each page moves its clock. */
  readonly movable?: boolean
}

/** Starts every client, each in a browser context of its own, and logs in. */
export async function gather(lab: Lab, browser: LaunchedBrowser, options: GatherOptions = {}): Promise<Gathered> {
  const { more = [], movable = false, ...each } = options
  const seats: Seat[] = []
  const cannot: string[] = []
  for (const name of [...clientNames, ...more]) {
    const stage = await Stage.start({ ...each, name, folder: await lab.page(name) })
    const context = await browser.newContext()
    if (movable) await context.addInitScript(makeClockMovable)
    const page = await stage.open(context)
    try {
      await stage.logIn(page)
      seats.push({ stage, context, page })
    } catch (error) {
      cannot.push(`${name} could not log in at this provider: ${reasonOf(error)}`)
      await context.close()
      await stage.stop()
    }
  }
  return { seats, cannot, stop: async () => void (await Promise.all(seats.map(({ stage }) => stage.stop()))) }
}

/**
 * For who lost a session. Resolves with what happened, if the client could not log in before its storage and cookies were cleared.
 */
export async function logInAgain({ stage, page, context }: Seat): Promise<string | null> {
  try {
    await page.goto(`${stage.origin}/`)
    await stage.logIn(page)
    return null
  } catch (error) {
    const why = reasonOf(error)
    await page.goto(`${stage.origin}/`)
    await page.evaluate(() => {
      localStorage.clear()
      sessionStorage.clear()
    })
    await context.clearCookies()
    await page.goto(`${stage.origin}/`)
    // Who cannot even then has no token at the next expiry either.
    return stage.logIn(page).then(
      () => why,
      (again: unknown) => `${why}, and even then: ${reasonOf(again)}`,
    )
  }
}

/** What the client threw, without Playwright's words around it. */
const reasonOf = (error: unknown): string =>
  (String(error).split('\n')[0] ?? '').replaceAll(/(^Error: )?page\.evaluate: /g, '')
