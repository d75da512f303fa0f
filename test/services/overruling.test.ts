import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { joinSiblings, type SiblingMessage } from '../../services/browser/siblings.ts'
import { createProfile, openTab, type Profile, type Tab } from '../support/tab.ts'
import { ask, closeTurns, expectTold, longestWork, settle, turnsIn, work } from './asking.ts'

/** ms; so the holder is asked after 60, and has 40 for its answer. */
const patience = 120

// Timers run in real time here, and machines are busy at times.
vi.setConfig({ testTimeout: 30_000 })

let profile: Profile
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  profile = createProfile()
})
afterEach(closeTurns)

describe.each([
  ['with Web Locks', true],
  ['by leases in the database', false],
])('P10 a turn %s', (_, hasLocks) => {
  const newTab = (): Tab => {
    const tab = openTab({ origin: 'http://127.0.0.1:4999', profile })
    if (!hasLocks) Object.assign(tab, { locks: null })
    return tab
  }
  /** Everything said among the tabs. */
  const overhear = (): { readonly heard: SiblingMessage[]; close(): void } => {
    const heard: SiblingMessage[] = []
    const siblings = joinSiblings('scope', newTab())
    siblings.listen((message) => heard.push(message))
    return { heard, close: siblings.close }
  }

  test('stays with a holder that lives: it is asked, answers, and whoever waits is refused in time', async () => {
    const { heard, close } = overhear()
    const first = ask(turnsIn(newTab()))
    await expectTold(first, 'granted')
    const second = ask(turnsIn(newTab()), patience)
    await expectTold(second, 'refused')
    await expect
      .poll(() => heard)
      .toEqual([{ kind: 'turn.asked', by: expect.any(String) as unknown }, { kind: 'turn.held' }])
    expect(first.told).toEqual(['granted'])
    const third = ask(turnsIn(newTab()))
    first.lease.letGo()
    await expectTold(third, 'granted')
    third.lease.letGo()
    close()
  })

  test('stays with a tab that has let go, as long as what it has sent is under way', async () => {
    const first = ask(turnsIn(newTab()))
    await expectTold(first, 'granted')
    const request = work()
    first.lease.hold(request.promise)
    first.lease.letGo()
    const second = ask(turnsIn(newTab()), patience)
    await expectTold(second, 'refused')
    expect(first.told).toEqual(['granted'])
    request.end()
  })

  test('is taken from a holder whose work never ends', async () => {
    const tab = newTab()
    const first = ask(turnsIn(tab))
    await expectTold(first, 'granted')
    first.lease.hold(new Promise(() => {}))
    first.lease.letGo()
    tab.offset = longestWork + 1
    const second = ask(turnsIn(newTab()), 2_400)
    await expectTold(second, 'granted')
    expect(first.told).toEqual(['granted'])
    second.lease.letGo()
  })

  test('is taken from a frozen tab, which learns of it when it thaws', async () => {
    const frozen = newTab()
    const first = ask(turnsIn(frozen))
    await expectTold(first, 'granted')
    frozen.freeze()
    const second = ask(turnsIn(newTab()), 2_400)
    await expectTold(second, 'granted')
    const third = ask(turnsIn(newTab()))
    frozen.thaw()
    // By leases it looks after its own at the next sign of life.
    if (hasLocks) await expectTold(first, 'granted', 'refused')
    first.lease.letGo()
    await settle()
    // What it gives back is not the other's turn.
    expect(third.told).toEqual([])
    second.lease.letGo()
    await expectTold(third, 'granted')
    third.lease.letGo()
  })

  test('that was lost and is granted anew waits for what this tab has sent before', async () => {
    const frozen = newTab()
    const turns = turnsIn(frozen)
    const first = ask(turns)
    await expectTold(first, 'granted')
    const request = work()
    first.lease.hold(request.promise)
    frozen.freeze()
    const second = ask(turnsIn(newTab()), 2_400)
    await expectTold(second, 'granted')
    frozen.thaw()
    first.lease.letGo()
    second.lease.letGo()
    const again = ask(turns)
    await settle(500)
    expect(again.told).toEqual([])
    request.end()
    await expectTold(again, 'granted')
    again.lease.letGo()
  })

  test('goes to one of several that find the holder silent, and that one is not overruled by the next', async () => {
    const frozen = newTab()
    const first = ask(turnsIn(frozen))
    await expectTold(first, 'granted')
    frozen.freeze()
    const others = Array.from({ length: 4 }, () => ask(turnsIn(newTab()), 2_400))
    await expect.poll(() => others.filter(({ told }) => told.length > 0).length, { timeout: 15_000 }).toBe(4)
    expect(others.map(({ told }) => told.join()).toSorted()).toEqual(['granted', 'refused', 'refused', 'refused'])
    for (const { lease } of others) lease.letGo()
  })

  test('stays with the next in line, which heard the question for a holder that went away before it answered', async () => {
    const { heard, close } = overhear()
    const frozen = newTab()
    const first = ask(turnsIn(frozen))
    await expectTold(first, 'granted')
    frozen.freeze()
    const next = ask(turnsIn(newTab()))
    await settle()
    const third = ask(turnsIn(newTab()), 2_400)
    await expect.poll(() => heard, { timeout: 10_000 }).toHaveLength(1)
    first.lease.letGo()
    await expectTold(third, 'refused')
    expect(next.told).toEqual(['granted'])
    next.lease.letGo()
    close()
  })

  test('is not taken from anyone where tabs cannot speak to each other', async () => {
    const deaf = (): Tab => Object.assign(newTab(), { openChannel: () => null, localStorage: null })
    const first = ask(turnsIn(deaf()))
    await expectTold(first, 'granted')
    const second = ask(turnsIn(deaf()), patience)
    await expectTold(second, 'refused')
    expect(first.told).toEqual(['granted'])
    first.lease.letGo()
  })

  test('P22 leaves no timer and no listener behind, asked for or overruled', async () => {
    const frozen = newTab()
    const first = ask(turnsIn(frozen))
    await expectTold(first, 'granted')
    frozen.freeze()
    const tab = newTab()
    const set = vi.spyOn(tab.timers, 'setTimeout')
    const turns = turnsIn(tab)
    const second = ask(turns, 2_400)
    await expectTold(second, 'granted')
    second.lease.letGo()
    await turns.settled()
    const timers = set.mock.results.map(
      ({ value }) => value as { readonly isCleared: boolean; readonly hasFired: boolean },
    )
    expect(timers.length).toBeGreaterThan(1)
    expect(timers.filter(({ isCleared, hasFired }) => !isCleared && !hasFired)).toEqual([])
  })
})

