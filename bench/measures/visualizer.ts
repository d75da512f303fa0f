import { join } from 'node:path'
import Elk from 'elkjs/lib/elk.bundled.js'
import { createMachine, type AnyStateMachine } from 'xstate'
import { launchBrowser } from '../../test/support/chromium.ts'
import { toMermaid } from '../../ui/visualizer/export/mermaid.ts'
import { layOut } from '../../ui/visualizer/layout/elk.ts'
import { overlapsIn } from '../../ui/visualizer/layout/overlaps.ts'
import { chartModelOf, type ChartModel } from '../../ui/visualizer/model/chart.ts'
import type { Row, Section } from '../lab/figures.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { root } from '../lab/places.ts'
import { createChance } from '../../scripts/soak/chaos.ts'

const sizes = [25, 80, 300] as const

/** So many states in groups of five, with one and a half times as many transitions; the same for the same number. */
function chartOf(states: number): AnyStateMachine {
  const chance = createChance(states)
  const groups = Math.ceil(states / 6)
  const name = (index: number): string => `group ${index}`
  return createMachine({
    id: `chart of ${states}`,
    initial: name(0),
    states: Object.fromEntries(
      Array.from({ length: groups }, (_, group) => [
        name(group),
        {
          initial: 'step 0',
          states: Object.fromEntries(
            Array.from({ length: Math.min(5, states - group * 6 - 1) }, (_, step) => [
              `step ${step}`,
              { on: { go: `step ${(step + 1) % Math.max(1, Math.min(5, states - group * 6 - 1))}` } },
            ]),
          ),
          on: {
            done: name((group + 1) % groups),
            [`jump ${group}`]: name(Math.floor(chance() * groups)),
            ...(chance() < 0.5 ? { back: name(Math.max(0, group - 1)) } : {}),
          },
        },
      ]),
    ),
  })
}

type Drawn = { readonly ms: number } | { readonly failed: string }

async function run({ rounds, say }: Lab): Promise<Section> {
  const browser = await launchBrowser()
  const times = new Map<string, number[]>()
  const failed = new Map<string, string>()
  const overlaps = new Map<number, number>()
  const note = (who: string, size: number, drawn: Drawn): void => {
    const key = `${size} ${who}`
    if ('ms' in drawn) times.set(key, [...(times.get(key) ?? []), drawn.ms])
    else failed.set(key, drawn.failed)
  }
  const page = await browser.context.newPage()
  try {
    await page.setContent('<!doctype html><body></body>')
    await page.addScriptTag({ path: join(root, 'node_modules/mermaid/dist/mermaid.min.js') })
    const { render } = (await import('state-machine-cat')) as unknown as {
      render(
        text: string,
        options: { readonly inputType: 'scxml' | 'smcat'; readonly outputType: 'svg' },
      ): Promise<string>
    }
    const { toScxml } = await import('../../ui/visualizer/export/scxml.ts')
    for (let round = 0; round < Math.min(rounds, 3); round += 1) {
      say(`round ${round + 1} of ${Math.min(rounds, 3)}`)
      for (const size of sizes) {
        const model = chartModelOf(chartOf(size))
        note('sessionchart', size, await drawnByUs(model, (count) => overlaps.set(size, count)))
        note('(one way only)', size, await drawnByUs(model, () => {}, 1))
        note('mermaid', size, await page.evaluate(drawnByMermaid, toMermaid(model)))
        const began = performance.now()
        try {
          const drawn = await render(toScxml(model), { inputType: 'scxml', outputType: 'svg' })
          const boxes = drawn.match(/<g id="node/g)?.length ?? 0
          const ms = performance.now() - began
          note('state-machine-cat', size, boxes > 0 ? { ms } : { failed: 'drew no state' })
        } catch (error) {
          note('state-machine-cat', size, { failed: String(error).split('\n')[0] ?? '' })
        }
      }
    }
  } finally {
    await browser.close()
  }
  const who = ['sessionchart', '(one way only)', 'mermaid', 'state-machine-cat']
  return {
    name: 'visualizer',
    title: 'The visualizer',
    how: 'Made-up charts of so many states in groups, from the model to a finished drawing: ours by ELK in Node, in up to twelve ways of which the best is kept, for at most three seconds; Mermaid in Chromium; state-machine-cat in Node, by Graphviz in WebAssembly. Our own three charts are laid out beforehand and need no layout at all.',
    tables: [
      {
        title: 'layout',
        columns: sizes.map((size) => ({ name: `${size} states`, unit: 'ms', better: 'less' as const })),
        rows: who.map((name): Row => ({
          who: name,
          values: Object.fromEntries(
            sizes.map((size) => [
              `${size} states`,
              times.get(`${size} ${name}`) ?? failed.get(`${size} ${name}`) ?? '',
            ]),
          ),
        })),
      },
    ],
    curves: [],
    cannot: [
      ...sizes.map(
        (size) =>
          `Texts, boxes and arrows of ours that lie on one another, ${size} states: ${overlaps.get(size) ?? 0}.`,
      ),
      ...[...failed].map(([key, why]) => `${key}: ${why}`),
    ],
  }
}

async function drawnByUs(model: ChartModel, count: (overlaps: number) => void, tries?: number): Promise<Drawn> {
  const began = performance.now()
  const geometry = await layOut(model, new Elk(), tries === undefined ? {} : { tries })
  const ms = performance.now() - began
  count(overlapsIn(geometry).length)
  return { ms }
}

async function drawnByMermaid(text: string): Promise<Drawn> {
  const { mermaid } = window as unknown as {
    mermaid: { initialize(options: object): void; render(id: string, text: string): Promise<{ svg: string }> }
  }
  mermaid.initialize({ startOnLoad: false, maxTextSize: 1e7, maxEdges: 10_000 })
  const began = performance.now()
  try {
    await mermaid.render(`drawn${Math.floor(began)}`, text)
    return { ms: performance.now() - began }
  } catch (error) {
    return { failed: String(error).split('\n')[0] ?? '' }
  }
}

export const visualizer: Measure = { name: 'visualizer', rounds: 3, run }
