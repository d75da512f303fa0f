import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { whatAxeFinds } from '../support/axe.ts'
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

interface Look {
  readonly hash?: string
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
}

async function open({ hash = '', scheme = 'light', width = 1280 }: Look = {}): Promise<Page> {
  const page = await browser.context.newPage()
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await page.setViewportSize({ width, height: 860 })
  await page.goto(new URL(`/statechart/${hash}`, demo.url).href)
  await page.locator('.chart-drawing').waitFor()
  return page
}

const drawing = (page: Page) => page.locator('.chart-drawing')
const inDrawing = (page: Page, id: string) => page.locator(`.chart-drawing [data-id="${id}"]`)
const inOutline = (page: Page, id: string) => page.locator(`.chart-outline [data-id="${id}"]`)
const button = (page: Page, name: string) => page.locator('header').getByRole('button', { name, exact: true })
const told = (page: Page) => page.locator('.chart-details').textContent()

/** Texts that reach out of their chip or box, as they are really drawn. */
const textsTooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<SVGGraphicsElement>('.chart-label, .chart-state')].flatMap((group) => {
      const box = group.querySelector('.chart-box, .chart-label > rect')?.getBoundingClientRect()
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
  test.each(['built', 'experienced'])('are drawn with every text within its place (%s)', async (words) => {
    const page = await open({ scheme, hash: `#words=${words}` })
    const faults = watchFaults(browser.context)
    for (const name of ['Renewal', 'Profile and metadata', 'Session', 'All of it']) {
      await button(page, name).click()
      await expect.poll(() => button(page, name).getAttribute('aria-pressed')).toBe('true')
      await page.locator('.chart[data-layout="ready"]').waitFor()
      expect(await page.locator('.chart-label').count()).toBeGreaterThan(15)
      expect(await textsTooWide(page)).toEqual([])
    }
    expect(faults.list).toEqual([])
    await page.close()
  })

  test('leave axe nothing to find', async () => {
    for (const hash of ['', '#chart=renewal&words=experienced&at=renewal.backingOff']) {
      const page = await open({ scheme, hash })
      expect(await whatAxeFinds(page)).toEqual([])
      await page.close()
    }
  })
})

test.each(['live', 'play', 'tests', 'compare'])('axe finds nothing in the mode %s, as it begins', async (mode) => {
  for (const look of [
    { scheme: 'light', width: 1280 },
    { scheme: 'dark', width: 390 },
  ] as const) {
    const page = await open({ hash: `#mode=${mode}`, ...look })
    await page.locator('.statechart-panel').waitFor()
    expect(await whatAxeFinds(page)).toEqual([])
    await page.close()
  }
})

test('nothing moves for those who want no motion but the time that goes by, in steps', async () => {
  const moving = async (page: Page): Promise<readonly string[]> =>
    page.evaluate(() =>
      (document.querySelector('.chart-drawing')?.getAnimations({ subtree: true }) ?? []).map((animation) =>
        animation instanceof CSSAnimation ? animation.animationName : 'other',
      ),
    )
  const page = await open({ hash: '#mode=play&scenario=renewal&step=4' })
  await page.locator('.chart-line.is-taken, .chart-row.is-running').first().waitFor()
  expect(await moving(page)).toEqual([])
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await expect.poll(() => moving(page)).toContain('chart-pulse')
  await page.close()
})

test('the first drawing comes without ELK, and from no other server', async () => {
  const page = await open()
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
  expect(loaded.filter((name) => /elk|worker/i.test(name))).toEqual([])
  expect(new Set(loaded.map((name) => new URL(name).host))).toEqual(new Set([new URL(demo.url).host]))
  // The other way round there is no drawing beforehand: ELK comes, and the page stays as it was until then.
  await button(page, 'Runs as it fits').click()
  await page.locator('.chart[data-layout="ready"]').waitFor()
  await expect.poll(() => page.evaluate(() => performance.getEntriesByType('resource').length)).toBeGreaterThan(0)
  await page.close()
})

