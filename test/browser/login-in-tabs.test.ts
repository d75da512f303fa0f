import { afterEach, beforeEach, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, signInAtProvider, watchFaults } from '../support/person.ts'

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

const exchanges = () => demo.provider.requests.count({ endpoint: 'token', grantType: 'authorization_code' })

test('P15 two logins in two tabs at once: each is answered, and nobody is signed out', async () => {
  const { context } = browser
  const faults = watchFaults(context)
  const [one, other] = [await context.newPage(), await context.newPage()]
  for (const page of [one, other]) {
    await page.goto(demo.url)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByLabel('Password').waitFor()
  }
  for (const page of [one, other]) {
    await page.bringToFront()
    await signInAtProvider(page)
    await expectStatus(page, /^Signed in/)
  }
  await expectStatus(one, /^Signed in/)
  expect(exchanges()).toBe(2)
  expect(await one.locator('.notice').count()).toBe(0)
  expect(faults.list).toEqual([])
})

test('P11 P15 a login that is finished in another tab: the first one, back at the app, follows by itself', async () => {
  const { context } = browser
  const faults = watchFaults(context)
  const [one, other] = [await context.newPage(), await context.newPage()]
  await one.goto(demo.url)
  await one.getByRole('button', { name: 'Log in', exact: true }).click()
  await one.getByLabel('Password').waitFor()
  const loginPage = one.url()
  await one.goBack()
  await one.getByRole('button', { name: 'Log in', exact: true }).waitFor()
  await other.goto(loginPage)
  await signInAtProvider(other)
  await expectStatus(other, /^Signed in/)
  await expectStatus(one, /^Signed in/)
  expect(exchanges()).toBe(1)
  expect(faults.list).toEqual([])
})
