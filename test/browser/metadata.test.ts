import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startDemo, type Demo, type DemoOptions } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { expectStatus, logInByRedirect, logOut, watchFaults, type Faults } from '../support/person.ts'

let demo: Demo
let browser: LaunchedBrowser
let faults: Faults[]

async function start(options: Partial<DemoOptions> = {}): Promise<void> {
  demo = await startDemo({ mode: 'built', faults: true, ...options })
}
/** A device of its own. */
async function device(): Promise<BrowserContext> {
  const context = await browser.newContext()
  faults.push(watchFaults(context))
  return context
}

beforeEach(async () => {
  faults = []
  browser = await launchBrowser()
})
afterEach(async () => {
  await browser.close()
  await demo.stop()
  const complaints = faults.flatMap(({ list }) => list)
  if (complaints.length > 0) throw new Error(`The pages complained: ${complaints.join('; ')}`)
})

const patches = () => demo.provider.requests.list({ method: 'PATCH' })
const allSaved = (page: Page) => page.getByText('All changes are saved.').waitFor()
const isFilled = (page: Page, label: string, text: string) =>
  expect.poll(() => page.getByLabel(label).inputValue(), { timeout: 15_000 }).toBe(text)

async function opened(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(demo.url)
  return page
}
async function loggedIn(context: BrowserContext): Promise<Page> {
  const page = await opened(context)
  await logInByRedirect(page, demo)
  await allSaved(page)
  return page
}
async function save(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label).fill(text)
  await page.getByRole('button', { name: 'Save' }).click()
}

test('P19 a change typed while offline, the tab closed, opened again online: saved, once', async () => {
  await start()
  const context = await device()
  const page = await loggedIn(context)
  await context.setOffline(true)
  await save(page, 'Country', 'Canada')
  await page.getByText('Waiting to be saved: this device is offline').waitFor()
  await page.close()
  await context.setOffline(false)
  expect(patches()).toEqual([])

  const next = await opened(context)
  await isFilled(next, 'Country', 'Canada')
  await allSaved(next)
  await next.reload()
  await allSaved(next)
  await isFilled(next, 'Country', 'Canada')
  expect(patches().map(({ status }) => status)).toEqual([200])
})

test('P19 two tabs type different fields offline; online again, both are saved, each once', async () => {
  await start()
  const context = await device()
  const one = await loggedIn(context)
  const other = await opened(context)
  await allSaved(other)
  await context.setOffline(true)
  await save(one, 'Country', 'Canada')
  await save(other, 'First name', 'Al')
  await isFilled(one, 'First name', 'Al')
  await isFilled(other, 'Country', 'Canada')
  await context.setOffline(false)
  await Promise.all([allSaved(one), allSaved(other)])
  for (const page of [one, other]) {
    await isFilled(page, 'First name', 'Al')
    await isFilled(page, 'Country', 'Canada')
  }
  expect(
    patches().map(({ status }) => status),
    'what both had typed goes together',
  ).toEqual([200])
})

test('P19 two tabs type offline and are closed: the next one saves both, once', async () => {
  await start()
  const context = await device()
  const one = await loggedIn(context)
  const other = await opened(context)
  await allSaved(other)
  await context.setOffline(true)
  await save(one, 'Country', 'Canada')
  await save(other, 'First name', 'Al')
  await isFilled(one, 'First name', 'Al')
  await one.close()
  await other.close()
  await context.setOffline(false)

  const next = await opened(context)
  await allSaved(next)
  await isFilled(next, 'First name', 'Al')
  await isFilled(next, 'Country', 'Canada')
  expect(patches().map(({ status }) => status)).toEqual([200])
})

