import { beforeEach, describe, expect, test } from 'vitest'
import { SessionError } from '../../machines/errors.ts'
import type { UserMetadata } from '../../machines/account/types.ts'
import { createQueue } from '../../services/browser/queue.ts'
import { createNotebook } from '../../services/credentials/notebook.ts'
import type { AdapterTools, MetadataAdapter } from '../../services/index.ts'
import { createSaving, type Saving } from '../../services/metadata/saving.ts'
import { createMemoryVault } from '../../services/vault/memory.ts'
import type { Vault } from '../../services/vault/types.ts'
import { answering } from './adapters.ts'
import { clockAt, codeOf, entryOf } from './samples.ts'

const subject = 'alice'
const now = 1_800_000_000_000

let vault: Vault
let metadata: UserMetadata
let sent: unknown[]
/** What the API does with the next requests, before it answers; then it answers at once. */
let hindrances: (() => Promise<void>)[]
let announced: number

const answer = async <T>(make: () => T): Promise<T> => {
  const value = make()
  await hindrances.shift()?.()
  return value
}
const adapter: MetadataAdapter = {
  origins: [],
  load: () => answer(() => ({ metadata, writable: true })),
  save: (patch) => {
    sent.push(patch)
    return answer(() => ({ metadata: (metadata = { ...metadata, ...patch }) }))
  },
}

beforeEach(async () => {
  vault = createMemoryVault()
  await vault.begin(entryOf('a'))
  metadata = { country: 'PT' }
  sent = []
  hindrances = []
  announced = 0
})

const locks = createQueue()
/** One tab of the login: all share the vault and the locks. */
function tab(clock = clockAt(now)): Saving {
  let ids = 0
  return createSaving({
    adapter: () => adapter,
    notes: createNotebook(vault),
    locks,
    scope: 'scope',
    clock,
    randomId: () => `${Math.random()}-${(ids += 1)}`,
    announce: () => (announced += 1),
  })
}

const { signal } = new AbortController()
const tools: AdapterTools = { ...answering().tools, subject }
const pendingNow = async () => (await vault.readNotes())?.pending ?? []
const refusing = (code: 'metadata_refused' | 'provider_unavailable' | 'network', retryAfter?: number) => () =>
  Promise.reject(new SessionError(code, 'In its words.', retryAfter === undefined ? {} : { retryAfter }))

