import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BrowserContext, Page } from 'playwright-core'
import { startDemo, type Demo, type DemoOptions } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, watchFaults, type Faults } from '../support/person.ts'

let demo: Demo
let browser: LaunchedBrowser
let context: BrowserContext
let faults: Faults

beforeEach(async () => {
  browser = await launchBrowser()
  context = browser.context
  faults = watchFaults(context)
})
afterEach(async () => {
  await browser.close()
  await demo.stop()
})

const start = async (silentLogin: 'iframe' | 'redirect', provider: DemoOptions['provider'] = {}): Promise<void> => {
  demo = await startDemo({ mode: 'built', config: { silentLogin }, provider })
}

/** The browser of someone who is signed in at the provider, and whose app knows nothing of it any more. */
async function forgetApp(page: Page): Promise<void> {
  await page.goto('about:blank')
  const devTools = await context.newCDPSession(page)
  const { origin } = new URL(demo.url)
  await devTools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb,local_storage' })
}

const isSignedOut = (page: Page) => page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
const alarms = (page: Page) => page.getByRole('alert').count()
const countFrames = (page: Page) => page.locator('iframe').count()

test('P14 in a hidden frame, of the same site: who is signed in at the provider is signed in here, and nothing moves', async () => {
  await start('iframe')
  const page = await context.newPage()
  await page.goto(demo.url)
  await isSignedOut(page)
  expect(await alarms(page)).toBe(0)
  expect(await countFrames(page)).toBe(0)
  await logInByRedirect(page, demo)
  await forgetApp(page)

  await page.goto(`${demo.url}?page=2`)
  await expectStatus(page, /^Signed in/)
  expect(page.url()).toBe(`${demo.url}?page=2`)
  expect(await countFrames(page)).toBe(0)
  expect(page.frames()).toHaveLength(1)
  expect(faults.list).toEqual([])
})

test('in a hidden frame, of another site: the browser withholds the cookie, and the person is signed out without an alarm', async () => {
  // 127.0.0.1 and localhost are two sites.
  await start('iframe', { host: 'localhost' })
  const page = await context.newPage()
  await page.goto(demo.url)
  await isSignedOut(page)
  await logInByRedirect(page, demo)
  await forgetApp(page)

  const answers: string[] = []
  page.on('framenavigated', (frame) => {
    if (frame.parentFrame() !== null) answers.push(new URL(frame.url()).searchParams.get('error') ?? '')
  })
  await page.goto(demo.url)
  await isSignedOut(page)
  expect(answers).toContain('login_required')
  expect(await alarms(page)).toBe(0)
  expect(await countFrames(page)).toBe(0)
  // By redirect the provider's cookie counts, and nothing is asked.
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expectStatus(page, /^Signed in/)
  expect(faults.list).toEqual([])
})

test('P15 by redirect: signed in where the person was; signed out without an alarm; and the back button leads out', async () => {
  await start('redirect')
  const page = await context.newPage()
  await page.goto('about:blank')
  await page.goto(`${demo.url}?page=2`)
  await isSignedOut(page)
  expect(page.url()).toBe(`${demo.url}?page=2`)
  expect(await alarms(page)).toBe(0)
  await page.goBack()
  expect(page.url()).toBe('about:blank')

  await page.goto(demo.url)
  await isSignedOut(page)
  await logInByRedirect(page, demo)
  await forgetApp(page)
  await page.goto(`${demo.url}?page=3`)
  await expectStatus(page, /^Signed in/)
  expect(page.url()).toBe(`${demo.url}?page=3`)
  expect(faults.list).toEqual([])
})
