import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import type { Session } from '../../services/index.ts'
import { signInAtProvider } from '../support/person.ts'
import { serveApp } from './served-app.ts'

let app: Awaited<ReturnType<typeof serveApp>>
let browser: LaunchedBrowser

beforeAll(async () => {
  app = await serveApp()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await app.stop()
})

const heading = (page: Page) => page.locator('h1')

const patience = { timeout: 15_000 }

interface Watched {
  shown: string[]
  readonly sessions: readonly Session[]
}

/** Notes what the heading says from now on, as a person might see it. */
const watchHeading = (page: Page) =>
  page.evaluate(() => {
    const watched = window as unknown as Watched
    watched.shown = []
    const look = () => watched.shown.push(document.querySelector('h1')?.textContent ?? 'no heading')
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
  })

/** What it said since the last time. */
const shownOn = (page: Page) => page.evaluate(() => (window as unknown as Watched).shown.splice(0))

/** Of every session that this page made: whether its chart runs. */
const sessionsOn = (page: Page) =>
  page.evaluate(() => (window as unknown as Watched).sessions.map((one) => one.getSnapshot().status))

const says = (page: Page, words: string) => heading(page).filter({ hasText: words }).waitFor()

async function openAndLogIn() {
  const page = await browser.context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(app.url)
  // The part that comes later, by the script that React streams.
  await page.getByText('It rains').waitFor()
  await page.getByRole('button', { name: 'Log in' }).click()
  await signInAtProvider(page)
  await says(page, 'Hello Alice')
  await watchHeading(page)
  return { page, complaints, text: await heading(page).innerText() }
}

const requests = () => ({
  authorization: app.provider.requests.count({ endpoint: 'authorization' }),
  token: app.provider.requests.count({ endpoint: 'token' }),
})

test('an app is streamed by a server, taken over by the page without a mismatch, and keeps its session while it is edited', async () => {
  expect(await (await fetch(app.url)).text()).toContain('<h1>One moment</h1>')
  const { page, complaints, text } = await openAndLogIn()
  const tab = text.split(', ')[1] ?? ''
  const before = requests()

  // A component: the session is of another file, and stays as it is.
  app.change('app.tsx', { 'Hello {': 'Welcome {' })
  await says(page, 'Welcome Alice')
  expect(await shownOn(page)).toEqual([text.replace('Hello', 'Welcome')])
  expect(await sessionsOn(page)).toEqual(['active'])

  // The file of the session, which disposes of the one that was: the next one has what was changed, and finds its person in the vault.
  // (By `hot.data`: Vite calls `hot.dispose` of the file that takes the update, a component's, and of none that it imports.)
  app.change('session.ts', { redirectUri: 'requestTimeout: 9_000, redirectUri' })
  await expect.poll(() => sessionsOn(page), patience).toEqual(['stopped', 'active'])
  await heading(page).filter({ hasText: 'Welcome Alice', hasNotText: tab }).waitFor()
  const [first, ...later] = await shownOn(page)
  expect(first).toBe('One moment')
  expect(later.at(-1)).toMatch(/^Welcome Alice/)

  // A session that is handed on instead: the file is run again, nobody notices, and what is changed in the options has no effect.
  app.change('session.ts', {
    'import.meta.hot?.data.session?.dispose()': '',
    '= createSession': '= import.meta.hot?.data.session ?? createSession',
  })
  await expect.poll(() => sessionsOn(page), patience).toEqual(['stopped', 'active', 'active'])
  await says(page, 'Welcome Alice')
  await shownOn(page)
  app.change('session.ts', { '9_000': '8_000' })
  await expect.poll(() => sessionsOn(page), patience).toEqual(['stopped', 'active', 'active', 'active'])
  app.change('app.tsx', { 'Welcome {': 'Hi {' })
  await says(page, 'Hi Alice')
  expect(await shownOn(page)).toEqual([await heading(page).innerText()])

  expect(requests()).toEqual(before)
  expect(complaints).toEqual([])
  expect(app.problems).toEqual([])
})