describe('saving', () => {
  test('P19 takes what all tabs typed, one change each, and tells the others', async () => {
    const [one, other] = [tab(), tab()]
    await one.add(subject, { a: 1 })
    await other.add(subject, { b: 2 })
    expect(announced).toBe(2)
    expect(await one.saveFirst(tools, signal)).toMatchObject({ metadata: { country: 'PT', a: 1, b: 2 }, pending: [] })
    expect(await other.saveFirst(tools, signal)).toEqual({ metadata: { country: 'PT', a: 1, b: 2 }, pending: [] })
    expect(sent).toEqual([{ a: 1, b: 2 }])
    expect(announced).toBe(3)
  })

  test('P19 lets one tab at a time send, however many ask', async () => {
    const tabs = [tab(), tab(), tab()]
    await Promise.all(tabs.map((each, index) => each.add(subject, { [`key${index}`]: index })))
    await Promise.all(tabs.map((each) => each.saveFirst(tools, signal)))
    expect(sent).toEqual([{ key0: 0, key1: 1, key2: 2 }])
  })

  test('P19 what is typed while a change is on its way is not lost with it, and goes next', async () => {
    const [one, other] = [tab(), tab()]
    await one.add(subject, { a: 1 })
    hindrances.push(() => other.add(subject, { a: 2, b: 2 }))
    expect((await one.saveFirst(tools, signal)).pending).toMatchObject([{ patch: { a: 2, b: 2 } }])
    await other.saveFirst(tools, signal)
    expect(sent).toEqual([{ a: 1 }, { a: 2, b: 2 }])
    expect(metadata).toMatchObject({ a: 2, b: 2 })
  })

  test('P19 what was refused is sent by no tab, until somebody asks again', async () => {
    const [one, other] = [tab(), tab()]
    await one.add(subject, { a: 1 })
    hindrances.push(refusing('metadata_refused'))
    expect(await codeOf(one.saveFirst(tools, signal))).toBe('metadata_refused')
    await expect(other.saveFirst(tools, signal)).rejects.toMatchObject({
      code: 'metadata_refused',
      message: 'In its words.',
    })
    expect(sent).toHaveLength(1)
    await other.forgetSetbacks(subject)
    await one.saveFirst(tools, signal)
    expect(sent).toEqual([{ a: 1 }, { a: 1 }])
  })

  test.each([
    ['loading, which is another try', (saving: Saving) => saving.load(tools)],
    ['typing on', (saving: Saving) => saving.add(subject, { b: 1 })],
  ])('P19 what was refused may be sent after %s', async (_, act) => {
    const saving = tab()
    await saving.add(subject, { a: 1 })
    hindrances.push(refusing('metadata_refused'))
    expect(await codeOf(saving.saveFirst(tools, signal))).toBe('metadata_refused')
    await act(saving)
    expect((await saving.saveFirst(tools, signal)).pending).toEqual([])
  })

  test.each([
    ['the time that it named', 60_000, 60_000],
    ['a second at least', undefined, 1_000],
  ])('P19 an API that is not available is left alone by all tabs for %s', async (_, retryAfter, pause) => {
    await tab().add(subject, { a: 1 })
    hindrances.push(refusing('provider_unavailable', retryAfter))
    expect(await codeOf(tab().saveFirst(tools, signal))).toBe('provider_unavailable')
    await tab().load(tools)
    await tab().add(subject, { b: 1 })
    await expect(tab(clockAt(now + pause - 1)).saveFirst(tools, signal)).rejects.toMatchObject({
      code: 'provider_unavailable',
      retryAfter: 1,
    })
    expect(sent).toHaveLength(1)
    await tab(clockAt(now + pause)).saveFirst(tools, signal)
    expect(sent).toEqual([{ a: 1 }, { a: 1, b: 1 }])
  })

  test('P19 a change that found no network is sent by whoever has one', async () => {
    await tab().add(subject, { a: 1 })
    hindrances.push(refusing('network'))
    expect(await codeOf(tab().saveFirst(tools, signal))).toBe('network')
    await tab().saveFirst(tools, signal)
    expect(sent).toHaveLength(2)
    expect(await pendingNow()).toEqual([])
  })

  test('is given up while it waits for its turn, and sends nothing then', async () => {
    const giving = new AbortController()
    let goOn = (): void => {}
    await tab().add(subject, { a: 1 })
    hindrances.push(() => new Promise((resolve) => (goOn = resolve)))
    const first = tab().saveFirst(tools, signal)
    const second = tab().saveFirst(tools, giving.signal)
    giving.abort()
    await expect.poll(() => sent.length).toBe(1)
    goOn()
    await first
    await expect(second).rejects.toThrow()
    expect(sent).toHaveLength(1)
  })

  test('what is given up is gone for all', async () => {
    await tab().add(subject, { a: 1 })
    await tab().discard(subject)
    expect(await pendingNow()).toEqual([])
    expect((await tab().saveFirst(tools, signal)).metadata).toEqual({ country: 'PT' })
    expect(sent).toEqual([])
  })
})

describe('loading', () => {
  test('P19 tells what the tabs knew before, and what waits', async () => {
    expect(await tab().load(tools)).toEqual({ metadata: { country: 'PT' }, known: null, writable: true, pending: [] })
    await tab().add(subject, { a: 1 })
    metadata = { country: 'ES' }
    expect(await tab().load(tools)).toMatchObject({
      metadata: { country: 'ES' },
      known: { country: 'PT' },
      pending: [{ patch: { a: 1 } }],
    })
  })

  test('P19 an answer that is older than what another tab has saved meanwhile is not believed', async () => {
    const [one, other] = [tab(), tab()]
    await other.add(subject, { a: 1 })
    hindrances.push(async () => void (await other.saveFirst(tools, signal)))
    expect((await one.load(tools)).metadata).toEqual({ country: 'PT', a: 1 })
  })
})
