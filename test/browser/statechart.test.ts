import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { watchFaults } from '../support/person.ts'

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

async function open(scheme: 'light' | 'dark' = 'light', width = 1280): Promise<Page> {
  const page = await browser.context.newPage()
  await page.emulateMedia({ colorScheme: scheme })
  await page.setViewportSize({ width, height: 860 })
  await page.goto(new URL('/statechart/', demo.url).href)
  await page.getByRole('button', { name: /^checkingStorage\./ }).waitFor()
  return page
}

const chartButton = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Texts that reach out of their chip or box, as they are really drawn. */
const textsTooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<SVGGraphicsElement>('.chart-label, .chart-state')].flatMap((group) => {
      const box = group.querySelector('rect')?.getBoundingClientRect()
      if (box === undefined) return []
      return [...group.querySelectorAll('text')]
        .filter((text) => {
          const { left, right, top, bottom } = text.getBoundingClientRect()
          return left < box.left - 0.5 || right > box.right + 0.5 || top < box.top - 1 || bottom > box.bottom + 1
        })
        .map((text) => text.textContent)
    }),
  )

describe.each(['light', 'dark'] as const)('the charts, %s', (scheme) => {
  test('are drawn with every text within its place, and without a fault', async () => {
    const page = await open(scheme)
    const faults = watchFaults(browser.context)
    for (const name of ['Renewal', 'Profile and metadata', 'Session', 'All of it']) {
      await chartButton(page, name).click()
      await expect.poll(() => chartButton(page, name).getAttribute('aria-pressed')).toBe('true')
      await expect.poll(() => page.locator('.chart-label').count()).toBeGreaterThan(15)
      expect(await textsTooWide(page)).toEqual([])
      // What can be opened and closed has a drawing for that.
      expect((await page.locator('.chart-toggle').count()) > 0).toBe(['Session', 'All of it'].includes(name))
    }
    expect(faults.list).toEqual([])
    await page.close()
  })
})

test('a state is opened and closed by keyboard, and what has the focus is told in words', async () => {
  const page = await open()
  await page.getByRole('button', { name: /^ending\./ }).focus()
  await expect.poll(() => page.locator('.chart-details').textContent()).toContain('The session is ending')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^clearing\./ }).waitFor()
  await page.getByRole('button', { name: /^ending\./ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^clearing\./ }).waitFor({ state: 'detached' })
  await page.close()
})

test('a transition that is pointed at is told with its guard and where it leads', async () => {
  const page = await open()
  await page
    .getByRole('button', { name: /^login \[isViaPopup\]/ })
    .first()
    .hover()
  const told = page.locator('.chart-details')
  await expect.poll(() => told.textContent()).toContain('The person logs in')
  expect(await told.textContent()).toContain('if isViaPopup')
  await page.close()
})

test('the drawing is fitted, moved and zoomed by keyboard, and does not move by itself', async () => {
  const page = await open()
  const place = () => page.locator('.chart svg > g').getAttribute('transform')
  const before = await place()
  await page.getByRole('button', { name: /^active\./ }).focus()
  expect(await place()).toBe(before)
  await page.keyboard.press('+')
  await page.keyboard.press('ArrowLeft')
  const moved = await place()
  expect(moved).not.toBe(before)
  await page.keyboard.press('0')
  await expect.poll(place).toBe(before)
  await page.close()
})

test('on a narrow screen nothing is wider than the screen, and the page needs no other server', async () => {
  const page = await open('light', 390)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  const hosts = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).host),
  )
  expect(new Set(hosts)).toEqual(new Set([new URL(demo.url).host]))
  await page.close()
})
