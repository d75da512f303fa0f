import type { SigninResponse } from 'oidc-client-ts'
import { describe, expect, test } from 'vitest'
import { readNewLogin } from '../../services/oidc/answers.ts'
import type { Oidc } from '../../services/oidc/client.ts'

const now = 1_800_000_000_000
const leeway = 30_000

/** What a login gets as its ceiling, from the claims of its ID token. */
function ceilingOf(claims: object, maxSessionAge?: number): number | undefined {
  const settings = { dpop: false, scope: 'openid', maxSessionAge }
  // Of all that belongs to a provider no more is asked for here.
  const oidc = { authority: 'https://issuer.example', settings, clock: { now: () => now } } as unknown as Oidc
  const profile = { sub: 'someone', ...claims }
  const response = { access_token: 'a', token_type: 'Bearer', id_token: 'i', profile } as unknown as SigninResponse
  return readNewLogin(oidc, response).ceilingAt
}

describe('P9 the ceiling that a provider names', () => {
  test('is its session_expiry in seconds, fractions too, and 30 s more for clocks that differ', () => {
    expect(ceilingOf({ session_expiry: now / 1000 + 60 })).toBe(now + 60_000 + leeway)
    expect(ceilingOf({ session_expiry: now / 1000 + 60.5 })).toBe(now + 60_500 + leeway)
  })

  test('is taken as it is when it has passed already', () => {
    expect(ceilingOf({ session_expiry: now / 1000 - 3600 })).toBe(now - 3_600_000 + leeway)
  })

  test.each([undefined, null, 0, -1, NaN, Infinity, '1800000060', 'soon', [1_800_000_060], true])(
    'is none when it is no positive number: %j',
    (claimed) => {
      expect(ceilingOf({ session_expiry: claimed })).toBeUndefined()
      expect(ceilingOf({ session_expiry: claimed }, 60_000), 'and the one of the app counts').toBe(now + 60_000)
    },
  )

  test('ends nothing when it was meant in milliseconds: it is thousands of years away', () => {
    expect(ceilingOf({ session_expiry: now + 60_000 })).toBeGreaterThan(now * 900)
  })

  test('counts only where it is nearer than the one of the app', () => {
    expect(ceilingOf({ session_expiry: now / 1000 + 3600 }, 60_000)).toBe(now + 60_000)
    expect(ceilingOf({ session_expiry: now / 1000 + 10 }, 60_000)).toBe(now + 10_000 + leeway)
  })
})
