import { runInNewContext } from 'node:vm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { scenarios, type Scenario } from '../../services/memory/index.ts'
import { playJourney, type Journey } from '../journeys/play.ts'
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

async function open(hash: string): Promise<Page> {
  const page = await browser.context.newPage()
  await page.setViewportSize({ width: 1280, height: 860 })
  await page.goto(new URL(`/statechart/#${hash}`, demo.url).href)
  await page.locator('.play').waitFor()
  return page
}

const button = (page: Page, name: string | RegExp) => page.locator('.play').getByRole('button', { name, exact: true })
const caption = (page: Page) => page.locator('.play-caption')
function fail(): never {
  throw new Error('There is no such scenario.')
}

/** The states that are lit in the drawing, by their names. */
const lit = (page: Page) =>
  page.locator('.chart-state[aria-current="true"]').evaluateAll((all) => all.map((one) => one.getAttribute('data-id')))

const inList = (page: Page, { title, about }: Scenario) => button(page, `${title} ${about}`)

describe('scenarios', () => {
  test('each is played by clicking from the list to its end, and ends where it says', async () => {
    const faults = watchFaults(browser.context)
    const page = await open('mode=play')
    for (const scenario of scenarios) {
      await inList(page, scenario).click()
      for (const [place, moment] of scenario.moments.entries()) {
        if (place > 0) await button(page, 'Next').click()
        await expect.poll(() => caption(page).textContent()).toBe(moment.caption)
        await page.getByText(`Step ${place + 1} of ${scenario.moments.length}`).waitFor()
      }
      expect(await button(page, 'Next').isDisabled()).toBe(true)
      expect(await page.locator('.play-card').count()).toBe(scenario.tabs ?? 1)
      // The drawing has the session's outer states; where another chart is drawn, that one is lit.
      const end = `session.${scenario.endsAt.at(-1)?.[0]?.split('.')[0]}`
      await expect.poll(() => lit(page)).toContain(scenario.chart === 'account' ? 'account.metadata.ready' : end)
      await button(page, /All scenarios/).click()
    }
    expect(faults.list).toEqual([])
    await page.close()
  })

  test('a link leads to a moment; the arrow keys go on and back, Home begins anew, and Space plays it to its end', async () => {
    const page = await open('mode=play&scenario=offline&step=4')
    await expect.poll(() => caption(page).textContent()).toMatch(/^The token has expired/)
    await page.locator('.play-card').getByText('Reconnecting').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByText('Step 5 of 6').waitFor()
    expect(new URL(page.url()).hash).toContain('step=5')
    await page.keyboard.press('ArrowLeft')
    await page.getByText('Step 4 of 6').waitFor()
    await page.keyboard.press('Home')
    await page.getByText('Step 1 of 6').waitFor()
    await page.clock.install()
    await page.keyboard.press(' ')
    await button(page, 'Pause').waitFor()
    for (let moment = 1; moment < 6; moment += 1) {
      await page.clock.runFor(8_000)
    }
    await page.getByText('Step 6 of 6').waitFor()
    await button(page, 'Play').waitFor()
    await page.close()
  })

  test('the drawing has opened what a scenario is about, and shows where it is', async () => {
    const page = await open('mode=play')
    const idle = scenarios.find(({ id }) => id === 'idle') ?? fail()
    await inList(page, idle).click()
    await button(page, 'Next').click()
    await expect.poll(() => lit(page)).toContain('session.active.limits.warned')
    const warned = page.locator('[data-id="session.active.limits.warned"]')
    const frame = await page.locator('.chart-frame').boundingBox()
    const isSeen = async () => {
      const box = await warned.boundingBox()
      return box !== null && frame !== null && box.x >= frame.x && box.x + box.width <= frame.x + frame.width
    }
    await expect.poll(isSeen).toBe(true)
    // Wherever the window has been moved to, one button leads back to where it is.
    await page.locator('.chart-frame').dispatchEvent('wheel', { deltaX: 4_000, deltaY: 0 })
    await expect.poll(isSeen).toBe(false)
    await page.getByRole('button', { name: 'Here', exact: true }).click()
    await expect.poll(isSeen).toBe(true)
    await page.close()
  })

  test('a scenario that there is not is said so, and the others are offered', async () => {
    const page = await open('mode=play&scenario=moon')
    expect(await page.getByRole('alert').textContent()).toContain('no scenario “moon”')
    expect(await page.locator('.play-list li').count()).toBe(scenarios.length)
    await page.close()
  })

  test('two tabs are side by side, with the message between them, and each can be drawn', async () => {
    const page = await open('mode=play&scenario=logged-out-elsewhere&step=3')
    await page.locator('.play-message').getByText('sibling.ended').waitFor()
    const titles = page.locator('.play-title')
    expect(await titles.allTextContents()).toEqual(['Logging you out', 'You are logged out'])
    await expect.poll(() => lit(page)).toEqual(['session', 'session.loggedOut'])
    await button(page, 'Tab 1').click()
    await expect.poll(() => lit(page)).toEqual(['session', 'session.ending'])
    await page.close()
  })
})

