import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, logOut, signInAtProvider, watchFaults, type Faults } from '../support/person.ts'

let demo: Demo
let browser: LaunchedBrowser
let context: BrowserContext
let page: Page
let faults: Faults

beforeAll(async () => {
  demo = await startDemo({ mode: 'built', faults: true })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
})
beforeEach(async () => {
  context = await browser.newContext()
  faults = watchFaults(context)
  page = await context.newPage()
})
afterEach(async () => {
  demo.provider.faults.clear()
  await context.close()
})

const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

async function logInByPage(): Promise<void> {
  await page.goto(demo.url)
  await press('Log in')
  await signInAtProvider(page)
}

async function openWindow(): Promise<Page> {
  await page.goto(demo.url)
  const opening = page.waitForEvent('popup')
  await press('Log in in a window')
  const popup = await opening
  await popup.getByLabel('Password').waitFor()
  return popup
}

/** The next answer of the provider arrives with another value. Redirects cannot be routed, so the page finds it changed. */
async function meddle(name: 'state' | 'iss', value: string): Promise<void> {
  await page.addInitScript(
    ([parameter, text]) => {
      const { href, pathname, search } = window.location
      if (pathname !== '/callback' || search === '' || sessionStorage.getItem('meddled') !== null) return
      sessionStorage.setItem('meddled', 'once')
      const changed = new URL(href)
      changed.searchParams.set(parameter, text)
      history.replaceState(null, '', changed)
    },
    [name, value] as const,
  )
}

/** What people read, and have read out to them. */
async function messageOf(title: string): Promise<string> {
  const notice = page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: title })
  await notice.waitFor()
  return (await notice.textContent()) ?? ''
}

/** Presses the button, and logs in; the provider may know the person already. */
async function goOn(): Promise<void> {
  await press('Log in')
  const password = page.getByLabel('Password')
  const signedIn = page.locator('.status output').filter({ hasText: /^Signed in/ })
  await password.or(signedIn).first().waitFor()
  if (await password.isVisible()) await signInAtProvider(page)
  await expectStatus(page, /^Signed in/)
}

interface Case {
  readonly title: string
  readonly text: string
  readonly happen: () => Promise<void>
  /** What has to be done before another login can work. */
  readonly mend?: () => Promise<unknown>
}

