import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import coverage from '../../coverage.json'
import { renewalMachine, sessionMachine } from '../../machines/index.ts'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { toJson } from '../../ui/visualizer/export/json.ts'
import { chartModelOf, type ChartModel } from '../../ui/visualizer/model/chart.ts'
import { recordingFile } from '../../ui/visualizer/recorder/file.ts'
import type { ChartRecord } from '../../ui/visualizer/recorder/records.ts'
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

async function open(hash: string, width = 1280): Promise<Page> {
  const page = await browser.context.newPage()
  await page.setViewportSize({ width, height: 860 })
  await page.goto(new URL(`/statechart/${hash}`, demo.url).href)
  await page.locator('.chart-drawing .chart-state').first().waitFor()
  return page
}

const panel = (page: Page) => page.locator('.panel')
const drawn = (page: Page, id: string) => page.locator(`.chart-drawing [data-id="${id}"]`)
const looks = async (page: Page, id: string) => (await drawn(page, id).getAttribute('class'))?.split(' ') ?? []

/** Opens a file where the panel asks for one. */
const give = (page: Page, label: string, name: string, text: string) =>
  page
    .getByLabel(label, { exact: true })
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })

describe('what the tests take', () => {
  test('is drawn over each chart and told in figures, those of coverage.json', async () => {
    const page = await open('#mode=tests&chart=renewal')
    const faults = watchFaults(browser.context)
    for (const level of ['level1', 'level2', 'level3'] as const) {
      const { taken, total } = coverage[level].renewal.transitions
      await expect
        .poll(() => panel(page).textContent())
        .toContain(`Level ${level.slice(-1)} takes ${taken} of ${total}`)
    }
    const id = 'renewal.takingTurn.waiting xstate.after.untilTurnDoubt.renewal.takingTurn.waiting[0]'
    expect(await looks(page, id)).toContain('is-changed')
    await page.getByRole('checkbox', { name: 'Level 3' }).uncheck()
    await expect.poll(() => looks(page, id)).toContain('is-good')
    await page.getByRole('checkbox', { name: 'Level 2' }).uncheck()
    await expect
      .poll(() => panel(page).locator('output').textContent())
      .toBe('All 36 transitions of this chart are taken at level 1.')
    await page.getByRole('checkbox', { name: 'Level 1' }).uncheck()
    await expect.poll(() => panel(page).locator('output').textContent()).toBe('Choose a level.')
    expect(faults.list).toEqual([])
    await page.close()
  })

  test('says why a level does not take a transition, and shows where that is', async () => {
    const page = await open('#mode=tests&chart=session')
    const missed = coverage.transitions.session.find(({ id }) => id === 'session.ending.clearing logout[0]')
    const other = coverage.transitions.session.find(({ levels, id }) => levels.length < 3 && id.includes('.active.'))
    const shown = missed !== undefined && missed.levels.length < 3 ? missed : other
    if (shown === undefined) throw new Error('Every transition is taken at each level: choose another sign.')
    const [reason] = Object.values(shown.reasons ?? {})
    expect(await panel(page).textContent()).toContain(reason?.replaceAll('`', ''))
    const transition = chartModelOf(sessionMachine).transitions.find(({ id }) => id === shown.id)
    const name = `${transition?.name}${transition?.guard === null ? '' : ` [${transition?.guard}]`}${transition?.source}`
    expect(await page.locator('.chart-drawing').locator(`[data-id="${shown.id}"]`).count()).toBe(0)
    const closed = panel(page).locator('details:not([open]) > summary')
    while ((await closed.count()) > 0) await closed.first().click()
    await panel(page)
      .getByRole('button')
      .filter({ hasText: new RegExp(`^${name.replaceAll(/[.[\]]/g, '\\$&')}$`) })
      .first()
      .click()
    // What it is in has been opened for it.
    await drawn(page, transition?.source ?? '').waitFor()
    expect(new URLSearchParams(new URL(page.url()).hash.slice(1)).get('at')).toBe(shown.id)
    await page.close()
  })

  test('and what a recorded session did, are two things to be drawn; a file that is none says so', async () => {
    const page = await open('#mode=tests&chart=renewal')
    await panel(page).getByRole('button', { name: 'What a session did' }).click()
    await give(page, 'Open a recording', 'notes.json', '{"a":1}')
    await expect.poll(() => panel(page).getByRole('alert').textContent()).toContain('no recording')
    const [turn, other] = ['renewal.takingTurn.waiting turn.granted[0]', 'renewal.backingOff renewal.retry[0]']
    const at = (states: readonly string[]) => ({ states: ['renewal', ...states], services: [], waits: [] })
    const common = {
      actor: 'x:1',
      kind: 'stepped',
      event: 'turn.granted',
      details: {},
      taken: [turn],
      asked: [],
    } as const
    const records: readonly ChartRecord[] = [
      {
        kind: 'started',
        number: 1,
        at: 0,
        actor: 'x:1',
        chart: 'renewal',
        invokedBy: null,
        now: at(['renewal.takingTurn']),
      },
      { ...common, number: 2, at: 4_000, now: at(['renewal.takingTurn', 'renewal.takingTurn.rechecking']) },
      { ...common, number: 3, at: 9_000, now: at(['renewal.takingTurn', 'renewal.takingTurn.rechecking']) },
      { kind: 'ended', number: 4, at: 10_000, actor: 'x:1' },
    ]
    await give(
      page,
      'Open a recording',
      'mine.json',
      recordingFile({ base: [], records }, [chartModelOf(renewalMachine)]),
    )
    await expect
      .poll(() => panel(page).locator('output').textContent())
      .toBe('In mine.json, 1 of 36 transitions were taken, twice in all.')
    expect(await panel(page).getByRole('alert').count()).toBe(0)
    expect(await looks(page, turn)).toContain('is-high')
    expect(await looks(page, other)).toContain('is-none')
    expect(await drawn(page, turn).textContent()).toContain('2×')
    expect(await panel(page).textContent()).toContain('takingTurn.rechecking6 s')
    await page.close()
  })
})

