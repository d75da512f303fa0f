import { afterEach, beforeEach, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, logOut, readStorage, watchFaults } from '../support/person.ts'

let demo: Demo
let browser: LaunchedBrowser

beforeEach(async () => {
  demo = await startDemo({ mode: 'built' })
  browser = await launchBrowser()
})
afterEach(async () => {
  await browser.close()
  await demo.stop()
})

test('P8 with the provider stopped: a usable session opens signed in; an expired one reconnects, and is signed in by itself when the provider is back', async () => {
  const { context } = browser
  const faults = watchFaults(context)
  const page = await context.newPage()
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  await page.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
  await page.close()
  await demo.stopProvider()

  const usable = await context.newPage()
  await usable.goto(demo.url)
  await expectStatus(usable, /^Signed in/)
  await usable.getByRole('heading', { name: 'Hello, Alice' }).waitFor()
  await usable.close()

  const expired = await context.newPage()
  await expired.clock.install({ time: Date.now() + (demo.config.tokenLifetime + 60) * 1000 })
  await expired.goto(demo.url)
  await expectStatus(expired, /^Reconnecting/)
  await expired.getByText(/Nothing is lost/).waitFor()
  await expired.getByRole('heading', { name: 'Hello, Alice' }).waitFor()

  await demo.restartProvider()
  await expectStatus(expired, /^Signed in/, 60_000)
  expect(demo.provider.requests.count({ endpoint: 'token', grantType: 'refresh_token' })).toBe(1)
  expect(faults.list).toEqual([])
})

test('P11 a login and a logout reach the other tabs', async () => {
  const { context } = browser
  const one = await context.newPage()
  const other = await context.newPage()
  await one.goto(demo.url)
  await other.goto(demo.url)
  await other.getByRole('button', { name: 'Log in', exact: true }).waitFor()
  await logInByRedirect(one, demo)
  await expectStatus(other, /^Signed in/)

  await logOut(one, 'Log out')
  await expectStatus(other, /^You are logged out/)
  expect((await readStorage(other)).logins).toEqual([expect.objectContaining({ generation: null, kept: null })])
})

test('P17 with the provider stopped a logout logs out here, and says that the provider could not be told', async () => {
  const page = await browser.context.newPage()
  const faults = watchFaults(browser.context)
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  await demo.stopProvider()
  await logOut(page, 'Log out')
  await expectStatus(page, /^You are logged out.*The provider could not be told/)
  expect((await readStorage(page)).logins).toEqual([expect.objectContaining({ generation: null, kept: null })])
  expect(faults.list).toEqual([])
})

test('P15 a reload and the back button on the callback do no harm', async () => {
  const { context } = browser
  const faults = watchFaults(context)
  const page = await context.newPage()
  let callback = ''
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.url().includes('/callback?')) callback = request.url()
  })
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  const before = demo.provider.requests.count({ endpoint: 'token' })

  await page.reload()
  await expectStatus(page, /^Signed in/)
  await page.goto(callback)
  await expectStatus(page, /^Signed in/)
  await page.getByText('This login answer was used before').waitFor()
  expect(new URL(page.url()).search).toBe('')
  expect(demo.provider.requests.count({ endpoint: 'token' }), 'the used code is not sent again').toBe(before)
  await page.goBack()
  await expectStatus(page, /^Signed in/)
  expect(faults.list).toEqual([])
})
