import Elk from 'elkjs/lib/elk.bundled.js'
import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js'
import { expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { shippedLayouts } from '../../scripts/layouts.ts'
import { requestLayout } from '../../ui/visualizer/layout/request.ts'
import type { RunningElk } from '../../ui/visualizer/layout/running-elk.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'

let count = 0
/** Another one each time, so that nothing is known of it. */
const someModel = () =>
  chartModelOf(
    createMachine({
      id: `switch${(count += 1)}`,
      initial: 'off',
      states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' } } },
    }),
  )

/** An ELK that lays out as it is told here, and what became of it. */
function elkThat(layout: (graph: ElkNode) => Promise<ElkNode>) {
  const became = { started: 0, ended: 0 }
  const start = async (): Promise<RunningElk> => {
    became.started += 1
    return { elk: Object.assign(new Elk(), { layout: layout as ELK['layout'] }), end: () => (became.ended += 1) }
  }
  return { start, became }
}

const choice = { words: 'built', direction: 'best' } as const
const never = () => new Promise<never>(() => {})
const real = new Elk()

it('takes a shipped layout without ELK', async () => {
  const [shipped] = shippedLayouts()
  if (shipped === undefined) throw new Error('There are no shipped layouts.')
  const { start, became } = elkThat(never)
  const { states } = await requestLayout(shipped.model, { words: shipped.words, direction: 'best', start })
  expect(states.length).toBe(shipped.model.states.length)
  expect(became.started).toBe(0)
})

it('lays a chart out once', async () => {
  const model = someModel()
  const { start, became } = elkThat((graph) => real.layout(graph))
  const first = await requestLayout(model, { ...choice, start })
  expect(await requestLayout(model, { ...choice, start })).toBe(first)
  expect(became).toEqual({ started: 1, ended: 1 })
})

it('asks in plainer ways when ELK throws, and says the first problem when it always does', async () => {
  const { start, became } = elkThat(() => Promise.reject(new Error(`problem ${became.started}`)))
  await expect(requestLayout(someModel(), { ...choice, start })).rejects.toThrow('problem 1')
  expect(became).toEqual({ started: 3, ended: 3 })
})

it('draws without labels within lines what ELK cannot do with them', async () => {
  const isInline = (graph: ElkNode) => JSON.stringify(graph).includes('"elk.edgeLabels.inline":"true"')
  const { start, became } = elkThat((graph) =>
    isInline(graph) ? Promise.reject(new Error('no labels, please')) : real.layout(graph),
  )
  const geometry = await requestLayout(someModel(), { ...choice, start })
  expect(geometry.edges.map(({ path }) => path.length > 1)).toEqual([true, true])
  expect(became).toEqual({ started: 2, ended: 2 })
})

it('gives an ELK up that never answers', async () => {
  const { start, became } = elkThat(never)
  await expect(requestLayout(someModel(), { ...choice, start, limit: 40 })).rejects.toThrow(
    'No layout was found within',
  )
  expect(became).toEqual({ started: 3, ended: 3 })
})

it('gives one up that does not even start', async () => {
  await expect(requestLayout(someModel(), { ...choice, start: never, limit: 40 })).rejects.toThrow('within')
})

it('ends the work when nobody wants it any more', async () => {
  const wanted = new AbortController()
  const { start, became } = elkThat(never)
  const request = requestLayout(someModel(), { ...choice, start, signal: wanted.signal })
  setTimeout(() => wanted.abort(), 30)
  await expect(request).rejects.toThrow()
  expect(became).toEqual({ started: 1, ended: 1 })
})
