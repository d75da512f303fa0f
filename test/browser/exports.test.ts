import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Elk from 'elkjs/lib/elk.bundled.js'
import fc from 'fast-check'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
import { root } from '../../scripts/command.ts'
import { markupOf } from '../../scripts/charts/pictures.ts'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import { readModel } from '../../ui/visualizer/export/json.ts'
import { toMermaid } from '../../ui/visualizer/export/mermaid.ts'
import { toScxml } from '../../ui/visualizer/export/scxml.ts'
import { toSvg } from '../../ui/visualizer/export/svg.ts'
import { layOut } from '../../ui/visualizer/layout/elk.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { watchFaults } from '../support/person.ts'
import { chartNamed, nastyText } from '../visualizer/nasty.ts'
import { ownCharts } from '../visualizer/own-charts.ts'

/** What XML has no place for at all. */
// oxlint-disable-next-line no-control-regex
const notInXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu

let demo: Demo
let browser: LaunchedBrowser
beforeAll(async () => {
  demo = await startDemo({ mode: 'built' })
  browser = await launchBrowser({
    context: { acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] },
  })
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

async function open(hash = '', scheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await browser.context.newPage()
  await page.emulateMedia({ colorScheme: scheme })
  await page.goto(new URL(`/statechart/${hash}`, demo.url).href)
  await page.locator('.chart-drawing .chart-state').first().waitFor()
  return page
}

/** What is saved when this is chosen from "Take it along", as a file has it. */
async function taken(page: Page, name: string): Promise<{ readonly name: string; readonly content: Buffer }> {
  await page.getByText('Take it along', { exact: true }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: new RegExp(`^${name} `) }).click(),
  ])
  await expect
    .poll(() => page.locator('.export output').textContent())
    .toBe(`Saved as ${download.suggestedFilename()}.`)
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) }
}

/** What Chromium makes of XML: the problem that it has with it, its title and description, and all texts that are drawn. */
const readXml = (page: Page, xml: string) =>
  page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, 'text/xml')
    const texts = (selector: string) => [...read.querySelectorAll(selector)].map(({ textContent }) => textContent)
    return {
      problem: texts('parsererror').join(),
      title: texts('svg > title').join(),
      about: texts('svg > desc').join(),
      drawn: texts('text'),
      pressable: read.querySelectorAll('[tabindex], [role=button]').length,
      styles: texts('style').join(),
      width: Number(read.documentElement.getAttribute('width')),
      height: Number(read.documentElement.getAttribute('height')),
    }
  }, xml)