test.each<[string, Case]>([
  [
    'the person presses Cancel at the provider',
    {
      title: 'The login was refused',
      text: 'You can try again.',
      async happen() {
        await page.goto(demo.url)
        await press('Log in')
        await press('Cancel')
      },
    },
  ],
  [
    'the browser blocks the window',
    {
      title: 'The browser blocked the login window',
      text: 'log in on this page instead',
      async happen() {
        // As a blocker answers; the one of this browser is turned off for tests.
        await page.addInitScript(() => (window.open = () => null))
        await page.goto(demo.url)
        await press('Log in in a window')
      },
    },
  ],
  [
    'the person closes the window',
    {
      title: 'The login window was closed',
      text: 'Nothing has changed.',
      happen: async () => (await openWindow()).close(),
    },
  ],
  [
    'the window is left open for too long',
    {
      title: 'The login took too long',
      text: 'Try again.',
      async happen() {
        await page.clock.install()
        const closing = (await openWindow()).waitForEvent('close')
        await page.clock.fastForward(11 * 60_000)
        await closing
      },
    },
  ],
  [
    'the person cancels here, while the window is open',
    {
      title: 'Login cancelled',
      text: 'whenever you like',
      async happen() {
        const closing = (await openWindow()).waitForEvent('close')
        await press('Cancel')
        await closing
      },
    },
  ],
  [
    'the answer is to another login (state)',
    {
      title: 'This login answer was used before',
      text: 'Start a new login.',
      async happen() {
        await meddle('state', 'of-somebody-else')
        await logInByPage()
      },
    },
  ],
  [
    'the answer comes from another issuer',
    {
      title: 'Another provider answered',
      text: 'refused',
      async happen() {
        await meddle('iss', 'https://evil.example')
        await logInByPage()
      },
    },
  ],
  [
    'the answer was used before',
    {
      title: 'This login answer was used before',
      text: 'Start a new login.',
      async happen() {
        let callback = ''
        page.on('request', (request) => {
          if (request.isNavigationRequest() && request.url().includes('/callback?')) callback = request.url()
        })
        await page.goto(demo.url)
        await logInByRedirect(page, demo)
        await logOut(page, 'Log out')
        await expectStatus(page, /^You are logged out/)
        await page.goto(callback)
      },
    },
  ],
  [
    'the answer was left lying until its code had expired',
    {
      title: 'This login answer is not valid any more',
      text: 'Start a new login.',
      async happen() {
        demo.provider.faults.add({ endpoint: 'token', kind: 'invalid_grant' })
        await logInByPage()
      },
    },
  ],
  [
    'nobody the app knows has signed the ID token',
    {
      title: 'The login could not be trusted',
      text: 'it was refused',
      async happen() {
        demo.provider.faults.add({ endpoint: 'token', kind: 'id_token', key: 'broken' })
        await logInByPage()
      },
    },
  ],
  [
    'this device’s clock is wrong',
    {
      title: 'The login is out of time',
      text: 'Set the clock right',
      async happen() {
        await page.clock.install({ time: Date.now() + 48 * 3_600_000 })
        await logInByPage()
      },
      mend: () => page.clock.setSystemTime(Date.now()),
    },
  ],
  [
    'the provider is away',
    {
      title: 'The provider does not answer',
      text: 'Look at your connection',
      async happen() {
        await page.goto(demo.url)
        await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
        await demo.stopProvider()
        await press('Log in')
      },
      mend: () => demo.restartProvider(),
    },
  ],
])('P16 %s: the message says so, and the next login works', async (_, { title, text, happen, mend }) => {
  await happen()
  expect(await messageOf(title)).toContain(text)
  expect(new URL(page.url()).search, 'nothing of the answer is left in the address').toBe('')
  await mend?.()
  await goOn()
  expect(await page.getByText(title).count()).toBe(0)
  expect(faults.list).toEqual([])
})

test('P16 an app that logs in by itself again and again is stopped, and a click goes on', async () => {
  let asked = 0
  const authorize = (url: URL): boolean => url.origin === demo.provider.issuer && url.pathname === '/authorize'
  await page.route(authorize, async (route) => {
    asked += 1
    const { searchParams } = new URL(route.request().url())
    const answer = new URLSearchParams({
      error: 'access_denied',
      state: searchParams.get('state') ?? '',
      iss: demo.provider.issuer,
    })
    const back = JSON.stringify(`${searchParams.get('redirect_uri')}?${answer.toString()}`)
    await route.fulfill({ contentType: 'text/html', body: `<script>location.replace(${back})</script>` })
  })
  // Clicks by a script are none to the browser; whatever Playwright evaluates counts as one, so it keeps out of this.
  await page.addInitScript(() => {
    setInterval(() => {
      if (sessionStorage.getItem('calm') === null)
        document.querySelector<HTMLElement>('.welcome .button.primary')?.click()
    }, 50)
  })
  const devTools = await context.newCDPSession(page)
  const inPage = async (expression: string): Promise<unknown> => {
    // A page that is leaving answers nothing.
    const answer = await devTools.send('Runtime.evaluate', { expression, userGesture: false }).catch(() => null)
    return answer?.result.value
  }
  const message = () => inPage("document.querySelector('[role=alert]')?.textContent ?? ''")
  await devTools.send('Page.navigate', { url: demo.url })
  await expect.poll(message, { timeout: 30_000 }).toContain('The login goes in circles')
  // Time for many more rounds.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(await message()).toContain('Log in yourself')
  expect(asked).toBe(3)
  await inPage("sessionStorage.setItem('calm', 'yes')")
  await page.unroute(authorize)
  await goOn()
  expect(faults.list).toEqual([])
})
