import { describe, expect, test } from 'vitest'
import { isExpiredAt } from '../../machines/facts.ts'
import { factsOf, type TokenAnswer } from '../../services/credentials/facts.ts'
import { readTokenAnswer } from '../../services/oidc/answers.ts'
import type { Oidc } from '../../services/oidc/client.ts'
import { clockAt, entryOf } from './samples.ts'

const facts = (expiresIn: number | undefined, { chance = 0, lead = 60_000, before = false, now = 1_000_000 } = {}) =>
  factsOf({
    answer: { accessToken: 'a', tokenType: 'Bearer', ...(expiresIn === undefined ? {} : { expiresIn }) },
    subject: 'alice',
    scope: 'openid',
    renewable: true,
    ceilingAt: undefined,
    stamp: { generation: 'g', revision: 1 },
    writtenBy: 'tab',
    before: before ? entryOf('g', 1, { expiresAt: 2_000_000 }).facts : null,
    clock: clockAt(now, chance),
    policy: { lead },
  })

describe('P7 when to renew', () => {
  test.each([
    [3600, 60_000],
    [300, 60_000],
    [100, 25_000],
    [4, 1_000],
    [1, 250],
  ])('a token of %i s is renewed %i ms before it expires', (expiresIn, lead) => {
    const { renewAt, expiresAt } = facts(expiresIn)
    expect(expiresAt).toBe(1_000_000 + expiresIn * 1000)
    expect(expiresAt - renewAt).toBe(lead)
  })

  test('a fleet does not renew in step: chance moves the time by a share of the lifetime, never past the lead', () => {
    const times = [0, 0.25, 0.5, 0.999].map((chance) => facts(300, { chance }).renewAt)
    expect(new Set(times).size).toBe(4)
    expect((times[0] ?? 0) - (times[3] ?? 0)).toBeCloseTo(75_000 * 0.999, 0)
    for (const expiresIn of [0, 1, 2, 60, 315_360_000]) {
      const { renewAt, expiresAt, storedAt } = facts(expiresIn, { chance: 0.999 })
      expect(renewAt).toBeLessThanOrEqual(facts(expiresIn).renewAt)
      // A token is used for half of its life at least.
      expect(renewAt - storedAt).toBeGreaterThanOrEqual((expiresAt - storedAt) / 2)
    }
  })

  test('an expiry that a renewal did not move is renewed at the expiry only', () => {
    expect(facts(900, { before: true }).renewAt).toBe(1_900_000)
    expect(facts(1_000, { before: true }).renewAt).toBe(2_000_000)
    expect(facts(1_100, { before: true }).renewAt).toBeLessThan(2_100_000)
  })

  test('without a figure of the provider an hour is assumed', () => {
    expect(facts(undefined).expiresAt).toBe(1_000_000 + 3_600_000)
  })

  test('a lifetime of nothing is expired when it is written, and ten years are ten years', () => {
    expect(isExpiredAt(facts(0), 1_000_000)).toBe(true)
    expect(facts(315_360_000).expiresAt).toBe(1_000_000 + 315_360_000_000)
  })
})

test('P6 a clock that was set back makes a token expired, one that was set right by a second does not', () => {
  const { expiresAt, storedAt } = facts(300)
  expect(isExpiredAt({ expiresAt, storedAt }, storedAt - 1_000)).toBe(false)
  expect(isExpiredAt({ expiresAt, storedAt }, storedAt - 3_600_000)).toBe(true)
  expect(isExpiredAt({ expiresAt, storedAt }, expiresAt - 1)).toBe(false)
  expect(isExpiredAt({ expiresAt, storedAt }, expiresAt)).toBe(true)
})

describe('a token response', () => {
  // What is read of it, and no more.
  const oidc = { authority: 'https://issuer.example', settings: { dpop: false } } as Oidc
  const read = (response: object): TokenAnswer => readTokenAnswer(oidc, response as never)

  test('is read with what it leaves out left out', () => {
    expect(read({ access_token: 'a', token_type: 'bearer' })).toEqual({ accessToken: 'a', tokenType: 'Bearer' })
    expect(read({ access_token: 'a', token_type: 'Bearer', refresh_token: '', id_token: '', scope: '' })).toEqual({
      accessToken: 'a',
      tokenType: 'Bearer',
    })
  })

  test.each([
    ['300', 300],
    [300, 300],
    [-5, 0],
    [0, 0],
    ['soon', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('expires_in %j means %j s', (expires_in, expected) => {
    expect(read({ access_token: 'a', token_type: 'Bearer', expires_in }).expiresIn).toBe(expected)
  })

  test.each([
    [{ token_type: 'Bearer' }, 'without an access token'],
    [{ access_token: '', token_type: 'Bearer' }, 'without an access token'],
    [{ access_token: { a: 1 }, token_type: 'Bearer' }, 'without an access token'],
    [{ access_token: 'a' }, 'token type'],
    [{ access_token: 'a', token_type: 'mac' }, 'token type'],
  ])('%j is refused', (response, message) => {
    expect(() => read(response)).toThrow(message)
    expect(() => read(response)).toThrow(expect.objectContaining({ code: 'invalid_response' }))
  })
})
