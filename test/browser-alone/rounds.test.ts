import { build } from 'vite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from '../../scripts/command.ts'
import { startDemo, type Demo } from '../../scripts/demo-server.ts'
import type * as Library from '../../services/index.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { logInByRedirect } from '../support/person.ts'
import { report } from '../support/report.ts'

let demo: Demo
let browser: LaunchedBrowser

beforeEach(async () => {
  demo = await startDemo({ mode: 'built', tokenLifetime: 3600 })
  browser = await launchBrowser()
})
afterEach(async () => {
  await browser.close()
  await demo.stop()
})

/** The library as an app's build would take it in. */
async function buildLibrary(): Promise<Readonly<Record<string, string>>> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    build: { write: false, lib: { entry: 'services/index.ts', formats: ['es'] } },
  })
  const [output] = Array.isArray(built) ? built : []
  const chunks = (output?.output ?? []).flatMap((made) => (made.type === 'chunk' ? [made] : []))
  const entry = chunks.find(({ isEntry }) => isEntry)
  if (entry === undefined) throw new Error('The library was not built.')
  return {
    'entry.js': `import * as library from './${entry.fileName}'; Object.assign(window, { library })`,
    ...Object.fromEntries(chunks.map(({ fileName, code }) => [fileName, code])),
  }
}

/** Counts, before anything else of the page runs, what a page can hold on to. */
function countHandles(): void {
  const timers = new Set<unknown>()
  const channels = new Set<BroadcastChannel>()
  const databases = new Set<IDBDatabase>()
  let listeners = 0
  const set = window.setTimeout.bind(window)
  const clear = window.clearTimeout.bind(window)
  window.setTimeout = ((fire: () => void, ms?: number) => {
    const id = set(() => {
      timers.delete(id)
      fire()
    }, ms)
    timers.add(id)
    return id
  }) as typeof window.setTimeout
  window.clearTimeout = (id) => {
    timers.delete(id)
    clear(id)
  }
  const TrueChannel = window.BroadcastChannel
  window.BroadcastChannel = class extends TrueChannel {
    constructor(name: string) {
      super(name)
      channels.add(this)
    }
    override close(): void {
      channels.delete(this)
      super.close()
    }
  }
  const { open } = IDBFactory.prototype
  IDBFactory.prototype.open = function openAndCount(this: IDBFactory, ...parts) {
    const request = open.apply(this, parts)
    request.addEventListener('success', () => databases.add(request.result))
    return request
  }
  const { close } = IDBDatabase.prototype
  IDBDatabase.prototype.close = function closeAndCount(this: IDBDatabase) {
    databases.delete(this)
    close.call(this)
  }
  for (const target of [window, document]) {
    const add = target.addEventListener.bind(target) as (...parts: unknown[]) => void
    const remove = target.removeEventListener.bind(target) as (...parts: unknown[]) => void
    target.addEventListener = (...parts: unknown[]) => {
      listeners += 1
      add(...parts)
    }
    target.removeEventListener = (...parts: unknown[]) => {
      listeners -= 1
      remove(...parts)
    }
  }
  const left = async (): Promise<Record<string, number>> => {
    const { held = [], pending = [] } = await navigator.locks.query()
    const locks = held.length + pending.length
    return { timers: timers.size, channels: channels.size, databases: databases.size, listeners, locks }
  }
  Object.assign(window, { left })
}

test('P22 two hundred rounds of creating, starting and disposing in a page leave nothing, and its heap does not grow', async () => {
  const { context } = browser
  const person = await context.newPage()
  await person.goto(demo.url)
  await logInByRedirect(person, demo)
  await person.close()

  const page = await context.newPage()
  const files = await buildLibrary()
  for (const [name, body] of Object.entries(files))
    await page.route(`${demo.url}${name}`, (route) => route.fulfill({ contentType: 'text/javascript', body }))
  await page.addInitScript(countHandles)
  // An empty page of this origin, from the server itself: Chromium lets no other one talk to servers of this machine.
  await page.goto(`${demo.url}demo-config.json`)
  await page.addScriptTag({ url: '/entry.js', type: 'module' })

  /** Plays rounds, each another way of living; then says what is left, and how many of them were signed in. */
  const play = (count: number) =>
    page.evaluate(
      async ({ rounds, config }) => {
        const { createSession, selectStatus } = (window as unknown as { library: typeof Library }).library
        const { authority, clientId, redirectUri, audience } = config
        const refs: WeakRef<object>[] = []
        let signedIn = 0
        for (let round = 0; round < rounds; round += 1) {
          const session = createSession({ authority, clientId, redirectUri, audience, idleTimeout: 3_600_000 })
          session.start()
          if (round % 4 > 0) await session.ready
          if (round % 4 === 2) await session.getAccessToken()
          if (round % 20 === 3) await session.getAccessToken({ forceRenewal: true })
          if (selectStatus(session.getSnapshot()) === 'signedIn') signedIn += 1
          await session.dispose()
          refs.push(new WeakRef(session.actor))
        }
        Object.assign(window, { refs })
        const { left } = window as unknown as { left(): Promise<Record<string, number>> }
        return { signedIn, left: await left() }
      },
      { rounds: count, config: demo.config },
    )
  const control = await context.newCDPSession(page)
  const heap = async (): Promise<number> => {
    for (let turn = 0; turn < 3; turn += 1) await control.send('HeapProfiler.collectGarbage')
    const { usedSize } = await control.send('Runtime.getHeapUsage')
    return usedSize
  }
  // Playwright listens here too.
  const nothing = (await play(0)).left

  expect((await play(200)).left).toEqual(nothing)
  const before = await heap()
  const { signedIn, left } = await play(200)
  const growth = (await heap()) - before
  const alive = await page.evaluate(
    () => (window as unknown as { refs: WeakRef<object>[] }).refs.filter((ref) => ref.deref() !== undefined).length,
  )
  report(`200 rounds in a page: ${JSON.stringify(left)} left, the heap grew by ${Math.round(growth / 1024)} KiB`)
  expect(left).toEqual(nothing)
  expect(signedIn).toBe(150)
  expect(alive, 'charts that are still in memory').toBe(0)
  expect(growth, 'bytes').toBeLessThan(256 * 1024)
  expect(demo.provider.requests.count({ endpoint: 'token', grantType: 'refresh_token' })).toBe(20)
})
