import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startDemo, type Demo, type DemoOptions } from '../../scripts/demo-server.ts'
import { makeClockMovable } from '../../scripts/soak/watch.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, logOut, watchFaults, type Faults } from '../support/person.ts'

let demo: Demo
let browser: LaunchedBrowser
let context: BrowserContext
let faults: Faults

beforeEach(async () => {
  browser = await launchBrowser({ lifelike: true })
  context = browser.context
  faults = watchFaults(context)
})
afterEach(async () => {
  await browser.close()
  await demo.stop()
})

async function openDemo(options: Partial<DemoOptions>): Promise<Page> {
  demo = await startDemo({ mode: 'built', ...options, provider: { keepAlive: false, ...options.provider } })
  return openTab()
}

async function openTab(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(demo.url)
  return page
}

const renewals = () => demo.provider.requests.list({ endpoint: 'token', grantType: 'refresh_token' })

/** The browser lets nothing of this page run, as it does with hidden pages to save power; and lets it run again. */
async function freezer(page: Page): Promise<{ freeze(): Promise<void>; thaw(): Promise<void> }> {
  const control = await context.newCDPSession(page)
  const set = async (state: 'frozen' | 'active') => void (await control.send('Page.setWebLifecycleState', { state }))
  return { freeze: () => set('frozen'), thaw: () => set('active') }
}

describe('P10 a tab that the browser has frozen', () => {
  /** Notes each time that this page takes a lock from whoever has it. */
  function noteSteals(): void {
    // A page that is still empty has none.
    if ((navigator as Partial<Navigator>).locks === undefined) return
    const request = navigator.locks.request.bind(navigator.locks) as (...parts: unknown[]) => Promise<unknown>
    Object.assign(window, { steals: 0 })
    navigator.locks.request = (...parts: unknown[]) => {
      const [, options] = parts as [string, LockOptions | undefined]
      if (options?.steal === true) (window as unknown as { steals: number }).steals += 1
      return request(...parts)
    }
  }
  const stealsOf = (page: Page) => page.evaluate(() => (window as unknown as { steals: number }).steals)
  const hasTurn = (page: Page) =>
    page.evaluate(async () => {
      const { held = [] } = await navigator.locks.query()
      return held.some(({ name }) => name?.startsWith('sessionchart|') === true)
    })

  test('is overruled while it has the turn, and when it thaws nothing is spent twice and nobody is signed out', async () => {
    await context.addInitScript(noteSteals)
    const one = await openDemo({ tokenLifetime: 10, faults: true })
    await logInByRedirect(one, demo)
    const atOne = await freezer(one)
    // This one takes the turn, and then waits for the discovery document before it can spend anything.
    demo.provider.faults.add({ endpoint: 'discovery', kind: 'hang', count: 'always' })
    const holder = await openTab()
    await expectStatus(holder, /^Signed in/)
    const atHolder = await freezer(holder)
    await atOne.freeze()
    await expect.poll(() => hasTurn(holder), { timeout: 15_000 }).toBe(true)
    await atHolder.freeze()
    expect(renewals()).toEqual([])
    await atOne.thaw()
    await one.bringToFront()

    await expectStatus(one, /^Reconnecting/)
    await expect.poll(() => renewals().length, { timeout: 30_000 }).toBe(1)
    await expectStatus(one, /^Signed in/)
    expect([await stealsOf(one), await stealsOf(holder)]).toEqual([1, 0])

    demo.provider.faults.clear()
    await atHolder.thaw()
    await expectStatus(holder, /^Signed in/)
    await expect.poll(() => renewals().length, { timeout: 30_000 }).toBeGreaterThan(2)
    await expectStatus(one, /^Signed in/)
    await expectStatus(holder, /^Signed in/)
    expect(renewals().filter(({ reuse, error }) => reuse === true || error !== undefined)).toEqual([])
    expect(faults.list).toEqual([])
  })
})

test('P11 an app listens for "resume" where Chromium tells of it: at the document alone', async () => {
  await context.addInitScript(() => {
    const [told, listening]: [string[], string[]] = [[], []]
    for (const [name, target] of Object.entries({ window, document })) {
      target.addEventListener('resume', () => told.push(name))
      const add = target.addEventListener.bind(target) as (...parts: unknown[]) => void
      target.addEventListener = (...parts: unknown[]) => {
        if (parts[0] === 'resume') listening.push(name)
        add(...parts)
      }
    }
    Object.assign(window, { resumes: { told, listening } })
  })
  const page = await openDemo({})
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
  const { freeze, thaw } = await freezer(page)
  await freeze()
  await thaw()
  const resumes = () =>
    page.evaluate(() => (window as unknown as { resumes: { told: string[]; listening: string[] } }).resumes)
  await expect.poll(async () => (await resumes()).told, { timeout: 15_000 }).toEqual(['document'])
  expect([...new Set((await resumes()).listening)]).toEqual(['document'])
})

