import { join } from 'node:path'
import Elk from 'elkjs/lib/elk.bundled.js'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../../test/support/chromium.ts'
import { toMermaid } from '../../ui/visualizer/export/mermaid.ts'
import { layOut } from '../../ui/visualizer/layout/elk.ts'
import { overlapsIn } from '../../ui/visualizer/layout/overlaps.ts'
import { chartModelOf, type ChartModel } from '../../ui/visualizer/model/chart.ts'
import type { DrawerPage } from '../clients/drawers/drawn.ts'
import { chartOf } from '../clients/drawers/charts.ts'
import { serveApp } from '../lab/app-server.ts'
import type { Row, Section, Table } from '../lab/figures.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { drawerNames, type DrawerName } from '../lab/pages.ts'
import { root } from '../lab/places.ts'

const sizes = [25, 80, 300] as const

/** Figures by size and by who drew; a reason where there is no drawing. */
class Times {
  readonly #found = new Map<string, number[] | string>()

  async note(who: string, size: number, take: () => Promise<number>): Promise<void> {
    const key = `${size} ${who}`
    const before = this.#found.get(key) ?? []
    if (typeof before === 'string') return
    try {
      this.#found.set(key, [...before, await take()])
    } catch (error) {
      this.#found.set(key, String(error).split('\n')[0] ?? '')
    }
  }

  table(title: string, names: readonly string[]): Table {
    return {
      title,
      columns: sizes.map((size) => ({ name: `${size} states`, unit: 'ms', better: 'less' as const })),
      rows: names.map((who): Row => ({
        who,
        values: Object.fromEntries(
          sizes.map((size) => [`${size} states`, this.#found.get(`${size} ${who}`) ?? 'not tried']),
        ),
      })),
    }
  }
}

const whoDraws = (name: DrawerName): string => name.replace('draw-', '')

/** A page with one chart is opened, as a person opens it. */
async function drawings({ page, rounds, say }: Lab, times: Times): Promise<void> {
  const browser = await launchBrowser({ context: { viewport: { width: 1280, height: 800 } } })
  const servers = new Map<DrawerName, Awaited<ReturnType<typeof serveApp>>>()
  try {
    const tab = await browser.context.newPage()
    const open = async (name: DrawerName, size: number): Promise<number> => {
      await tab.goto('about:blank')
      await tab.goto(`${servers.get(name)?.origin ?? ''}/?states=${size}`)
      return tab.evaluate((): DrawerPage['drawn'] => window.drawer.drawn)
    }
    for (const name of drawerNames) {
      const nobody = { issuer: '', clientId: '', redirectUri: '', lead: 0 }
      servers.set(name, await serveApp(await page(name), () => nobody))
      // What every later visit finds in the cache.
      await open(name, sizes[0]).catch(() => {})
    }
    for (let round = 0; round < rounds; round += 1) {
      say(`first drawing, round ${round + 1} of ${rounds}`)
      for (const size of sizes)
        for (const name of drawerNames) await times.note(whoDraws(name), size, () => open(name, size))
    }
  } finally {
    await browser.close()
    await Promise.all([...servers.values()].map((server) => server.stop()))
  }
}

/** Nothing but the layout, everything loaded. Resolves with how much of ours lies on one another, by size. */
async function layouts({ rounds, say }: Lab, times: Times): Promise<ReadonlyMap<number, number>> {
  const browser = await launchBrowser()
  const overlaps = new Map<number, number>()
  try {
    const tab = await browser.context.newPage()
    await tab.setContent('<!doctype html><body></body>')
    await tab.addScriptTag({ path: join(root, 'node_modules/mermaid/dist/mermaid.min.js') })
    const { render } = (await import('state-machine-cat')) as unknown as {
      render(text: string, options: { readonly inputType: 'scxml'; readonly outputType: 'svg' }): Promise<string>
    }
    const { toScxml } = await import('../../ui/visualizer/export/scxml.ts')
    for (let round = 0; round < rounds; round += 1) {
      say(`layout, round ${round + 1} of ${rounds}`)
      for (const size of sizes) {
        const model = chartModelOf(chartOf(size))
        await times.note('sessionchart', size, () => laidOutByUs(model, (count) => overlaps.set(size, count)))
        await times.note('(one way only)', size, () => laidOutByUs(model, () => {}, 1))
        await times.note('mermaid', size, () => laidOutByMermaid(tab, model))
        await times.note('state-machine-cat', size, async () => {
          const began = performance.now()
          const drawn = await render(toScxml(model), { inputType: 'scxml', outputType: 'svg' })
          if (!drawn.includes('<g id="node')) throw new Error('drew no state')
          return performance.now() - began
        })
      }
    }
  } finally {
    await browser.close()
  }
  return overlaps
}

async function run(lab: Lab): Promise<Section> {
  const [first, alone] = [new Times(), new Times()]
  await drawings(lab, first)
  const overlaps = await layouts(lab, alone)
  return {
    name: 'visualizer',
    title: 'The visualizer',
    how: 'Made-up charts of so many states in groups. Time to first drawing: a page with one chart is opened in Chromium, with all its files in the cache, until the drawing is on the screen; ours by `<SessionChart>`, which loads ELK in a worker, the others as their documentation has it, with the chart as our exports write it. Layout: everything is loaded, from the model to places and lines; ours by ELK in Node, Mermaid in Chromium, state-machine-cat in Node, by Graphviz in WebAssembly. `(one way only)` is ours without a second try where something overlaps or a tall drawing is hard to read. Our own three charts are laid out beforehand and need no layout at all.',
    tables: [
      first.table('time to first drawing', drawerNames.map(whoDraws)),
      alone.table('layout', ['sessionchart', '(one way only)', 'mermaid', 'state-machine-cat']),
    ],
    curves: [],
    cannot: sizes.map(
      (size) => `Texts, boxes and arrows of ours that lie on one another, ${size} states: ${overlaps.get(size) ?? 0}.`,
    ),
  }
}

async function laidOutByUs(model: ChartModel, count: (overlaps: number) => void, tries?: number): Promise<number> {
  const began = performance.now()
  const geometry = await layOut(model, new Elk(), tries === undefined ? {} : { tries })
  const ms = performance.now() - began
  count(overlapsIn(geometry).length)
  return ms
}

const laidOutByMermaid = (tab: Page, model: ChartModel): Promise<number> =>
  tab.evaluate(async (text) => {
    const { mermaid } = window as unknown as {
      mermaid: { initialize(options: object): void; render(id: string, text: string): Promise<{ svg: string }> }
    }
    mermaid.initialize({ startOnLoad: false, maxTextSize: 1e7, maxEdges: 10_000 })
    const began = performance.now()
    await mermaid.render(`drawn${Math.floor(began)}`, text)
    return performance.now() - began
  }, toMermaid(model))

export const visualizer: Measure = { name: 'visualizer', rounds: 3, run }
