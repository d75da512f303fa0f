import { readFile } from 'node:fs/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { logInByRedirect, logOut, expectStatus, watchFaults } from '../support/person.ts'
import { report } from '../support/report.ts'

const patience = { timeout: 15_000 }
let demo: Demo
let browser: LaunchedBrowser
/** One person's browser for each test. */
let context: BrowserContext
beforeAll(async () => {
  demo = await startDemo({ mode: 'built', tokenLifetime: 30, faults: true })
  browser = await launchBrowser()
})
beforeEach(async () => {
  context = await browser.newContext()
})
afterEach(() => context.close())
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

async function openViewer(of: Demo = demo): Promise<Page> {
  const page = await context.newPage()
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto(new URL('/statechart/#mode=live', of.url).href)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}

async function openApp(of: Demo = demo): Promise<Page> {
  const page = await context.newPage()
  await page.goto(of.url)
  return page
}

const sessions = (viewer: Page): Promise<string[]> => viewer.locator('.live-tabs button').allInnerTexts()
const log = (viewer: Page) => viewer.getByRole('listbox', { name: /^Records/ })
/** The outline says in words what is lit in the drawing. */
async function lit(viewer: Page): Promise<string> {
  const outline = viewer.getByRole('button', { name: 'Outline', exact: true })
  if ((await outline.getAttribute('aria-pressed')) === 'false') await outline.click()
  return viewer.locator('.chart-outline').innerText()
}

describe('a session in another tab', () => {
  test('turns up by itself, and is followed through login, reload and logout', async () => {
    const faults = watchFaults(context)
    const viewer = await openViewer()
    await viewer.getByText('No session to follow yet').waitFor()
    const app = await openApp()
    await logInByRedirect(app, demo)
    await expect
      .poll(() => sessions(viewer), patience)
      .toEqual([expect.stringMatching(/^Tab 1[^]*access authenticated/), expect.stringMatching(/^Tab 1, before/)])
    await logOut(app, 'Log out')
    await expect.poll(() => log(viewer).innerText(), patience).toMatch(/logout[^]*loggedOut/)
    await expect.poll(async () => (await sessions(viewer))[0], patience).toContain('loggedOut')
    expect(await lit(viewer)).toMatch(/loggedOut\s*here/)
    expect(faults.list).toEqual([])
  })

  test('its records are stepped through by keyboard, and End goes on live', async () => {
    const viewer = await openViewer()
    const app = await openApp()
    await logInByRedirect(app, demo)
    await expect.poll(() => log(viewer).innerText(), patience).toContain('profile.loaded')
    await log(viewer).focus()
    await viewer.keyboard.press('Home')
    const chosen = log(viewer).locator('[aria-selected="true"]')
    await expect.poll(() => chosen.innerText()).toContain('begins')
    await viewer.getByText('You look back.').waitFor()
    await viewer.keyboard.press('ArrowDown')
    await viewer.keyboard.press('ArrowDown')
    await viewer.keyboard.press('ArrowUp')
    expect(await viewer.locator('.live-tools').innerText()).toMatch(/record 2 of \d+/)
    await viewer.keyboard.press('End')
    await expect.poll(() => chosen.count()).toBe(0)
    expect(await viewer.getByRole('button', { name: 'Live', exact: true }).last().getAttribute('aria-pressed')).toBe(
      'true',
    )
  })

  test('says why an event would be ignored; nothing can be sent to an app that does not allow it', async () => {
    const viewer = await openViewer()
    const app = await openApp()
    await logInByRedirect(app, demo)
    await expect.poll(async () => (await sessions(viewer))[0], patience).toContain('access authenticated')
    await viewer.getByLabel('Event to ask about').selectOption('login.cancel')
    await viewer.getByText('No state that it is in listens to “login.cancel”.').waitFor()
    await viewer.getByLabel('Event to ask about').selectOption('page.resumed')
    await viewer.getByText('isExpired and isRenewable', { exact: true }).waitFor()
    expect(await viewer.getByRole('button', { name: 'Send it' }).count()).toBe(0)
    // Whoever says it past the page is refused as well.
    const answer = await viewer.evaluate(
      () =>
        new Promise<unknown>((resolve) => {
          const channel = new BroadcastChannel('sessionchart.viewer')
          channel.addEventListener('message', ({ data }: MessageEvent<Record<string, unknown>>) => {
            if (data['kind'] === 'answer') resolve(data['answer'])
            if (data['kind'] !== 'kept') return
            const [first] = data['records'] as { actor: string }[]
            const send = { kind: 'send', viewer: 'me', tab: data['tab'], id: 1, actor: first?.actor }
            channel.postMessage({ ...send, event: { type: 'logout' } })
          })
          channel.addEventListener('message', ({ data }: MessageEvent<Record<string, unknown>>) => {
            if (data['kind'] === 'here') channel.postMessage({ kind: 'want', viewer: 'me', tab: data['tab'], from: 1 })
          })
          channel.postMessage({ kind: 'who', viewer: 'me' })
        }),
    )
    expect(answer).toMatchObject({ kind: 'refused' })
    await expectStatus(app, /^Signed in/)
  })

  test('two tabs stand side by side, with what they tell each other and who has the turn to renew', async () => {
    const viewer = await openViewer()
    const first = await openApp()
    await logInByRedirect(first, demo)
    const second = await openApp()
    await expectStatus(second, /^Signed in/)
    const count = async (words: string) => (await sessions(viewer)).filter((text) => text.includes(words)).length
    await expect.poll(() => count('access authenticated'), patience).toBe(2)
    // The provider takes its time, so that the turn can be seen.
    demo.provider.faults.add({ endpoint: 'token', grantType: 'refresh_token', kind: 'delay', delay: 4_000 })
    await expect.poll(() => count('turn to renew: has it'), { timeout: 30_000 }).toBe(1)
    await expect.poll(() => count('turn to renew: waits for it'), patience).toBe(1)
    await expect
      .poll(
        () =>
          viewer
            .locator('.live-messages')
            .innerText({ timeout: 1_000 })
            .catch(() => ''),
        { timeout: 60_000 },
      )
      .toMatch(/Tab \d heard from Tab \d: it has renewed \(revision \d+\)/)
    expect(await count('turn to renew')).toBe(0)
  })

  test('is shared by a part of the demo that is loaded by itself, after the app', async () => {
    const page = await (await fetch(demo.url)).text()
    const first = [...page.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(
      ([, path]) => new URL(path ?? '', demo.url).href,
    )
    const code = await Promise.all(first.map(async (url) => (await fetch(url)).text()))
    expect(first.length).toBeGreaterThan(0)
    expect(code.filter((text) => text.includes('sessionchart.viewer'))).toEqual([])
    const app = await context.newPage()
    const bridge = app.waitForResponse(async (response) => (await response.text()).includes('sessionchart.viewer'))
    await app.goto(demo.url)
    expect(new URL((await bridge).url()).pathname).toMatch(/\.js$/)
  })

  test('a recording is saved, holds no token, and is opened again; a wrong file changes nothing', async () => {
    const viewer = await openViewer()
    const app = await openApp()
    await logInByRedirect(app, demo)
    await expect.poll(() => log(viewer).innerText(), patience).toContain('profile.loaded')
    const saving = viewer.waitForEvent('download')
    await viewer.getByRole('button', { name: 'Save recording' }).click()
    const path = await (await saving).path()
    const text = await readFile(path, 'utf8')
    expect(JSON.parse(text)).toMatchObject({ format: 'sessionchart-recording', version: 1 })
    expect(text).not.toMatch(/eyJ|looking-glass|alice/i)

    const open = (name: string, content: string) =>
      viewer
        .getByLabel('Recording to open')
        .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) })
    await open('wrong.json', '{"format":"other"}')
    await viewer.getByRole('alert').filter({ hasText: 'no recording of a session' }).waitFor()
    expect((await sessions(viewer)).length).toBe(2)
    await open('kept.json', text)
    await expect.poll(async () => (await sessions(viewer)).at(-1)).toContain('kept.json')
    expect(await viewer.locator('.live-tools').innerText()).toMatch(/record \d+ of \d+/)
    expect(await viewer.getByRole('alert').count()).toBe(0)
  })
})