describe('P6 hours asleep', () => {
  const trueDate = Date
  afterEach(() => {
    globalThis.Date = trueDate
  })

  test('all tabs stand still, wake up at once, reconnect, and renew once', async () => {
    await context.addInitScript(makeClockMovable)
    makeClockMovable()
    const setClock = (ahead: number): void => (globalThis as unknown as { soakLeap(ms: number): void }).soakLeap(ahead)
    const one = await openDemo({ tokenLifetime: 8, config: { idleTimeout: 24 * 3600 } })
    await logInByRedirect(one, demo)
    const tabs = [one, await openTab(), await openTab()]
    for (const tab of tabs) await expectStatus(tab, /^Signed in/)
    const freezers = await Promise.all(tabs.map(freezer))
    for (const { freeze } of freezers) await freeze()
    const before = renewals().length
    // Longer in truth than an access token lives; then clocks of pages and provider say that hours have passed.
    await new Promise((done) => setTimeout(done, 9_000))
    expect(renewals().length, 'frozen tabs do nothing').toBe(before)
    setClock(5 * 3_600_000)
    for (const tab of tabs) await tab.evaluate(setClock, 5 * 3_600_000)
    await Promise.all(freezers.map(({ thaw }) => thaw()))
    await expect.poll(() => renewals().length, { timeout: 15_000 }).toBe(before + 1)
    for (const tab of tabs) await expectStatus(tab, /^Signed in/)
    expect(renewals().length).toBe(before + 1)
    expect(renewals().filter(({ error }) => error !== undefined)).toEqual([])
    expect(faults.list).toEqual([])
  })
})

describe('a page that the browser keeps for the back button', () => {
  interface Kept {
    /** False: it was loaded anew. */
    readonly isTheSame: boolean
    /** What its status said from the moment on in which it came back. */
    readonly shown: readonly string[]
  }
  const words = '.status output'
  const ofAlice = /Alice|Liddell|alice@/

  /** Leaves for another site, and comes back by the back button after what happens meanwhile. */
  async function leaveAndComeBack(page: Page, meanwhile: () => Promise<void>): Promise<() => Promise<Kept>> {
    await page.evaluate((selector) => {
      window.addEventListener('pageshow', ({ persisted }) => {
        const shown: string[] = []
        const look = (): void => {
          const text = document.querySelector(selector)?.textContent ?? ''
          if (shown.at(-1) !== text) shown.push(text)
        }
        new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
        look()
        Object.assign(window, { kept: { isTheSame: persisted, shown } })
      })
    }, words)
    await page.goto(`${demo.provider.issuer}/`)
    await meanwhile()
    await page.goBack({ waitUntil: 'commit' })
    return () => page.evaluate(() => (window as unknown as { kept?: Kept }).kept ?? { isTheSame: false, shown: [] })
  }

  test('P11 P12 knows at once of a logout in another tab, and shows nothing of the session', async () => {
    const page = await openDemo({})
    await logInByRedirect(page, demo)
    await page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
    const kept = await leaveAndComeBack(page, async () => {
      const other = await openTab()
      await other.bringToFront()
      await expectStatus(other, /^Signed in/)
      await logOut(other, 'Log out')
      await expectStatus(other, /^You are logged out/)
      await other.close()
    })
    await expectStatus(page, /^You are logged out/)
    expect(await page.locator('body').innerText()).not.toMatch(ofAlice)
    // Chromium starts a kept page anew when a message between tabs came for it: nothing of before was shown for a moment.
    expect(await kept()).toEqual({ isTheSame: false, shown: [] })
    expect(faults.list).toEqual([])
  })

  test('P6 P8 reconnects at once when its access token has expired meanwhile, and is signed in again', async () => {
    const page = await openDemo({ tokenLifetime: 5 })
    await logInByRedirect(page, demo)
    let before = 0
    const kept = await leaveAndComeBack(page, async () => {
      before = renewals().length
      await new Promise((done) => setTimeout(done, 6_000))
      expect(renewals().length, 'a page that is kept does nothing').toBe(before)
    })
    await expect.poll(() => renewals().length, { timeout: 15_000 }).toBeGreaterThan(before)
    await expectStatus(page, /^Signed in/)
    const { isTheSame, shown } = await kept()
    expect(isTheSame).toBe(true)
    expect(shown).toEqual([expect.stringMatching(/^Reconnecting/), expect.stringMatching(/^Signed in/)])
    expect(renewals().filter(({ error }) => error !== undefined)).toEqual([])
    expect(faults.list).toEqual([])
  })

  test.each(['Log out', 'Log out of the provider as well'] as const)(
    'P12 the back button after "%s" shows nothing of the session',
    async (way) => {
      const page = await openDemo({})
      await logInByRedirect(page, demo)
      await page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
      await page.goto(`${demo.provider.issuer}/`)
      await page.goto(demo.url)
      await expectStatus(page, /^Signed in/)
      expect(await page.locator('body').innerText()).toMatch(ofAlice)
      await logOut(page, way)
      await expectStatus(page, /^You are logged out/)
      if (way === 'Log out') await page.goto(`${demo.provider.issuer}/`)
      // As far as the history goes, within the app.
      let seen = 0
      for (let step = 0; step < 8; step += 1) {
        await page.goBack({ waitUntil: 'commit', timeout: 3_000 }).catch(() => {})
        if (!page.url().startsWith(demo.url)) continue
        seen += 1
        await expectStatus(page, /^You are logged out/)
        expect(await page.locator('body').innerText()).not.toMatch(ofAlice)
      }
      expect(seen).toBeGreaterThan(1)
      expect(faults.list).toEqual([])
    },
  )
})
