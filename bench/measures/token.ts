import type { BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from '../../test/support/chromium.ts'
import type { Row, Section } from '../lab/figures.ts'
import { fieldBehindPromise } from '../lab/goals.ts'
import type { Lab, Measure } from '../lab/lab.ts'
import { gather, type Gathered } from '../lab/gather.ts'

/** Calls of one after the other, for half a second. */
const callsPerSecond = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { client } = window.bench
    const began = performance.now()
    let calls = 0
    let now = began
    while (now - began < 500) {
      for (let index = 0; index < 100; index += 1) await client.token()
      calls += 100
      now = performance.now()
    }
    return (calls * 1000) / (now - began)
  })

const callsWeighed = 5_000

/** The same without waiting, where that can be done. */
const readsPerSecond = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { client } = window.bench
    const began = performance.now()
    let [calls, letters, now] = [0, 0, began]
    while (now - began < 500) {
      // So that something is done with it.
      for (let index = 0; index < 10_000; index += 1) letters += client.tokenNow?.().length ?? 0
      calls += 10_000
      now = performance.now()
    }
    if (letters === 0) throw new Error('this client cannot be read without waiting')
    return (calls * 1000) / (now - began)
  })

/** Bytes that one call allocates, by Chromium's sampling of allocations. */
async function bytesPerCall(context: BrowserContext, page: Page): Promise<number> {
  const control = await context.newCDPSession(page)
  await control.send('HeapProfiler.enable')
  await control.send('HeapProfiler.startSampling', {
    samplingInterval: 512,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  await page.evaluate(async (count) => {
    const { client } = window.bench
    for (let index = 0; index < count; index += 1) await client.token()
  }, callsWeighed)
  const { profile } = await control.send('HeapProfiler.stopSampling')
  await control.detach()
  const sum = (node: typeof profile.head): number =>
    node.selfSize + node.children.reduce((bytes, child) => bytes + sum(child), 0)
  return sum(profile.head) / callsWeighed
}

async function run(lab: Lab): Promise<Section> {
  const browser = await launchBrowser()
  const speeds = new Map<string, number[]>()
  const sizes = new Map<string, number[]>()
  const note = (map: Map<string, number[]>, name: string, value: number) =>
    map.set(name, [...(map.get(name) ?? []), value])
  let gathered: Gathered | undefined
  try {
    gathered = await gather(lab, browser, { more: ['field'], tokenLifetime: 24 * 3600 })
    for (const { page } of gathered.seats) await callsPerSecond(page)
    for (let round = 0; round < lab.rounds; round += 1) {
      lab.say(`round ${round + 1} of ${lab.rounds}`)
      for (const { stage, context, page } of gathered.seats) {
        await page.bringToFront()
        const who = stage.name === 'field' ? fieldBehindPromise : stage.name
        note(speeds, who, await callsPerSecond(page))
        note(sizes, who, await bytesPerCall(context, page))
        if (stage.name === 'field') note(speeds, '(a field, read synchronously)', await readsPerSecond(page))
      }
    }
  } finally {
    await browser.close()
    await gathered?.stop()
  }
  return {
    name: 'token',
    title: 'A token, please',
    how: 'The access token is good for hours. One call after the other, awaited, for half a second; then 5,000 calls under Chromium’s allocation sampling. `(a field behind a promise)` is the least that a method which returns a promise can do: `await Promise.resolve(field)`.',
    tables: [
      {
        title: 'a usable access token',
        columns: [
          { name: 'calls', unit: 'a second', better: 'more' },
          { name: 'allocated', unit: 'bytes a call', better: 'less' },
        ],
        rows: [...speeds.keys()].map((name): Row => ({
          who: name,
          values: { calls: speeds.get(name) ?? [], allocated: sizes.get(name) ?? 'nothing' },
        })),
      },
    ],
    curves: [],
    cannot: gathered.cannot,
  }
}

export const token: Measure = { name: 'token', rounds: 5, run }
