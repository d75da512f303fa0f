import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Turns } from '../../services/browser/turns.ts'
import { ask, closeTurns, expectTold, settle, turnsIn, work } from './asking.ts'
import { createProfile, openTab, type Tab } from '../support/tab.ts'

const profile = createProfile()
const newTab = (): Tab => openTab({ origin: 'http://127.0.0.1:4999', profile: createProfile() })

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})
afterEach(closeTurns)

describe.each([
  ['with Web Locks', true],
  ['by leases in the database', false],
])('P10 turns %s', (_, hasLocks) => {
  const turnsOf = (count: number): Turns[] => {
    const tabs = newTab()
    if (!hasLocks) Object.assign(tabs, { locks: null })
    return Array.from({ length: count }, () => turnsIn(tabs))
  }

  test('are given one at a time, in the order of asking, never within the call', async () => {
    const [one, two] = turnsOf(2) as [Turns, Turns]
    const first = ask(one)
    expect(first.told).toEqual([])
    const second = ask(two)
    await expectTold(first, 'granted')
    await settle()
    expect(second.told).toEqual([])
    first.lease.letGo()
    await expectTold(second, 'granted')
    second.lease.letGo()
  })

  test('outlive whoever let go, until the work that was begun has settled, also by failing', async () => {
    const [one, two] = turnsOf(2) as [Turns, Turns]
    const first = ask(one)
    await expectTold(first, 'granted')
    const request = work()
    const failing = Promise.reject(new Error('failed'))
    first.lease.hold(request.promise)
    first.lease.hold(failing)
    first.lease.letGo()
    const second = ask(two)
    await settle()
    expect(second.told).toEqual([])
    request.end()
    await expectTold(second, 'granted')
    second.lease.letGo()
  })

  test('that linger are taken up again by the same tab, after its work has settled', async () => {
    const [one] = turnsOf(1) as [Turns]
    const first = ask(one)
    await expectTold(first, 'granted')
    const request = work()
    first.lease.hold(request.promise)
    first.lease.letGo()
    const again = ask(one)
    await settle()
    expect(again.told).toEqual([])
    request.end()
    await expectTold(again, 'granted')
    expect(first.told).toEqual(['granted'])
    again.lease.letGo()
    await settle()
    const last = ask(one)
    await expectTold(last, 'granted')
    last.lease.letGo()
  })

  test('that are kept for what is unsaved do not keep this tab waiting', async () => {
    const [one] = turnsOf(1) as [Turns]
    const first = ask(one)
    await expectTold(first, 'granted')
    const unsaved = work()
    first.lease.keep(unsaved.promise)
    first.lease.letGo()
    const again = ask(one)
    await expectTold(again, 'granted')
    again.lease.letGo()
    unsaved.end()
    await settle()
    const last = ask(one)
    await expectTold(last, 'granted')
    expect(first.told).toEqual(['granted'])
    last.lease.letGo()
  })

  test('that nobody waits for any more are passed on', async () => {
    const [one, two, three] = turnsOf(3) as [Turns, Turns, Turns]
    const first = ask(one)
    const second = ask(two)
    const third = ask(three)
    await settle()
    second.lease.letGo()
    first.lease.letGo()
    await expectTold(third, 'granted')
    expect(second.told).toEqual([])
    third.lease.letGo()
  })
})

describe('P10 turns among tabs', () => {
  test('that are kept for what is unsaved keep other tabs waiting', async () => {
    const tab = newTab()
    const [one, two] = [turnsIn(tab), turnsIn(tab)]
    const first = ask(one)
    await expectTold(first, 'granted')
    const unsaved = work()
    first.lease.keep(unsaved.promise)
    first.lease.letGo()
    const second = ask(two)
    await settle()
    expect(second.told).toEqual([])
    unsaved.end()
    await expectTold(second, 'granted')
    second.lease.letGo()
  })

  test('are refused when patience is over', async () => {
    const tab = newTab()
    const first = ask(turnsIn(tab))
    await expectTold(first, 'granted')
    const second = ask(turnsIn(tab), 1_500)
    await expect.poll(() => second.told, { timeout: 10_000 }).toEqual(['refused'])
    first.lease.letGo()
    await settle()
    expect(second.told).toEqual(['refused'])
  })

  test('of other vaults are others', async () => {
    const tab = newTab()
    const first = ask(turnsIn(tab))
    const second = ask(turnsIn(tab, 'another'))
    await expectTold(first, 'granted')
    await expectTold(second, 'granted')
    expect(first.told).toEqual(second.told)
    first.lease.letGo()
    second.lease.letGo()
  })

  test('P22 leave no timer behind', async () => {
    const tab = openTab({ origin: 'http://127.0.0.1:4999', profile })
    const set = vi.spyOn(tab.timers, 'setTimeout')
    const cleared = vi.spyOn(tab.timers, 'clearTimeout')
    const first = ask(turnsIn(tab))
    await expectTold(first, 'granted')
    const second = ask(turnsIn(tab))
    second.lease.letGo()
    first.lease.letGo()
    await settle()
    const ids = set.mock.results.map(({ value }) => value as unknown)
    const gone = cleared.mock.calls.map(([id]) => id)
    expect(ids.length).toBeGreaterThan(1)
    for (const id of ids) expect(gone).toContain(id)
  })
})
