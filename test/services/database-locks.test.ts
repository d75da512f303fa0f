import 'fake-indexeddb/auto'
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connectToDatabase, type VaultConnection } from '../../services/vault/database.ts'
import { createDatabaseLocks } from '../../services/vault/database-locks.ts'
import { openVault } from '../../services/vault/open.ts'
import { SteppingClock } from '../../services/memory/index.ts'
import { createProfile, openTab } from '../support/tab.ts'
import { settle, work } from './asking.ts'
import { entryOf } from './samples.ts'

const start = 1_800_000_000_000
let clock: SteppingClock
const connections: VaultConnection[] = []
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  clock = new SteppingClock(start)
})
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close()
})

/** One tab's locks; `timers: null`: a tab in which nothing runs any more. */
function locksOf({ isDead = false } = {}) {
  const connection = connectToDatabase()
  connections.push(connection)
  return createDatabaseLocks(connection, {
    clock: { now: () => clock.now(), chance: () => 0 },
    timers: {
      setTimeout: (fire, ms) => (isDead ? 0 : clock.setTimeout(fire, ms)),
      clearTimeout: (id) => clock.clearTimeout(id as number),
    },
    randomId: () => crypto.randomUUID(),
  })
}
/** Takes the lock, and holds it until told otherwise. */
function take(locks: ReturnType<typeof locksOf>, options: LockOptions = {}) {
  const told: string[] = []
  const { promise, end } = work()
  const done = locks
    .request('turn', options, () => {
      told.push('granted')
      return promise
    })
    .then(
      () => void told.push('ended'),
      (error: unknown) => void told.push(error instanceof DOMException ? error.name : 'failed'),
    )
  return { told, end, done }
}
/** Lets time pass in steps in which the database can answer. */
async function pass(ms: number, step = 1_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    await clock.advance(step)
    await settle(5)
  }
}

test('P10 a lease is renewed as long as its tab lives, however long it takes', async () => {
  const first = take(locksOf())
  await expect.poll(() => first.told).toEqual(['granted'])
  const second = take(locksOf())
  await pass(60_000)
  expect(second.told).toEqual([])
  first.end()
  await first.done
  await pass(1_000)
  expect([first.told, second.told]).toEqual([['granted', 'ended'], ['granted']])
  second.end()
  await second.done
})

test('P10 the lease of a tab that is gone expires, and another one takes it over', async () => {
  const first = take(locksOf({ isDead: true }))
  await expect.poll(() => first.told).toEqual(['granted'])
  const second = take(locksOf())
  await pass(18_000)
  expect(second.told).toEqual([])
  await pass(4_000)
  expect(second.told).toEqual(['granted'])
  second.end()
  await second.done
})

test('P10 whoever was overruled learns it at the next sign of life, and does not give back what is another’s', async () => {
  const first = take(locksOf())
  await expect.poll(() => first.told).toEqual(['granted'])
  const second = take(locksOf(), { steal: true })
  await expect.poll(() => second.told).toEqual(['granted'])
  await pass(6_000)
  expect(first.told).toEqual(['granted', 'AbortError'])
  const third = take(locksOf())
  await pass(2_000)
  expect(third.told).toEqual([])
  second.end()
  await second.done
  await pass(1_000)
  expect(third.told).toEqual(['granted'])
  third.end()
  await third.done
})

test('P10 a clock that was set back keeps nobody from the turn', async () => {
  const first = take(locksOf({ isDead: true }))
  await expect.poll(() => first.told).toEqual(['granted'])
  clock = new SteppingClock(start - 3_600_000)
  const second = take(locksOf())
  await expect.poll(() => second.told).toEqual(['granted'])
  second.end()
  await second.done
})

test('P10 whoever gives up waiting is not granted the turn later, and keeps no timer', async () => {
  const first = take(locksOf())
  await expect.poll(() => first.told).toEqual(['granted'])
  const giveUp = new AbortController()
  const second = take(locksOf(), { signal: giveUp.signal })
  await pass(1_000)
  giveUp.abort()
  await second.done
  first.end()
  await first.done
  await pass(1_000)
  expect(second.told).toEqual(['AbortError'])
  expect(clock.waits()).toEqual([])
})

test('P10 two tabs that ask in the same moment get the turn one after the other', async () => {
  const both = [take(locksOf()), take(locksOf())]
  await pass(2_000)
  expect(both.flatMap(({ told }) => told)).toEqual(['granted'])
  for (const { end } of both) end()
  await pass(1_000)
  await Promise.all(both.map(({ done }) => done))
  expect(both.map(({ told }) => told)).toEqual([
    ['granted', 'ended'],
    ['granted', 'ended'],
  ])
})

test('P10 P20 a database that does not take the lease stops nobody: the login then lives in this page alone', async () => {
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The quota is exceeded.', 'QuotaExceededError')
  })
  const first = take(locksOf())
  await expect.poll(() => first.told).toEqual(['granted'])
  first.end()
  await first.done
})

test('P20 a login in a database of version 1 is still there', async () => {
  const tab = openTab({ origin: 'http://127.0.0.1:4999', profile: createProfile() })
  const place = { kind: 'encrypted', scope: 'encrypted|https://issuer.example|app' } as const
  const before = openVault(place, tab)
  await before.begin(entryOf('a'))
  before.close()
  await settle()
  await makeVersionOne()
  const vault = openVault(place, tab)
  expect((await vault.read()).entry).toEqual(entryOf('a'))
  vault.close()
  const locked = take(locksOf())
  await expect.poll(() => locked.told).toEqual(['granted'])
  locked.end()
  await locked.done
})

/** Puts what is kept into a database as version 1 of it was: three stores, no turns. */
async function makeVersionOne(): Promise<void> {
  const stores = ['logins', 'notes', 'keys']
  const present = await request(indexedDB.open('sessionchart'))
  const kept = new Map<string, [IDBValidKey, unknown][]>()
  for (const name of stores) {
    const store = present.transaction(name).objectStore(name)
    const keys = await request(store.getAllKeys())
    const values: unknown[] = await request(store.getAll())
    kept.set(
      name,
      keys.map((key, index) => [key, values[index]]),
    )
  }
  present.close()
  globalThis.indexedDB = new IDBFactory()
  const opening = indexedDB.open('sessionchart', 1)
  opening.addEventListener('upgradeneeded', () => {
    for (const name of stores) {
      const store = opening.result.createObjectStore(name)
      for (const [key, value] of kept.get(name) ?? []) store.put(value, key)
    }
  })
  const old = await request(opening)
  expect([old.version, [...old.objectStoreNames]]).toEqual([1, stores.toSorted()])
  expect(kept.get('logins')).toHaveLength(1)
  old.close()
}

function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result))
    asked.addEventListener('error', () => reject(asked.error ?? new Error('IndexedDB failed')))
  })
}
