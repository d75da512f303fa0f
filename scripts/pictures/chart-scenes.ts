import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { logInByRedirect } from '../../test/support/person.ts'
import { sessionMachine } from '../../machines/index.ts'
import { scenarios } from '../../services/memory/index.ts'
import { toJson } from '../../ui/visualizer/export/json.ts'
import { chartModelOf, type ChartModel } from '../../ui/visualizer/model/chart.ts'
import type { Scene, Stage } from './stage.ts'

/** Shows the page of charts with this in its address, drawn. */
async function show({ demo, page }: Pick<Stage, 'demo' | 'page'>, hash: string): Promise<void> {
  // Another hash alone would leave the page as it is.
  await page.goto('about:blank')
  await page.goto(new URL(`/statechart/#${hash}`, demo.url).href)
  await page.locator('.chart[data-layout="ready"] .chart-state').first().waitFor()
}

const views = {
  statechart: '',
  'statechart-experienced': 'words=experienced',
  'statechart-active':
    'at=session.active.access.authenticated&closed=session.checkingStorage,session.askingProvider,session.authenticating,session.ending',
  'statechart-all': 'closed=',
  'statechart-renewal': 'chart=renewal',
  'statechart-renewal-experienced': 'chart=renewal&words=experienced&at=renewal.takingTurn.requesting',
  'statechart-account': 'chart=account',
  'statechart-account-experienced': 'chart=account&words=experienced&at=account.metadata.saving',
  'statechart-tests': 'mode=tests',
  'statechart-compare-empty': 'mode=compare',
  'statechart-play': 'mode=play',
  'statechart-live-empty': 'mode=live',
} as const

/** The session's chart as it might have been: without a state, with another guard. */
function earlier(): ChartModel {
  const now = chartModelOf(sessionMachine)
  const isNew = (id: string) => id === 'session.relaying' || id.startsWith('session.relaying ')
  return {
    ...now,
    states: now.states.filter(({ id }) => !isNew(id)),
    transitions: now.transitions
      .filter(({ id, targets }) => !isNew(id) && !targets.some(isNew))
      .map((one) => (one.id === 'session.unauthenticated login[0]' ? { ...one, guard: 'wantsPopup' } : one)),
  }
}

/** A session in one tab, and whoever watches it in another. */
async function watched({ demo, page }: Stage): Promise<Page> {
  const viewer = await page.context().newPage()
  await show({ demo, page: viewer }, 'mode=live')
  await page.goto(demo.url)
  await logInByRedirect(page, demo)
  await page.getByText('All changes are saved.').waitFor()
  await viewer.locator('.live-tabs button').first().waitFor()
  await viewer
    .getByRole('listbox', { name: /^Records/ })
    .getByText('profile.loaded')
    .waitFor()
  return viewer
}

export const chartScenes: Readonly<Record<string, Scene>> = {
  ...Object.fromEntries(
    Object.entries(views).map(([name, hash]): [string, Scene] => [
      name,
      async (stage) => {
        await show(stage, hash)
        await stage.take()
      },
    ]),
  ),
  'statechart-scenarios': async (stage) => {
    const { page, take } = stage
    for (const { id, title, moments } of scenarios) {
      await show(stage, 'mode=play')
      await page
        .locator('.play')
        .getByRole('button', { name: new RegExp(`^${title}`) })
        .click()
      // Where it is most of itself: a little past its middle.
      const step = Math.max(2, Math.ceil(moments.length * 0.6))
      for (let done = 1; done < step; done += 1) await page.getByRole('button', { name: 'Next', exact: true }).click()
      await page.getByText(`Step ${step} of ${moments.length}`).waitFor()
      await page.locator('.chart[data-layout="ready"]').waitFor()
      await take(`statechart-play-${id}`)
    }
  },
  'statechart-live': async (stage) => {
    const viewer = await watched(stage)
    await viewer.getByRole('button', { name: 'Here', exact: true }).click()
    await stage.take('statechart-live', viewer)
    await viewer.getByLabel('Event to ask about').selectOption('page.resumed')
    await viewer.getByText('isExpired and isRenewable', { exact: true }).waitFor()
    await stage.take('statechart-why-not', viewer)
    const saving = viewer.waitForEvent('download')
    await viewer.getByRole('button', { name: 'Save recording' }).click()
    const path = await (await saving).path()
    await show({ ...stage, page: viewer }, 'mode=tests&closed=')
    await viewer.getByRole('button', { name: 'What a session did' }).click()
    await viewer.getByLabel('Open a recording', { exact: true }).setInputFiles({
      name: 'session.json',
      mimeType: 'application/json',
      buffer: await readFile(path),
    })
    await viewer.getByText(/transitions were taken/).waitFor()
    await stage.take('statechart-heat', viewer)
  },
  'statechart-compare': async (stage) => {
    const { page, take } = stage
    await show(stage, 'mode=compare')
    await page
      .locator('.panel input[type="file"]')
      .first()
      .setInputFiles({ name: 'earlier.json', mimeType: 'application/json', buffer: Buffer.from(toJson(earlier())) })
    await page.locator('.chart-drawing .is-added').first().waitFor()
    await page.locator('.chart[data-layout="ready"]').waitFor({ timeout: 60_000 })
    await take()
  },
}
