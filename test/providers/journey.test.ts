import { afterEach, describe, expect, test } from 'vitest'
import { startLocalProvider, type Fault, type LocalProvider } from '../../idp/index.ts'
import { travel, travelAt, type Journey } from './journey.ts'
import { hasFailed, jsonOf, tableOf } from './report.ts'
import { app } from './types.ts'

// A journey that finds no fault proves nothing unless it finds those that are there.
let provider: LocalProvider | null = null
afterEach(async () => {
  await provider?.stop()
  provider = null
})

async function travelWith(...faults: readonly Fault[]): Promise<Journey> {
  provider = await startLocalProvider({ apps: [app], faults: true })
  provider.faults.add(...faults)
  const { issuer, clientId, stop } = provider
  const person = { username: 'alice', password: 'looking-glass' }
  return travel({ options: { authority: issuer, clientId }, person, stop }, () => {})
}

describe('a journey notices', () => {
  test('a provider that never rotates, and calls that unsupported', async () => {
    const journey = await travelWith({
      endpoint: 'token',
      grantType: 'refresh_token',
      kind: 'rewrite',
      remove: ['refresh_token'],
      rotate: false,
      count: 'always',
    })
    expect(journey.renew.result).toBe('ok')
    expect(journey.rotate).toEqual({
      result: 'unsupported',
      remark: 'the answer to a renewal holds no refresh_token',
    })
  })

  test('an endpoint that allows no other origin', async () => {
    const { login, userinfo } = await travelWith({ endpoint: 'userinfo', kind: 'noCors', count: 'always' })
    expect(login.result).toBe('ok')
    expect(userinfo.result).toMatch(/^failed: .*CORS/)
  })

  test('userinfo of another person', async () => {
    const { login, userinfo } = await travelWith({
      endpoint: 'userinfo',
      kind: 'rewrite',
      set: { sub: 'local|bob' },
      count: 'always',
    })
    expect(login.result).toBe('ok')
    expect(userinfo.result).toMatch(/^failed: .*another person/)
  })

  test('a revocation that is refused, and what becomes of the logout', async () => {
    const { revoke, logout } = await travelWith({ endpoint: 'revocation', kind: 'status', count: 'always' })
    expect(revoke.result).toBe('failed: the stages of the logout went done, failed, skipped, not done, done, skipped')
    expect(logout.result).toContain('done, failed, left')
  })

  test('a fault that is there the first time only', async () => {
    const { revoke, logout } = await travelWith({ endpoint: 'revocation', kind: 'status' })
    expect(revoke.result).toContain('failed: the stages of the logout went done, failed, skipped')
    expect(logout.result).toBe('ok')
  })
})

test('a provider that cannot be started fails every step, with the reason', async () => {
  const journey = await travelAt(
    { name: 'nowhere', start: () => Promise.reject(new Error('it is not installed')) },
    () => {},
  )
  const journeys = { nowhere: journey }
  expect(new Set(Object.values(journey).map(({ result }) => result))).toEqual(new Set(['failed: it is not installed']))
  expect(hasFailed(journeys)).toBe(true)
  expect(JSON.parse(jsonOf(journeys))).toMatchObject({ nowhere: { login: 'failed: it is not installed' } })
  expect(tableOf(journeys)).toMatch(/login +failed: it is not installed/)
})
