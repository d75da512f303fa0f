import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, signInAtProvider } from '../support/person.ts'

// What is loaded when, in the app as it is built.

let demo: Demo
let browser: LaunchedBrowser
beforeAll(async () => {
  demo = await startDemo({ mode: 'built' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

/** The chunk with oidc-client-ts. */
const library = /\/library-[^/]+\.js$/

test('P16 what talks to the provider cannot be loaded: people are told, and after a reload the login works', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  let isBroken = true
  await context.route(library, (route) => (isBroken ? route.abort() : route.continue()))
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  const told = page.getByRole('alert').first()
  await told.waitFor()
  expect(await told.innerText()).not.toBe('')
  isBroken = false
  // A browser may remember that a module could not be loaded, for as long as the page is there.
  await page.reload()
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await signInAtProvider(page)
  await expectStatus(page, /^Signed in/)
  await context.close()
})

test('P1 who comes back is signed in before what talks to the provider is there, and without it', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  await context.route(library, (route) => route.abort())
  demo.provider.requests.clear()
  await page.reload()
  await expectStatus(page, /^Signed in/)
  expect(demo.provider.requests.count({ endpoint: 'token' })).toBe(0)
  await context.close()
})
