import { expect, test } from 'vitest'
import { SessionError } from '../../machines/errors.ts'
import type { HttpTools } from '../../services/http.ts'
import { onDemand } from '../../services/on-demand.ts'
import { clockAt, codeOf } from './samples.ts'

const online: HttpTools = { clock: clockAt(0), timeout: 200, isOnline: () => true }

/** A chunk that comes, or does not, when the test says so. */
function slowChunk(tools = online) {
  const asked: { resolve: (chunk: string) => void; reject: (error: unknown) => void }[] = []
  const opened: string[] = []
  const chunk = () => new Promise<string>((resolve, reject) => void asked.push({ resolve, reject }))
  const part = onDemand(tools, chunk, (text) => {
    opened.push(text)
    return { text }
  })
  return { part, asked, opened }
}

const broken = new TypeError('Failed to fetch dynamically imported module: https://app.example/oidc-part-1.js')

test('is asked for once, by all who need it, and is there from then on', async () => {
  const { part, asked, opened } = slowChunk()
  expect(part.loaded()).toBeNull()
  expect(asked).toHaveLength(0)
  const all = Promise.all([part.load(), part.load()])
  asked[0]?.resolve('code')
  const [one, other] = await all
  expect(one).toBe(other)
  expect(part.loaded()).toBe(one)
  expect(await part.load()).toBe(one)
  expect([asked.length, opened]).toEqual([1, ['code']])
})

test('is asked for again after a failure, which is told as one of the network', async () => {
  const { part, asked } = slowChunk()
  const failing = part.load()
  asked[0]?.reject(broken)
  expect(await codeOf(failing)).toBe('network')
  expect(part.loaded()).toBeNull()
  const again = part.load()
  asked[1]?.resolve('code')
  expect(await again).toEqual({ text: 'code' })
})

test('offline it is told as that, so that a renewal waits for the network', async () => {
  const { part, asked } = slowChunk({ ...online, isOnline: () => false })
  const failing = part.load()
  asked[0]?.reject(broken)
  expect(await codeOf(failing)).toBe('offline')
})

test('is not waited for without end, and one that comes too late is not opened beside the next', async () => {
  const { part, asked, opened } = slowChunk()
  expect(await codeOf(part.load())).toBe('timeout')
  const again = part.load()
  asked[0]?.resolve('late')
  asked[1]?.resolve('in time')
  expect(await again).toEqual({ text: 'in time' })
  expect(opened).toEqual(['in time'])
})

test('P22 closing waits for what is being loaded, and whoever asked for it begins nothing', async () => {
  const { part, asked, opened } = slowChunk()
  const asking = part.load()
  let isClosed = false
  const closing = part.close().then(() => (isClosed = true))
  await Promise.resolve()
  expect(isClosed).toBe(false)
  asked[0]?.resolve('code')
  await expect(asking).rejects.toThrow(SessionError)
  expect(await codeOf(asking)).toBe('disposed')
  await closing
  expect(opened).toEqual([])
})

test('P22 closing what was never asked for loads nothing', async () => {
  const { part, asked } = slowChunk()
  await part.close()
  expect(asked).toHaveLength(0)
})