describe('a session of one’s own', () => {
  test('is led by clicks, tells what was ignored, takes steps back, and is copied as a journey that comes true', async () => {
    const page = await open('mode=play')
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.url })
    await button(page, 'Open a session').click()
    await button(page, 'finds a session that is still good').click()
    await page.getByText('Signed in as Alice').waitFor()
    await button(page, /^Until the next wait is over/).click()
    await page.getByText('8 s go by').waitFor()
    await page.locator('summary', { hasText: 'which would be ignored now' }).click()
    await button(page, 'Give the login up').click()
    await page.getByText('login.cancel was ignored').waitFor()
    await button(page, 'Take back').click()
    await page.getByText('login.cancel was ignored').waitFor({ state: 'detached' })
    await page.locator('.play-card').getByRole('button', { name: 'Log out', exact: true }).click()
    await page.getByText('Logging you out').waitFor()
    await button(page, 'Copy as a journey test').click()
    await page.getByText('The test is copied.').waitFor()
    const code = await page.evaluate(() => navigator.clipboard.readText())
    const journey = runInNewContext(`(${code})`) as Journey
    expect(journey.chapters.map(({ where }) => where)).toEqual([
      'checkingStorage.looking',
      'active.access.authenticated',
      'active.access.authenticated',
      'ending.clearing',
    ])
    expect(await playJourney(journey)).toBe(4)
    await page.close()
  })

  test('goes on from where a scenario was', async () => {
    const page = await open('mode=play&scenario=provider-down&step=4')
    await button(page, 'Go on from here yourself').click()
    await page.locator('.play-card').getByRole('button', { name: 'Try now', exact: true }).click()
    await button(page, 'it is this tab’s turn').click()
    await button(page, 'nobody was faster').waitFor()
    await page.locator('.play-card').getByRole('button', { name: 'Log out', exact: true }).click()
    const title = page.locator('.play-title')
    await expect.poll(() => title.textContent()).toBe('Logging you out')
    await button(page, 'Start over').click()
    await expect.poll(() => title.textContent()).toBe('Reconnecting')
    await page.close()
  })
})

describe.each([
  ['light', 1280],
  ['dark', 390],
] as const)('%s, %d px wide', (colorScheme, width) => {
  test('axe finds nothing in the list, in a scenario of two tabs, and in a session of one’s own; nothing is wider than the page', async () => {
    for (const hash of ['mode=play', 'mode=play&scenario=logged-out-elsewhere&step=3', 'mode=play&scenario=own']) {
      const page = await open(hash)
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 860 })
      await page.locator('.play h2').first().waitFor()
      // The drawing has tests of its own; where it is cut off by its window, axe takes half a label for all of it.
      expect(await whatAxeFinds(page, '.statechart-panel')).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      await page.close()
    }
  })
})
