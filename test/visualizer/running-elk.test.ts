import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { prepareElk as Prepare, startElk as Start } from '../../ui/visualizer/layout/running-elk.ts'

// Which worker lays out, and how long it is kept; what it answers is of no matter here.

const workers: FakeWorker[] = []

/** Answers as ELK's worker does: a layout with the graph itself, unless it is called `hard`, and with a problem when it is called `bad`. */
class FakeWorker extends EventTarget {
  onmessage: ((event: MessageEvent) => void) | null = null
  isEnded = false
  constructor() {
    super()
    workers.push(this)
    this.addEventListener('message', (event) => this.onmessage?.(event as MessageEvent))
  }
  postMessage({ id, cmd, graph }: { id: number; cmd: string; graph?: { id: string } }): void {
    if (graph?.id === 'hard') return
    const answer = graph?.id === 'bad' ? { error: { message: 'too hard' } } : { data: cmd === 'layout' ? graph : {} }
    queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data: { id, ...answer } })))
  }
  terminate(): void {
    this.isEnded = true
  }
}

let startElk: typeof Start
let prepareElk: typeof Prepare
beforeEach(async () => {
  workers.length = 0
  vi.stubGlobal('Worker', FakeWorker)
  vi.resetModules()
  ;({ prepareElk, startElk } = await import('../../ui/visualizer/layout/running-elk.ts'))
  // ELK's own side waits for time to pass as well.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const ended = () => workers.map(({ isEnded }) => isEnded)
const lookUp = { id: 'easy' }

it('a worker that has done its work does the next as well, and is ended when none comes', async () => {
  const first = await startElk()
  expect(await first.elk.layout(lookUp)).toEqual(lookUp)
  first.end()
  vi.advanceTimersByTime(5000)
  const second = await startElk()
  expect(await second.elk.layout(lookUp)).toEqual(lookUp)
  vi.advanceTimersByTime(60_000)
  expect(ended()).toEqual([false])
  second.end()
  vi.advanceTimersByTime(5000)
  expect(ended()).toEqual([false])
  vi.advanceTimersByTime(5001)
  expect(ended()).toEqual([true])
})

it('one that is still at work, or has failed, is ended at once', async () => {
  const busy = await startElk()
  void busy.elk.layout({ id: 'hard' })
  busy.end()
  const failed = await startElk()
  await expect(failed.elk.layout({ id: 'bad' })).rejects.toThrow('too hard')
  failed.end()
  expect(ended()).toEqual([true, true])
})

it('two at once have a worker each, of which one is kept', async () => {
  const [one, other] = await Promise.all([startElk(), startElk()])
  expect(workers).toHaveLength(2)
  one.end()
  other.end()
  expect(ended()).toEqual([false, true])
})

it('one that is prepared is taken by whoever asks next, while it starts and afterwards, and does not wait for ever', async () => {
  prepareElk()
  const taken = await startElk()
  expect(workers).toHaveLength(1)
  expect(await taken.elk.layout(lookUp)).toEqual(lookUp)
  taken.end()
  prepareElk()
  expect(workers).toHaveLength(1)
  vi.advanceTimersByTime(11_000)
  expect(ended()).toEqual([true])

  prepareElk()
  await vi.waitFor(() => expect(workers).toHaveLength(2))
  await vi.waitFor(() => {
    vi.advanceTimersByTime(20_000)
    expect(ended()).toEqual([true, true])
  })
})
