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
  expect(faults.list).toEqual([])
})

const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

/** A message that people read, one way or another aloud. */
async function expectMessage(title: string, text: string): Promise<void> {
  const notice = page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: title })
  await notice.waitFor()
  expect(await notice.textContent()).toContain(text)
  expect(new URL(page.url()).search, 'nothing of the answer is left in the address').toBe('')
}

/** The message is no dead end: the next login works, and the message is gone. */
async function goOn(title: string): Promise<void> {
  await press('Log in')
  const password = page.getByLabel('Password')
  const signedIn = page.locator('.status output').filter({ hasText: /^Signed in/ })
  await password.or(signedIn).first().waitFor()
  if (await password.isVisible()) await signInAtProvider(page)
  await expectStatus(page, /^Signed in/)
  expect(await page.getByText(title).count()).toBe(0)
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

async function logInAndFail(): Promise<void> {
  await page.goto(demo.url)
  await press('Log in')
  await signInAtProvider(page)
}

test('denied: the person presses Cancel', async () => {
  await page.goto(demo.url)
  await press('Log in')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expectMessage('The login was refused', 'You can try again.')
  await goOn('The login was refused')
})

test('P16 the browser blocks the window', async () => {
  // As a blocker answers; the one of this browser is turned off for tests.
  await page.addInitScript(() => (window.open = () => null))
  await page.goto(demo.url)
  await press('Log in in a window')
  await expectMessage('The browser blocked the login window', 'log in on this page instead')
  await goOn('The browser blocked the login window')
})

test('P16 the person closes the window', async () => {
  await page.goto(demo.url)
  const opening = page.waitForEvent('popup')
  await press('Log in in a window')
  const popup = await opening
  await popup.getByLabel('Password').waitFor()
  await popup.close()
  await expectMessage('The login window was closed', 'Nothing has changed.')
  await goOn('The login window was closed')
})

test('P16 the window is left open for too long', async () => {
  await page.clock.install()
  await page.goto(demo.url)
  const opening = page.waitForEvent('popup')
  await press('Log in in a window')
  const popup = await opening
  await popup.getByLabel('Password').waitFor()
  const closing = popup.waitForEvent('close')
  await page.clock.fastForward(11 * 60_000)
  await expectMessage('The login took too long', 'Try again.')
  await closing
  await goOn('The login took too long')
})

test('the person cancels here, while the window is open', async () => {
  await page.goto(demo.url)
  const opening = page.waitForEvent('popup')
  await press('Log in in a window')
  const popup = await opening
  await popup.getByLabel('Password').waitFor()
  const closing = popup.waitForEvent('close')
  await press('Cancel')
  await expectMessage('Login cancelled', 'whenever you like')
  await closing
  await goOn('Login cancelled')
})

test('P16 the answer is to another login (state)', async () => {
  await meddle('state', 'of-somebody-else')
  await logInAndFail()
  await expectMessage('This login answer was used before', 'Start a new login.')
  await goOn('This login answer was used before')
})

test('P14 the answer comes from another issuer', async () => {
  await meddle('iss', 'https://evil.example')
  await logInAndFail()
  await expectMessage('Another provider answered', 'refused')
  await goOn('Another provider answered')
})

test('P15 the answer was used before', async () => {
  let callback = ''
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.url().includes('/callback?')) callback = request.url()
  })
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  await logOut(page, 'Log out')
  await expectStatus(page, /^You are logged out/)
  await page.goto(callback)
  await expectMessage('This login answer was used before', 'Start a new login.')
  await goOn('This login answer was used before')
})

test('P15 the answer was left lying until its code had expired', async () => {
  demo.provider.faults.add({ endpoint: 'token', kind: 'invalid_grant' })
  await logInAndFail()
  await expectMessage('This login answer is not valid any more', 'Start a new login.')
  await goOn('This login answer is not valid any more')
})

test('P14 the ID token is refused: nobody the app knows has signed it', async () => {
  demo.provider.faults.add({ endpoint: 'token', kind: 'id_token', key: 'broken' })
  await logInAndFail()
  await expectMessage('The login could not be trusted', 'it was refused')
  await goOn('The login could not be trusted')
})

test('P14 this device’s clock is wrong', async () => {
  await page.clock.install({ time: Date.now() + 2 * 3_600_000 })
  await logInAndFail()
  await expectMessage('The login is out of time', 'Set the clock right')
  await page.clock.setSystemTime(Date.now())
  await goOn('The login is out of time')
})

test('the provider is away', async () => {
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
  await demo.stopProvider()
  await press('Log in')
  await expectMessage('The provider does not answer', 'Look at your connection')
  await demo.restartProvider()
  await goOn('The provider does not answer')
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
  const messages = () => inPage("document.querySelector('[role=alert]')?.textContent ?? ''")
  await devTools.send('Page.navigate', { url: demo.url })
  await expect.poll(messages, { timeout: 30_000 }).toContain('The login goes in circles')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(await messages()).toContain('Log in yourself')
  expect(asked).toBe(3)
  await inPage("sessionStorage.setItem('calm', 'yes')")
  await page.unroute(authorize)
  await goOn('The login goes in circles')
})