/** A picture as Chromium draws it: how large, and its colours by how many of all points. */
const readPicture = (page: Page, content: Buffer, type: string) =>
  page.evaluate(
    async ([base64, kind]) => {
      const image = new Image()
      image.src = `data:${kind};base64,${base64}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.naturalWidth
      canvas.height = image.naturalHeight
      const pen = canvas.getContext('2d')
      pen?.drawImage(image, 0, 0)
      const points = pen?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
      const colours: Record<string, number> = {}
      for (let at = 0; at < points.length; at += 4) {
        const colour = `${points[at]},${points[at + 1]},${points[at + 2]}`
        colours[colour] = (colours[colour] ?? 0) + 1
      }
      return { width: canvas.width, height: canvas.height, colours }
    },
    [content.toString('base64'), type] as const,
  )

describe.each(['light', 'dark'] as const)('the picture, %s', (scheme) => {
  const [ground, box] = scheme === 'light' ? ['246,247,245', '255,255,255'] : ['15,20,19', '23,29,27']

  test('as SVG has all that is drawn, stands by itself, and looks as on the page', async () => {
    const page = await open('#chart=renewal', scheme)
    const shown = await page.locator('.chart-drawing text').allTextContents()
    const { name, content } = await taken(page, 'SVG')
    expect(name).toBe('renewal.svg')
    const read = await readXml(page, content.toString())
    expect(read.problem).toBe('')
    expect(read.drawn).toEqual(shown)
    expect(read.title).toBe('The chart renewal')
    expect(read.about).toContain('backingOff: ')
    expect(read.pressable).toBe(0)
    expect(read.styles).not.toMatch(/var\(|@media|:hover/)
    const { colours, width, height } = await readPicture(page, content, 'image/svg+xml')
    expect([width, height]).toEqual([read.width, read.height])
    for (const colour of [ground, box]) expect(colours[colour ?? ''], colour).toBeGreaterThan(0.05 * width * height)
    await page.close()
  })

  test('as PNG has two points for each of the drawing, and is not blank', async () => {
    const page = await open('#chart=account', scheme)
    const svg = await readXml(page, (await taken(page, 'SVG')).content.toString())
    const { name, content } = await taken(page, 'PNG')
    expect(name).toBe('account.png')
    const { width, height, colours } = await readPicture(page, content, 'image/png')
    expect([width, height]).toEqual([svg.width * 2, svg.height * 2])
    for (const colour of [ground, box]) expect(colours[colour ?? ''], colour).toBeGreaterThan(0.05 * width * height)
    expect(Object.keys(colours).length).toBeGreaterThan(20)
    await page.close()
  })
})

test('the largest of the charts can be taken along as PNG, too', async () => {
  const page = await open('#chart=session&closed=')
  const { content } = await taken(page, 'PNG')
  expect((await readPicture(page, content, 'image/png')).width).toBeGreaterThan(2000)
  await page.close()
})

test('as text the whole chart is taken along, whatever is closed in the drawing', async () => {
  const page = await open()
  const faults = watchFaults(browser.context)
  const session = chartModelOf(sessionMachine)
  const json = await taken(page, 'JSON')
  expect([json.name, readModel(json.content.toString())]).toEqual(['session.json', JSON.parse(JSON.stringify(session))])
  expect((await taken(page, 'SCXML')).content.toString()).toBe(toScxml(session))
  expect((await taken(page, 'Mermaid')).content.toString()).toBe(toMermaid(session))
  const uml = await taken(page, 'PlantUML')
  expect([uml.name, uml.content.toString().slice(0, 9)]).toEqual(['session.puml', '@startuml'])
  expect(faults.list).toEqual([])
  await page.close()
})

test('the link that is copied shows the same chart and state', async () => {
  const page = await open('#chart=renewal&at=renewal.backingOff')
  await page.getByText('Take it along', { exact: true }).click()
  await page.getByRole('button', { name: /^Copy the link/ }).click()
  await expect.poll(() => page.locator('.export output').textContent()).toBe('The link is copied.')
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const other = await browser.context.newPage()
  await other.goto(link)
  await expect.poll(() => other.locator('.chart-details').textContent()).toContain('renewal.backingOff')
  await other.close()
  await page.close()
})

test('the menu is opened, gone through and closed by keyboard', async () => {
  const page = await open()
  const opener = page.locator('.export summary')
  await opener.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('SVG')
  await page.keyboard.press('Escape')
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await page.locator('.export details').getAttribute('open')).toBeNull()
  await page.keyboard.press('Enter')
  await page.mouse.click(5, 500)
  await expect.poll(() => page.locator('.export details').getAttribute('open')).toBeNull()
  await page.close()
})

test.each(['#chart=renewal', '#chart=session', '#chart=session&closed='])(
  '%s is printed on one page, all of it and light',
  async (hash) => {
    const page = await open(hash, 'dark')
    const pdf = (await page.pdf({ format: 'A4', landscape: true, printBackground: true })).toString('latin1')
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1)
    // As a printer has it, seen on the screen.
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const sheet = page.locator('.print-sheet svg')
    const [box, size] = [await sheet.boundingBox(), page.viewportSize()]
    expect(box?.width).toBeLessThanOrEqual(size?.width ?? 0)
    expect(box?.height).toBeLessThanOrEqual(size?.height ?? 0)
    expect(await sheet.locator('.chart-state').count()).toBe(await page.locator('.statechart .chart-state').count())
    expect(await page.locator('.statechart').isVisible()).toBe(false)
    expect(
      await sheet
        .locator('.chart-name')
        .first()
        .evaluate((name) => getComputedStyle(name).fontSize),
    ).toBe('13px')
    expect(await sheet.locator('> rect').getAttribute('fill')).toBe('#f6f7f5')
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' })
    expect(await page.locator('.print-sheet').count()).toBe(0)
    await page.close()
  },
)

describe('read again by Mermaid and by Chromium', () => {
  const models = [sessionMachine, renewalMachine, accountMachine, ...ownCharts].map((machine) => chartModelOf(machine))
  const nasty = fc
    .sample(fc.array(nastyText, { minLength: 24, maxLength: 24 }), { numRuns: 150, seed: 20_261_123 })
    .map(chartNamed)

  test('every chart is a state diagram to Mermaid, with each state and transition', async () => {
    const page = await browser.context.newPage()
    await page.setContent('<!doctype html>')
    await page.addScriptTag({ path: join(root, 'node_modules/mermaid/dist/mermaid.min.js') })
    const read = await page.evaluate(
      async (texts) => {
        const { mermaid } = window as unknown as {
          mermaid: { parse(text: string): Promise<{ diagramType: string }>; mermaidAPI: MermaidApi }
        }
        interface MermaidApi {
          getDiagramFromText(text: string): Promise<{ db: MermaidDb }>
        }
        interface MermaidDb {
          getStates(): Map<string, unknown>
          getRelations(): { readonly id1: string; readonly id2: string; readonly relationTitle?: string }[]
        }
        return Promise.all(
          texts.map(async (text) => {
            try {
              const { diagramType } = await mermaid.parse(text)
              const { db } = await mermaid.mermaidAPI.getDiagramFromText(text)
              const relations = db.getRelations()
              return {
                diagramType,
                states: [...db.getStates().keys()].filter((id) => !/^root_(start|end)|_(start|end)\d*$/.test(id))
                  .length,
                titles: relations.map(({ relationTitle }) => relationTitle ?? '').filter((title) => title !== ''),
                text,
              }
            } catch (problem) {
              return { diagramType: String(problem), states: 0, titles: [], text }
            }
          }),
        )
      },
      [...models, ...nasty].map(toMermaid),
    )
    for (const [place, { diagramType, titles, text }] of read.entries()) {
      expect(diagramType, text).toBe('stateDiagram')
      const model = [...models, ...nasty][place]
      expect(titles.length, text).toBe(model?.transitions.flatMap(({ targets }) => targets).length)
    }
    await page.close()
  })

  test('SVG is well-formed, whatever a chart is called, and says its names as they are', async () => {
    const page = await browser.context.newPage()
    const elk = new Elk()
    const css = await readFile(join(root, 'ui/visualizer/chart/chart.css'), 'utf8')
    for (const model of nasty.slice(0, 40)) {
      const geometry = await layOut(model, elk, { words: 'built', direction: 'DOWN', effort: 'least' })
      const svg = toSvg({ model, geometry, markup: markupOf(model, geometry), css, theme: 'light' })
      const { problem, title, drawn } = await readXml(page, svg)
      expect(problem, svg).toBe('')
      // As XML has it: every end of a line is one sign.
      const read = (text: string) => text.replaceAll(/\r\n?/g, '\n').replaceAll(notInXml, '\uFFFD')
      expect(title).toBe(`The chart ${model.id.replaceAll(notInXml, '\uFFFD')}`)
      const names = geometry.states.filter(
        ({ id }) => model.states.find((state) => state.id === id)?.type !== 'history',
      )
      for (const { title: name } of names) expect(drawn).toContain(read(name))
    }
    await page.close()
  })

  test('SCXML is well-formed, and every name and description can be read out of it again', async () => {
    const page = await browser.context.newPage()
    for (const model of [...models, ...nasty]) {
      const read = await page.evaluate((xml) => {
        const parsed = new DOMParser().parseFromString(xml, 'text/xml')
        const states = [...parsed.querySelectorAll('[id]:not(invoke, send)')]
        return {
          problem: [...parsed.querySelectorAll('parsererror')].map(({ textContent }) => textContent).join(),
          states: states.map((state) => [state.getAttribute('id'), state.getAttribute('chart:description') ?? '']),
          guards: [...parsed.querySelectorAll('transition')].flatMap((one) => one.getAttribute('cond') ?? []),
        }
      }, toScxml(model))
      const named = (name: string | null) =>
        (name ?? '').replaceAll(/_x([0-9A-F]{4,6})_/g, (_, code: string) =>
          String.fromCodePoint(Number.parseInt(code, 16)),
        )
      const kept = (text: string) => text.replaceAll(notInXml, '\uFFFD')
      expect(read.problem).toBe('')
      expect(read.states.map(([id, description]) => [named(id ?? ''), description])).toEqual(
        model.states.map(({ id, description }) => [id.replaceAll(/\p{Surrogate}/gu, '\uFFFD'), kept(description)]),
      )
      const byState = model.states.flatMap(({ id }) => model.transitions.filter(({ source }) => source === id))
      expect(read.guards.toSorted()).toEqual(
        byState.flatMap(({ guard }) => (guard === null ? [] : [kept(guard)])).toSorted(),
      )
    }
    await page.close()
  })
})
