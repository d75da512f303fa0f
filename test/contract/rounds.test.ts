import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Session } from '../../services/index.ts'
import { countHandles } from './handles.ts'
import { createWorld, expectStatus, renewalsAt, statusOf, type World } from './world.ts'
import { report } from '../support/report.ts'

let world: World
beforeEach(async () => {
  world = await createWorld({ tokenLifetime: 3600 })
})
afterEach(() => world.close())

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is used when everything that can go has gone, bytes. Finalizers and promises need a few turns. */
async function heap(): Promise<number> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((done) => setTimeout(done, 20))
    collectGarbage()
  }
  return process.memoryUsage().heapUsed
}

/** Timers and sockets that keep this process alive, by kind. The provider and idle connections to it have theirs too. */
const timersOfProcess = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

const until = (session: Session, status: ReturnType<typeof statusOf>): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (statusOf(session) !== status) return
      unsubscribe()
      resolve()
    }
    const { unsubscribe } = session.subscribe(look)
    look()
  })

/** The ways in which a page makes a session and lets go of it. */
const rounds: readonly { readonly name: string; live(session: Session): unknown }[] = [
  { name: 'at once', live: () => {} },
  { name: 'when the vault was read', live: ({ ready }) => ready },
  { name: 'signed in', live: (session) => until(session, 'signedIn') },
  { name: 'after a token was asked for', live: (session) => session.getAccessToken() },
  {
    name: 'while a caller waits, who gives up later',
    live: (session) => void session.getAccessToken({ timeout: 50 }).catch(() => {}),
  },
]

test(
  'P22 a thousand rounds of creating, starting and disposing leave nothing, and the heap does not grow',
  { timeout: 120_000 },
  async () => {
    const tab = world.tab()
    const signedIn = await world.logIn(tab, { idleTimeout: 3_600_000 })
    await world.leave(signedIn)
    const left = countHandles(tab)
    const refs: WeakRef<object>[] = []
    const play = async (count: number): Promise<void> => {
      for (let round = 0; round < count; round += 1) {
        const session = world.open(tab, { idleTimeout: 3_600_000 })
        await rounds[round % rounds.length]?.live(session)
        await world.leave(session)
        refs.push(new WeakRef(session.actor))
      }
    }
    await play(250)
    expect(left()).toEqual({})
    world.provider.requests.clear()
    const before = await heap()
    const timers = timersOfProcess()

    const started = performance.now()
    await play(1_000)
    const seconds = (performance.now() - started) / 1000
    expect(left(), 'timers, listeners, locks, channels and connections that were not given back').toEqual({})
    expect(renewalsAt(world.provider)).toBe(0)
    world.provider.requests.clear()
    const growth = (await heap()) - before
    const alive = refs.filter((ref) => ref.deref() !== undefined).length
    report(
      `1,000 rounds in ${seconds.toFixed(1)} s: the heap grew by ${Math.round(growth / 1024)} KiB, ` +
        `${alive} of 1,250 charts are still in memory`,
    )
    expect(alive, 'charts that are still in memory').toBeLessThanOrEqual(5)
    expect(growth, 'bytes').toBeLessThan(2 * 1024 * 1024)
    expect(timersOfProcess()).toBeLessThanOrEqual(timers + 5)

    // After all that, the session is as it was.
    const last = world.open(tab, { idleTimeout: 3_600_000 })
    await expectStatus(last, 'signedIn')
    await world.leave(last)
  },
)