describe('two versions of a chart', () => {
  const now = chartModelOf(renewalMachine)
  const [lost, changed] = ['renewal.waitingForNetwork', 'renewal.takingTurn.waiting sibling.renewed[0]']
  /** As it might have been: without a state, with another guard, and with a state that is gone now. */
  const then: ChartModel = {
    ...now,
    states: [
      ...now.states.filter(({ id }) => id !== lost),
      { ...(now.states.find(({ id }) => id === 'renewal.adopted') ?? fail()), id: 'renewal.givenUp', name: 'givenUp' },
    ],
    transitions: now.transitions
      .filter(({ source, targets }) => source !== lost && !targets.includes(lost))
      .map((one) => (one.id === changed ? { ...one, guard: 'isOlder' } : one)),
  }

  test('are drawn as one, with what is new, gone and changed, and told in words', async () => {
    const page = await open('#mode=compare')
    const faults = watchFaults(browser.context)
    await give(page, 'Open the earlier version', 'then.json', toJson(then))
    await drawn(page, 'renewal.givenUp').waitFor({ timeout: 60_000 })
    expect(await looks(page, 'renewal.givenUp')).toContain('is-removed')
    expect(await looks(page, lost)).toContain('is-added')
    expect(await looks(page, changed)).toContain('is-changed')
    const told = await panel(page).textContent()
    expect(told).toContain('Earlier: then.json. Later: Renewal, as it is in this page.')
    expect(told).toContain('if: isNewer, before: isOlder.')
    await panel(page).getByRole('button', { name: 'givenUp' }).click()
    await expect.poll(() => page.locator('.chart-details').textContent()).toContain('Gone.')
    await give(page, 'Compare with another file instead', 'same.json', toJson(then))
    await expect
      .poll(() => panel(page).locator('output').textContent())
      .toBe('Nothing differs: both versions are the same.')
    await panel(page).getByRole('button', { name: 'Begin anew' }).click()
    await expect.poll(() => panel(page).textContent()).toContain('Open an earlier version of a chart')
    expect(faults.list).toEqual([])
    await page.close()
  })

  test('that cannot be compared say why', async () => {
    const page = await open('#mode=compare')
    await give(page, 'Open the earlier version', 'notes.json', '{}')
    const alert = panel(page).getByRole('alert')
    await expect.poll(() => alert.textContent()).toContain('notes.json: This file holds no chart.')
    await give(page, 'Open the earlier version', 'then.json', toJson(then))
    await give(page, 'Compare with another file instead', 'session.json', toJson(chartModelOf(sessionMachine)))
    await expect.poll(() => alert.textContent()).toContain('two charts, “renewal” and “session”')
    await panel(page).getByRole('button', { name: 'Begin anew' }).click()
    await give(page, 'Open the earlier version', 'strange.json', toJson({ ...then, id: 'strange' }))
    await expect.poll(() => alert.textContent()).toContain('This page has no chart “strange”.')
    await page.close()
  })
})

function fail(): never {
  throw new Error('The chart has changed: choose other states.')
}

test.each(['#mode=tests', '#mode=compare'])('%s is no wider than a narrow screen', async (hash) => {
  const page = await open(hash, 390)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.close()
})