test('a thousand events a second for ten seconds: no record is lost, and the page stays smooth', async () => {
  const viewer = await openViewer()
  const app = await context.newPage()
  await app.addInitScript(() => {
    window.onSessionMade = (session) => Object.assign(window, { session })
  })
  await app.goto(demo.url)
  await expect.poll(async () => (await sessions(viewer)).length, patience).toBe(1)
  await expect.poll(() => log(viewer).innerText(), patience).not.toBe('')
  await viewer.bringToFront()

  const frames = viewer.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const lengths: number[] = []
        const begin = performance.now()
        let last = begin
        const next = (now: number) => {
          lengths.push(now - last)
          last = now
          if (now - begin < 10_000) requestAnimationFrame(next)
          else resolve(lengths)
        }
        requestAnimationFrame(next)
      }),
  )
  const sent = await app.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const { session } = window as unknown as { session: { send(event: { type: string }): void } }
        const begin = performance.now()
        let count = 0
        const timer = setInterval(() => {
          const due = Math.min(10_000, Math.floor(performance.now() - begin))
          for (; count < due; count += 1) session.send({ type: count % 50 === 0 ? 'page.resumed' : 'login.cancel' })
          if (count < 10_000) return
          clearInterval(timer)
          resolve(count)
        }, 4)
      }),
  )
  const lengths = (await frames).slice(1).toSorted((one, other) => one - other)
  const p95 = lengths[Math.floor(lengths.length * 0.95)] ?? Infinity
  const before = 10
  await expect.poll(() => viewer.locator('.live-tools').innerText(), patience).toContain('5000 records')
  const saving = viewer.waitForEvent('download')
  await viewer.getByRole('button', { name: 'Save recording' }).click()
  const { records } = JSON.parse(await readFile(await (await saving).path(), 'utf8')) as {
    records: { number: number }[]
  }
  const first = records[0]?.number ?? 0
  expect(records.map(({ number }) => number)).toEqual(records.map((_, index) => first + index))
  expect(records.at(-1)?.number).toBeGreaterThanOrEqual(sent)
  expect(records.at(-1)?.number).toBeLessThan(sent + before)
  report(
    `live: ${sent} events in 10 s, ${lengths.length} frames, p95 ${p95.toFixed(1)} ms, longest ${lengths.at(-1)?.toFixed(1)} ms`,
  )
  expect(p95).toBeLessThanOrEqual(50)
})

describe('in development', () => {
  let development: Demo
  beforeAll(async () => {
    development = await startDemo({ mode: 'dev' })
  })
  afterAll(() => development.stop())

  test('events can be sent from the viewer', async () => {
    const viewer = await openViewer(development)
    const app = await openApp(development)
    await logInByRedirect(app, development)
    await expect.poll(async () => (await sessions(viewer))[0], patience).toContain('access authenticated')
    await viewer.getByLabel('Event to ask about').selectOption('logout')
    await viewer.getByRole('button', { name: 'Send it' }).click()
    await viewer.getByText('“logout” was sent.').waitFor()
    await expectStatus(app, /logged out|Signed out/i)
  })
})
