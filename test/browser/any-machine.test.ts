import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root, runNode } from '../../scripts/command.ts'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { startStatechart, type StatechartPage } from '../../scripts/statechart.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { watchFaults } from '../support/person.ts'

let browser: LaunchedBrowser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const patience = { timeout: 30_000 }
const shownBy = (page: Page, id: string) => page.locator(`.chart-drawing [data-id="${id}"]`)

describe('the page of our own charts, as people get it', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await startDemo({ mode: 'built' })
  })
  afterAll(() => demo.stop())

  test('loads no ELK for a shipped layout, and has it in a worker for another direction', async () => {
    const faults = watchFaults(browser.context)
    const page = await browser.context.newPage()
    const workers: string[] = []
    page.on('worker', (worker) => workers.push(worker.url()))
    await page.goto(new URL('/statechart/', demo.url).href)
    await shownBy(page, 'session.active').waitFor()
    const sizes = await page.evaluate(() =>
      performance.getEntriesByType('resource').map((entry) => (entry as PerformanceResourceTiming).decodedBodySize),
    )
    expect(sizes.length).toBeGreaterThan(2)
    // ELK alone has more than a million letters.
    expect(Math.max(...sizes)).toBeLessThan(1_000_000)
    expect(workers).toEqual([])

    await page.goto(new URL('/statechart/#chart=account&direction=RIGHT', demo.url).href)
    await expect.poll(() => page.locator('.chart').getAttribute('data-layout'), patience).toBe('ready')
    await shownBy(page, 'account.metadata.saving').waitFor()
    expect(workers).toHaveLength(1)
    await expect.poll(() => page.workers().length, patience).toBe(0)
    expect(faults.list).toEqual([])
    await page.close()
  })
})

describe('npm run statechart', () => {
  let folder: string
  let file: string
  let shown: StatechartPage
  const write = (text: string) => writeFile(file, text)
  const door = (event: string) => `
    import { createMachine } from 'xstate'
    const lamp = createMachine({ id: 'lamp', initial: 'off', states: { off: { on: { PRESS: 'on' } }, on: {} } })
    export default createMachine({
      id: 'door', initial: 'shut',
      states: { shut: { on: { ${event}: 'open' } }, open: { invoke: { src: lamp }, on: { SHUT: 'shut' } } },
    })
    export const withoutName = createMachine({ initial: 'here', states: { here: {} } })`

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sessionchart-machines-'))
    file = join(folder, 'machine.ts')
    await write(door('OPEN'))
    shown = await startStatechart({ file })
  })
  afterAll(async () => {
    await shown.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('draws the machines of a file, those within them too, and follows its changes', async () => {
    const page = await browser.context.newPage()
    await page.goto(shown.url)
    await shownBy(page, 'door.open').waitFor(patience)
    const tabs = page.getByRole('navigation', { name: 'Charts' }).getByRole('button')
    expect(await tabs.allTextContents()).toEqual(['door', 'lamp', 'withoutName'])
    await tabs.nth(1).click()
    await shownBy(page, 'lamp.off').waitFor(patience)
    await tabs.nth(0).click()

    await write(door('KNOCK'))
    await page.locator('.chart-label', { hasText: 'KNOCK' }).waitFor(patience)
    expect(await page.locator('.chart-label', { hasText: 'OPEN' }).count()).toBe(0)

    await write('export const nothing = 1')
    await expect.poll(() => page.getByRole('alert').textContent(), patience).toContain('exports no machine')
    await write("throw new Error('no such luck')")
    await expect.poll(() => page.getByRole('alert').textContent(), patience).toContain('cannot be loaded: no such luck')
    await write(door('OPEN'))
    await shownBy(page, 'door.open').waitFor(patience)
    await page.close()
  })

  test.each([
    [['nowhere/machine.ts'], 'There is no file'],
    [['one.ts', 'two.ts'], 'one file at a time'],
    [['--port', 'many'], 'whole number'],
    [['--harbour', '1'], 'harbour'],
  ])('says what is wrong with %j', async (args, words) => {
    const { ok, output } = await runNode(['scripts/run.mjs', 'scripts/statechart.ts', ...args], { cwd: root })
    expect(ok).toBe(false)
    expect(output).toContain(words)
    expect(output).toContain('Usage: npm run statechart')
  })
})