test('a state is opened and closed by keyboard, and what has the focus is told in words', async () => {
  const page = await open()
  await inDrawing(page, 'session.ending').focus()
  await expect.poll(() => told(page)).toContain('The session is ending')
  await page.keyboard.press('Enter')
  await inDrawing(page, 'session.ending.clearing').waitFor()
  await inDrawing(page, 'session.ending').focus()
  await page.keyboard.press('Enter')
  await inDrawing(page, 'session.ending.clearing').waitFor({ state: 'detached' })
  await page.close()
})

test('the arrow keys lead along the transitions, and the address says where they are', async () => {
  const page = await open()
  await inDrawing(page, 'session.unauthenticated').focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => told(page)).toContain('The person logs in, in a window of its own.')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-id'))).toBe(
    'session.unauthenticated login[0]',
  )
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => told(page)).toContain('session.authenticating')
  expect(new URLSearchParams(new URL(page.url()).hash.slice(1)).get('at')).toBe('session.authenticating')
  await page.keyboard.press('Escape')
  expect(new URL(page.url()).hash).not.toContain('at=')
  await page.close()
})

test('a link leads to a state within a chart that is shown open, in the middle of the window', async () => {
  const page = await open({ hash: '#closed=&at=session.active.access.refreshing.late' })
  await expect.poll(() => told(page)).toContain('the app shows that it reconnects')
  const box = await inDrawing(page, 'session.active.access.refreshing.late').boundingBox()
  const frame = await page.locator('.chart-frame').boundingBox()
  expect(box !== null && frame !== null && box.x >= frame.x && box.y >= frame.y).toBe(true)
  expect(box !== null && frame !== null && box.x + box.width <= frame.x + frame.width).toBe(true)
  await page.close()
})

test('a chart that a state invokes is entered by a click, and the crumbs lead back', async () => {
  const page = await open({ hash: '#closed=&at=session.active.access.refreshing' })
  await inDrawing(page, 'session.active.access.refreshing').locator('.is-entrance').click()
  await inDrawing(page, 'renewal.takingTurn').waitFor()
  const crumbs = page.getByRole('navigation', { name: 'Where this is' })
  expect(await crumbs.textContent()).toContain('active › access › refreshing')
  await crumbs.getByRole('button', { name: 'Session' }).click()
  await inDrawing(page, 'session.checkingStorage').waitFor()
  await page.goBack()
  await inDrawing(page, 'renewal.takingTurn').waitFor()
  await page.close()
})

test('the outline says the chart, is searched, and opens in the drawing what it leads to', async () => {
  const page = await open()
  const search = page.getByRole('searchbox', { name: 'Find in the chart' })
  await search.fill('reconnects')
  await page.getByText('1 found').waitFor()
  await search.press('Enter')
  await inDrawing(page, 'session.active.access.refreshing.late').waitFor()
  await search.fill('no unicorns')
  await page.getByText('Nothing in this chart has these words.').waitFor()
  await search.fill('')
  await inOutline(page, 'session.active.access.refreshing.late').waitFor()
  await inOutline(page, 'session').focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.url()).toContain('at=session.loggedOut')
  await page.close()
})

test('a transition that is pointed at is told with its guard and where it leads', async () => {
  const page = await open()
  await inDrawing(page, 'session.unauthenticated login[0]').hover()
  await expect.poll(() => told(page)).toContain('The person logs in')
  expect(await told(page)).toContain('if isViaPopup')
  await page.close()
})

test('the drawing is fitted, moved and zoomed by keyboard, and does not move by itself', async () => {
  const page = await open()
  const place = () => drawing(page).getAttribute('transform')
  const before = await place()
  await inDrawing(page, 'session.active').focus()
  expect(await place()).toBe(before)
  await page.keyboard.press('+')
  await page.keyboard.press('Shift+ArrowLeft')
  const moved = await place()
  expect(moved).not.toBe(before)
  await page.keyboard.press('0')
  await expect.poll(place).toBe(before)
  await page.close()
})

test('on a narrow screen nothing is wider than the screen, and axe finds nothing', async () => {
  const page = await open({ width: 390 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await button(page, 'Outline').click()
  await inOutline(page, 'session').waitFor()
  expect(await whatAxeFinds(page)).toEqual([])
  await page.close()
})