test.each(['auth0', 'own-backend'] as const)(
  'P19 a change made on another device is told by name; what was typed here wins (%s)',
  async (metadata) => {
    await start({ metadata })
    const here = await loggedIn(await device())
    const there = await loggedIn(await device())
    await save(there, 'Country', 'Portugal')
    await allSaved(there)
    await save(there, 'First name', 'Augusta')
    await allSaved(there)
    demo.provider.requests.clear()

    await save(here, 'Country', 'Canada')
    await here.getByText('You changed Country here as well: what you typed here replaces it.').waitFor()
    await here.getByText('You see the new value of First name.').waitFor()
    await allSaved(here)
    await isFilled(here, 'Country', 'Canada')
    await isFilled(here, 'First name', 'Augusta')
    await here.getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => here.getByText('Changed elsewhere meanwhile').count()).toBe(0)
    expect(patches().map(({ status }) => status)).toEqual(metadata === 'auth0' ? [200] : [412, 200])

    await there.getByRole('button', { name: 'Reload details' }).click()
    await there.getByText('You see the new value of Country.').waitFor()
    await isFilled(there, 'Country', 'Canada')
  },
)

test('P19 a change that is refused stays in its field, in all tabs and after a reload, and can be mended', async () => {
  await start()
  const context = await device()
  const page = await loggedIn(context)
  const other = await opened(context)
  await allSaved(other)
  await save(page, 'Country', 'x'.repeat(10_001))
  await page.getByText(/Not saved\. "country" is too long/).waitFor()
  await other.getByText(/Not saved\. "country" is too long/).waitFor()
  await page.reload()
  await page.getByText(/Not saved\. "country" is too long/).waitFor()
  await isFilled(page, 'Country', 'x'.repeat(10_001))
  expect(patches(), 'what breaks a known limit is not sent').toEqual([])

  await save(page, 'Country', 'Canada')
  await allSaved(page)
  await allSaved(other)
  await isFilled(other, 'Country', 'Canada')
  expect(patches().map(({ status }) => status)).toEqual([200])
})

test('P19 details that come as a claim can be looked at and not be changed, and the reason is there to read', async () => {
  await start({ metadata: 'claims' })
  const page = await opened(await device())
  await logInByRedirect(page, demo)
  await page.getByText('They come with your profile from the login provider, and can only be changed there.').waitFor()
  await isFilled(page, 'First name', 'Alice')
  for (const label of ['First name', 'Last name', 'Country'])
    expect(await page.getByLabel(label).getAttribute('readonly'), label).not.toBeNull()
  expect(await page.getByRole('checkbox', { name: 'Active' }).isDisabled()).toBe(true)
  for (const name of ['Save', 'Add', 'Undo'])
    expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0)
  expect(patches()).toEqual([])
})

test('P17 a logout with changes that are not saved asks before, and names them', async () => {
  await start()
  const context = await device()
  const page = await loggedIn(context)
  demo.provider.faults.add({ endpoint: 'api', kind: 'status', count: 'always' })
  await save(page, 'Country', 'Canada')
  await page.getByText(/Waiting to be saved/).waitFor()
  await page.getByLabel('First name').fill('Al')
  await logOut(page, 'Log out')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Country and First name').waitFor()
  await dialog.getByRole('button', { name: 'Stay' }).click()
  await expectStatus(page, /^Signed in/)
  await logOut(page, 'Log out')
  await dialog.getByRole('button', { name: 'Log out anyway' }).click()
  await expectStatus(page, /^You are logged out/)
  expect(patches()).toEqual([])
})

test('P18 a provider that signs its answers is believed; coming back, what checks them is in the one part that is fetched', async () => {
  const scripts = async (options: Partial<DemoOptions>): Promise<string[]> => {
    await start(options)
    const context = await device()
    await loggedIn(context)
    const fetched: string[] = []
    context.on('request', (request) => {
      if (request.resourceType() === 'script') fetched.push(new URL(request.url()).pathname)
    })
    const page = await context.newPage()
    await page.goto(demo.url)
    await page.getByText('As the provider told it just now.').waitFor()
    await page.getByRole('cell', { name: 'alice@example.com' }).waitFor()
    await context.close()
    expect(fetched.length).toBeGreaterThan(0)
    return fetched.toSorted()
  }
  const plain = await scripts({})
  expect(plain.filter((path) => /\/oidc-part-/.test(path))).toHaveLength(1)
  await demo.stop()
  expect(await scripts({ provider: { signedUserinfo: true } })).toEqual(plain)
})
