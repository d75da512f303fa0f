import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import type { Session } from '../../services/index.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, logOut, readStorage, signInAtProvider } from '../support/person.ts'

// What is loaded when, in the app as it is built; and what becomes of people where it cannot be loaded.

let demo: Demo
let browser: LaunchedBrowser
let context: BrowserContext
let page: Page
beforeAll(async () => {
  demo = await startDemo({ mode: 'built' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
})
beforeEach(async () => {
  context = await browser.newContext()
  page = await context.newPage()
  demo.provider.requests.clear()
})
afterEach(() => context.close())

/** All that talks to the provider. */
const chunk = /\/oidc-part-[^/]+\.js$/

/** Requests for it are cut from now on, until they are let through. */
async function cutChunk(): Promise<{ readonly asked: () => number; heal(): void }> {
  let [asked, isCut] = [0, true]
  await context.route(chunk, (route) => {
    asked += 1
    return isCut ? route.abort() : route.continue()
  })
  return {
    asked: () => asked,
    heal: () => {
      isCut = false
    },
  }
}

const tokenRequests = () => demo.provider.requests.count({ endpoint: 'token' })
const alert = () => page.getByRole('alert').first()

async function openSignedIn(): Promise<void> {
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  demo.provider.requests.clear()
}

test('P1 who comes back is found in the vault before what talks to the provider is asked for', async () => {
  await openSignedIn()
  await page.addInitScript(() => {
    const seen = window as unknown as { foundAt?: number }
    window.onSessionMade = (session: Session) => {
      session.actor.system.inspect((inspected) => {
        if (inspected.type === '@xstate.event' && inspected.event.type === 'xstate.done.actor.restoreSession')
          seen.foundAt = performance.now()
      })
    }
  })
  await page.reload()
  await expectStatus(page, /^Signed in/)
  // By the profile, which is reloaded behind.
  const askedAt = () =>
    page.evaluate(() => {
      const requests = performance.getEntriesByType('resource').filter(({ name }) => /\/oidc-part-/.test(name))
      return requests.map(({ startTime }) => startTime)
    })
  await expect.poll(askedAt, { timeout: 15_000 }).not.toEqual([])
  const foundAt = await page.evaluate(() => (window as unknown as { foundAt?: number }).foundAt)
  expect(Math.min(...(await askedAt()))).toBeGreaterThanOrEqual(foundAt ?? Infinity)
  expect(tokenRequests()).toBe(0)
})

test('P1 who comes back is signed in without it, and has a token', async () => {
  await openSignedIn()
  const { asked } = await cutChunk()
  await page.addInitScript(() => {
    const seen = window as unknown as { tapped?: Session }
    window.onSessionMade = (session: Session) => (seen.tapped = session)
  })
  await page.reload()
  await expectStatus(page, /^Signed in/)
  await expect.poll(asked).toBeGreaterThan(0)
  const kind = await page.evaluate(async () => {
    const { tapped } = window as unknown as { tapped?: Session }
    return typeof (await tapped?.getAccessToken())
  })
  expect(kind).toBe('string')
  expect(tokenRequests()).toBe(0)
})

test('P16 cut at a login, it is told, and the next click works in the same page', async () => {
  const { asked, heal } = await cutChunk()
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await alert().waitFor()
  expect(await alert().innerText()).not.toBe('')
  expect(asked()).toBe(1)
  heal()
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await signInAtProvider(page)
  await expectStatus(page, /^Signed in/)
})

test('P15 cut on the way back, it is told with the address clean and the code unspent, and the next click works', async () => {
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.getByLabel('Password').waitFor()
  const { heal } = await cutChunk()
  await signInAtProvider(page)
  await page.waitForURL((url) => url.origin === new URL(demo.url).origin)
  await alert().waitFor()
  expect(new URL(page.url()).search).toBe('')
  expect(tokenRequests()).toBe(0)
  heal()
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expectStatus(page, /^Signed in/)
  expect(tokenRequests()).toBe(1)
})

test('P16 a login window opens within the click, before anything is loaded', async () => {
  let letThrough = (): void => {}
  const held = new Promise<void>((resolve) => (letThrough = resolve))
  await context.route(chunk, async (route) => {
    await held
    await route.continue()
  })
  await page.goto(demo.url)
  const opening = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Log in in a window' }).click()
  const popup = await opening
  expect(popup.url()).toBe('about:blank')
  letThrough()
  await signInAtProvider(popup)
  await expectStatus(page, /^Signed in/)
})

test('P8 cut at a renewal, the session waits, spends nothing, and is renewed by itself when it can be loaded', async () => {
  await openSignedIn()
  await page.close()
  const { asked, heal } = await cutChunk()
  page = await context.newPage()
  await page.clock.install({ time: Date.now() + (demo.config.tokenLifetime + 60) * 1000 })
  await page.goto(demo.url)
  await expectStatus(page, /^Reconnecting/)
  await expect.poll(asked, { timeout: 30_000 }).toBeGreaterThan(2)
  expect(tokenRequests()).toBe(0)
  heal()
  await expectStatus(page, /^Signed in/, 60_000)
  expect(tokenRequests()).toBe(1)
})

test('P17 cut at a logout, the person is logged out here, is told about the provider, and can log in again', async () => {
  await openSignedIn()
  const { asked, heal } = await cutChunk()
  await page.reload()
  await expectStatus(page, /^Signed in/)
  await expect.poll(asked).toBeGreaterThan(0)
  await context.setOffline(true)
  await logOut(page, 'Log out of the provider as well')
  await expectStatus(page, /^You are logged out.*Your provider could not be reached/)
  expect((await readStorage(page)).logins).toEqual([expect.objectContaining({ generation: null, kept: null })])
  await context.setOffline(false)
  heal()
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expectStatus(page, /^Signed in/)
})
