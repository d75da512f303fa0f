import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, watchFaults } from '../support/person.ts'

let demo: Demo
let browser: LaunchedBrowser

// Only the development build of React mounts everything twice.
beforeAll(async () => {
  demo = await startDemo({ mode: 'dev', config: { silentLogin: 'iframe' } })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

const count = (endpoint: 'token' | 'authorization') => demo.provider.requests.count({ endpoint })

test('P15 in StrictMode, which mounts twice, the provider is asked once and the answer is used once', async () => {
  const page = await browser.context.newPage()
  const faults = watchFaults(browser.context)
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
  expect(count('authorization')).toBe(1)
  await logInByRedirect(page, demo)
  expect(await page.locator('.notice').count()).toBe(0)
  expect(count('token')).toBe(1)
  await page.reload()
  await expectStatus(page, /^Signed in/)
  expect(count('token')).toBe(1)
  expect(faults.list).toEqual([])
})
