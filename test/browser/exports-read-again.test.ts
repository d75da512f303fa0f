import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Elk from 'elkjs/lib/elk.bundled.js'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'
import { markupOf } from '../../scripts/charts/pictures.ts'
import { root } from '../../scripts/command.ts'
import { toMermaid } from '../../ui/visualizer/export/mermaid.ts'
import { toScxml } from '../../ui/visualizer/export/scxml.ts'
import { toSvg } from '../../ui/visualizer/export/svg.ts'
import { layOut } from '../../ui/visualizer/layout/elk.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { readXml } from '../support/read-xml.ts'
import { chartNamed, nastyText } from '../visualizer/nasty.ts'
import { ownCharts } from '../visualizer/own-charts.ts'

// Exports read again by programs that we did not write: Mermaid, and what Chromium has for XML.

/** What XML has no place for at all. */
// oxlint-disable-next-line no-control-regex
const notInXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu

let browser: LaunchedBrowser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const models = [sessionMachine, renewalMachine, accountMachine, ...ownCharts].map((machine) => chartModelOf(machine))
const nasty = fc
  .sample(fc.array(nastyText, { minLength: 24, maxLength: 24 }), { numRuns: 150, seed: 20_261_123 })
  .map(chartNamed)

test('every chart is a state diagram to Mermaid, with each of its transitions', async () => {
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
              titles: relations.map(({ relationTitle }) => relationTitle ?? '').filter((title) => title !== ''),
              text,
            }
          } catch (problem) {
            return { diagramType: String(problem), titles: [], text }
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
    const names = geometry.states.filter(({ id }) => model.states.find((state) => state.id === id)?.type !== 'history')
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
