import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LocalProvider, LocalProviderOptions } from '../../idp/index.ts'
import { renew, renewal, signIn, startProvider, userinfo } from './client.ts'

let running: LocalProvider[] = []
afterEach(async () => {
  await Promise.all(running.map((provider) => provider.stop()))
  running = []
})
const start = async (options: Partial<LocalProviderOptions>) => {
  const provider = await startProvider(options)
  running.push(provider)
  return provider
}
const statuses = (responses: Response[]) => responses.map(({ status }) => status)

describe('within the reuse window', () => {
  test('a spent refresh token gives new tokens of the same family, and nothing that was given before ends', async () => {
    const provider = await start({ reuseWindow: 60 })
    const first = await signIn(provider)
    const second = await renew(provider, first.refresh_token)
    const again = await renew(provider, first.refresh_token)
    expect(again.refresh_token).not.toBe(second.refresh_token)
    for (const { access_token } of [first, second, again]) {
      expect((await userinfo(provider, access_token)).status).toBe(200)
    }
    for (const { refresh_token } of [second, again]) expect((await renewal(provider, refresh_token)).status).toBe(200)
  })

  test('many at the same moment all get tokens, each its own', async () => {
    const provider = await start({ reuseWindow: 60 })
    const { refresh_token } = await signIn(provider)
    const tokens = await Promise.all(Array.from({ length: 20 }, () => renew(provider, refresh_token)))
    expect(new Set(tokens.map((each) => each.refresh_token)).size).toBe(20)
    const next = await Promise.all(tokens.map((each) => renewal(provider, each.refresh_token)))
    expect(new Set(statuses(next))).toEqual(new Set([200]))
    const renewals = provider.requests.list({ grantType: 'refresh_token' })
    expect(renewals.filter(({ reuse }) => reuse)).toHaveLength(19)
    expect(renewals.every(({ rotated }) => rotated)).toBe(true)
  })

  test('a lost answer is made good by trying again', async () => {
    const provider = await start({ reuseWindow: 60, faults: true })
    const { refresh_token } = await signIn(provider)
    provider.faults.add({ endpoint: 'token', kind: 'drop', processed: true })
    await expect(renewal(provider, refresh_token)).rejects.toThrow(TypeError)
    const tokens = await renew(provider, refresh_token)
    expect((await renewal(provider, tokens.refresh_token)).status).toBe(200)
  })

  test('a family that has ended stays ended', async () => {
    const provider = await start({ reuseWindow: 60 })
    const { refresh_token } = await signIn(provider)
    await renew(provider, refresh_token)
    await provider.endGrants('alice')
    expect((await renewal(provider, refresh_token)).status).toBe(400)
  })

  test('a restart does not end it', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'idp-'))
    const before = await start({ reuseWindow: 60, dataFolder })
    const { refresh_token } = await signIn(before)
    await renew(before, refresh_token)
    await before.stop()
    const port = Number(new URL(before.issuer).port)
    const second = await start({ reuseWindow: 60, dataFolder, port })
    expect((await renewal(second, refresh_token)).status).toBe(200)
    expect(second.requests.list().at(-1)).toMatchObject({ reuse: true, rotated: true })
    await second.stop()
    const third = await start({ dataFolder, port })
    expect((await renewal(third, refresh_token)).status).toBe(400)
    await third.stop()
    await rm(dataFolder, { recursive: true })
  })
})

describe('after the reuse window', () => {
  // Only the date stands still, and the provider counts by dates: no test waits, or fails on a slow machine.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())
  const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

  test('a reuse ends the family, what was given within the window too', async () => {
    const provider = await start({ reuseWindow: 10 })
    const first = await signIn(provider)
    const second = await renew(provider, first.refresh_token)
    pass(9_999)
    const again = await renew(provider, first.refresh_token)
    pass(1)
    expect(await (await renewal(provider, first.refresh_token)).json()).toMatchObject({ error: 'invalid_grant' })
    expect((await userinfo(provider, again.access_token)).status).toBe(401)
    for (const { refresh_token } of [second, again]) expect((await renewal(provider, refresh_token)).status).toBe(400)
  })

  test('which the first use opens: a reuse does not prolong it', async () => {
    const provider = await start({ reuseWindow: 10 })
    const { refresh_token } = await signIn(provider)
    await renew(provider, refresh_token)
    pass(6_000)
    await renew(provider, refresh_token)
    pass(6_000)
    expect((await renewal(provider, refresh_token)).status).toBe(400)
  })

  test('a token that was never used is good', async () => {
    const provider = await start({ reuseWindow: 10 })
    const { refresh_token } = await signIn(provider)
    pass(60_000)
    expect((await renewal(provider, refresh_token)).status).toBe(200)
  })
})

test('a window that is no time is refused', async () => {
  for (const reuseWindow of [-1, Number.NaN, Infinity]) {
    await expect(startProvider({ reuseWindow })).rejects.toThrow('reuseWindow')
  }
})
