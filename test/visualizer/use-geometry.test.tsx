// @vitest-environment happy-dom
import Elk from 'elkjs/lib/elk.bundled.js'
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it, vi } from 'vitest'
import { createMachine } from 'xstate'
import type { RunningElk } from '../../ui/visualizer/layout/running-elk.ts'
import { chartModelOf, SessionChart, type ChartModel } from '../../ui/visualizer/index.ts'

const start = vi.hoisted(() => vi.fn<() => Promise<RunningElk>>())
vi.mock('../../ui/visualizer/layout/running-elk.ts', () => ({ startElk: start }))

const modelOf = (id: string): ChartModel =>
  chartModelOf(
    createMachine({ id, initial: 'off', states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' } } } }),
  )

function show(model: ChartModel) {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const view = document.createElement('main')
  const root = createRoot(view)
  const draw = (shown: ChartModel) => act(() => root.render(<SessionChart model={shown} />))
  draw(model)
  return { view, draw, close: () => act(() => root.unmount()) }
}
const status = (view: HTMLElement) => view.querySelector('.chart')?.getAttribute('data-layout')
/** Until the page says so; what happens meanwhile is React's. */
const until = (view: HTMLElement, wanted: string) =>
  vi.waitFor(
    async () => {
      await act(() => Promise.resolve())
      expect(status(view)).toBe(wanted)
    },
    { timeout: 20_000 },
  )

it('a chart that ELK cannot lay out is told in words, with the problem', async () => {
  start.mockImplementation(async () => {
    const elk = Object.assign(new Elk(), { layout: () => Promise.reject(new Error('It is Monday.')) })
    return { elk, end: () => {} }
  })
  const { view, close } = show(modelOf('impossible'))
  expect(status(view)).toBe('laying out')
  await until(view, 'failed')
  expect(view.querySelector('[role="alert"]')?.textContent).toContain('It is Monday.')
  expect([...view.querySelectorAll('[role="treeitem"]')].map(({ textContent }) => textContent).join()).toContain('off')
  close()
})

it('a newer request ends the work at an older one', { timeout: 30_000 }, async () => {
  start.mockReset()
  const ended: string[] = []
  const real = new Elk()
  start.mockImplementationOnce(async () => ({
    elk: Object.assign(new Elk(), { layout: () => new Promise<never>(() => {}) }),
    end: () => ended.push('older'),
  }))
  start.mockImplementationOnce(async () => ({ elk: real, end: () => ended.push('newer') }))
  const { view, draw, close } = show(modelOf('older'))
  await vi.waitFor(() => expect(start).toHaveBeenCalledOnce())
  draw(modelOf('newer'))
  await until(view, 'ready')
  expect(view.querySelector('[data-id="newer.off"]')).not.toBeNull()
  await vi.waitFor(() => expect(ended.toSorted()).toEqual(['newer', 'older']))
  close()
})