test('P10 a device that slept gives the holder its time again before anyone overrules it', async () => {
  const holder = openTab({ origin: 'http://127.0.0.1:4999', profile })
  const waiter = openTab({ origin: 'http://127.0.0.1:4999', profile })
  const first = ask(turnsIn(holder))
  await expectTold(first, 'granted')
  const siblings = joinSiblings('scope', openTab({ origin: 'http://127.0.0.1:4999', profile }))
  let questions = 0
  siblings.listen(({ kind }) => {
    if (kind !== 'turn.asked') return
    questions += 1
    // Both fall asleep when the question is put; the one that waits wakes up first.
    if (questions === 1) waiter.offset = 3_600_000
    else holder.thaw()
  })
  holder.freeze()
  const second = ask(turnsIn(waiter), 2_400)
  await expectTold(second, 'refused')
  expect(questions).toBe(2)
  expect(first.told).toEqual(['granted'])
  first.lease.letGo()
  siblings.close()
})

test('P10 a turn that is granted in the moment in which it is taken over is held once, and given back', async () => {
  const tab = openTab({ origin: 'http://127.0.0.1:4999', profile })
  const held: string[] = []
  const grants: (() => void)[] = []
  const request = (
    _: string,
    { steal = false }: LockOptions,
    callback: LockGrantedCallback<unknown>,
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const name = steal ? 'stolen' : 'queued'
      grants.push(() => {
        held.push(name)
        Promise.resolve(callback(null))
          .then(resolve, reject)
          .finally(() => held.splice(held.indexOf(name), 1))
          .catch(() => {})
      })
    })
  Object.assign(tab, { locks: { request } })
  const turns = turnsIn(tab)
  const asking = ask(turns, 600)
  // The browser has granted the first request; this tab hears of it only after it has begun to take over.
  await expect.poll(() => grants.length).toBe(2)
  for (const grant of grants.toReversed()) grant()
  await expectTold(asking, 'granted')
  expect(held).toEqual(['stolen'])
  asking.lease.letGo()
  await expect.poll(() => held).toEqual([])
})
