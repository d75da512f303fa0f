import type { Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { startDemo, type Demo, type DemoOptions } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, logOut, readStorage, watchFaults } from '../support/person.ts'

let demo: Demo
let browser: LaunchedBrowser
afterEach(async () => {
  await browser.close()
  await demo.stop()
})

async function start(options: Partial<DemoOptions> = {}, lifelike = false) {
  demo = await startDemo({ mode: 'built', faults: true, ...options })
  browser = await launchBrowser({ lifelike })
  const faults = watchFaults(browser.context)
  const page = await browser.context.newPage()
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  await page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
  return { page, faults }
}

/** Whatever a person could see of the one who was signed in. */
const traces = /Alice|Appleton|local\|alice|alice@/

async function expectNothingOfAlice(page: Page): Promise<void> {
  expect(await page.locator('body').innerText()).not.toMatch(traces)
  expect(await page.content()).not.toMatch(traces)
  await page.getByRole('button', { name: /^Account menu/ }).waitFor({ state: 'detached' })
  const { logins, notes } = await readStorage(page)
  expect(logins).toEqual([expect.objectContaining({ generation: null, kept: null })])
  expect(notes).toEqual([])
}

/** Does the next login ask for the password? */
async function asksForPassword(page: Page): Promise<boolean> {
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  const signedIn = expectStatus(page, /^Signed in/).then(() => false)
  const asked = page
    .getByLabel('Password')
    .waitFor({ timeout: 15_000 })
    .then(() => true)
  const result = await Promise.race([signedIn, asked])
  await Promise.allSettled([signedIn, asked].map((waiting) => Promise.race([waiting, Promise.resolve()])))
  return result
}

describe('P17 a logout at the provider comes back to the app, and the next login asks for the password', () => {
  test.each<[string, Partial<DemoOptions>, string]>([
    ['by RP-initiated logout', {}, '/oidc/logout'],
    ["by Auth0's own logout", { provider: { endSession: false }, config: { logoutPage: 'auth0' } }, '/v2/logout'],
  ])('%s', async (_, options, path) => {
    const { page, faults } = await start(options)
    const left: string[] = []
    page.on('request', (request) => {
      if (request.isNavigationRequest()) left.push(new URL(request.url()).pathname)
    })
    await logOut(page, 'Log out of the provider as well')
    await expectStatus(page, /^You are logged out/)
    expect(left[0]).toBe(path)
    expect(page.url()).toBe(demo.url)
    await expectNothingOfAlice(page)
    expect(await asksForPassword(page)).toBe(true)
    expect(faults.list).toEqual([])
  })
})

test('P17 where the provider has no logout page, the person stays in the app and reads that it may still know them', async () => {
  const { page } = await start({ provider: { endSession: false, revocation: false } })
  await logOut(page, 'Log out of the provider as well')
  await expectStatus(page, /^You are logged out Your provider has no logout page.+without a password/)
  expect(page.url()).toBe(demo.url)
  await expectNothingOfAlice(page)
  // True words: no password is asked for.
  expect(await asksForPassword(page)).toBe(false)
})

test('P12 P17 a logout reaches the other tab at once, though the revocation hangs and CORS hides its answer', async () => {
  const { page } = await start()
  const other = await browser.context.newPage()
  await other.goto(demo.url)
  await other.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
  demo.provider.faults.add({ endpoint: 'revocation', kind: 'delay', delay: 3_000 })
  await logOut(page, 'Log out')
  await expectStatus(other, /^You are logged out/)
  expect(demo.provider.requests.count({ endpoint: 'revocation', status: 200 })).toBe(0)
  await expectNothingOfAlice(other)
  await expectStatus(page, /^You are logged out/)
  await expectNothingOfAlice(page)
  expect(demo.provider.requests.count({ endpoint: 'revocation', status: 200 })).toBe(1)

  // The provider still knows who it is.
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expectStatus(page, /^Signed in/)
  demo.provider.faults.add({ endpoint: 'revocation', kind: 'status', status: 503, cors: false })
  await logOut(page, 'Log out')
  await expectStatus(page, /^You are logged out.+The provider could not be told/)
  await expectStatus(other, /^You are logged out/)
  await expectNothingOfAlice(other)
})

describe('P12 the back button after a logout shows nothing of the session', () => {
  test('when the page is loaded anew', async () => {
    const { page, faults } = await start()
    await logOut(page, 'Log out of the provider as well')
    await expectStatus(page, /^You are logged out/)
    await page.goBack()
    await expectStatus(page, /^You are logged out/)
    await expectNothingOfAlice(page)
    expect(faults.list).toEqual([])
  })

  test('when it comes out of the back-forward cache as it was left, on its way to the logout page', async () => {
    const { page } = await start({}, true)
    await page.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => {
        document.title = `kept: ${String(persisted)}`
      })
    })
    // A page of the provider's that stays.
    demo.provider.faults.add({ endpoint: 'end_session', kind: 'status', status: 200, body: 'html' })
    await logOut(page, 'Log out of the provider as well')
    await page.waitForURL((url) => url.pathname === '/oidc/logout')
    await page.goBack({ waitUntil: 'commit' })
    await page.waitForFunction(() => document.title.startsWith('kept'))
    expect(await page.title()).toBe('kept: true')
    await expectStatus(page, /^You are logged out/)
    await expectNothingOfAlice(page)
  })
})
