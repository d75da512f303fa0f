import { SigninResponse } from 'oidc-client-ts'
import { expect, test } from 'vitest'
import { readNewLogin } from '../../services/oidc/answers.ts'
import type { Oidc } from '../../services/oidc/client.ts'

const now = 1_800_000_000_000

function ceilingFor(sessionExpiry: unknown, maxSessionAge?: number): number | undefined {
  const response = Object.assign(new SigninResponse(new URLSearchParams()), {
    access_token: 'access',
    token_type: 'Bearer',
    id_token: 'id',
    profile: { sub: 'alice', session_expiry: sessionExpiry },
  })
  // All that is looked at.
  const oidc = {
    authority: 'https://issuer.example',
    settings: { scope: 'openid', dpop: false, maxSessionAge },
    clock: { now: () => now, chance: () => 0.5 },
  } as unknown as Oidc
  return readNewLogin(oidc, response).ceilingAt
}

test('P9 a session ends 30 s before the end that its provider names', () => {
  expect(ceilingFor(now / 1000 + 3600)).toBe(now + 3_600_000 - 30_000)
  expect(ceilingFor(now / 1000 + 0.5)).toBe(now + 500 - 30_000)
})

test('P9 of the provider’s end and our own the nearer one counts', () => {
  expect(ceilingFor(now / 1000 + 3600, 60_000)).toBe(now + 60_000)
  expect(ceilingFor(now / 1000 + 60, 60_000)).toBe(now + 30_000)
  expect(ceilingFor(undefined, 60_000)).toBe(now + 60_000)
})

test.each([undefined, null, '1800003600', 0, -1, Number.NaN, Number.POSITIVE_INFINITY, now, 10_000_000_000])(
  'P9 a session_expiry that is no number of seconds is none: %s',
  (claim) => {
    expect(ceilingFor(claim)).toBeUndefined()
  },
)

test('P9 the greatest number of seconds counts', () => {
  expect(ceilingFor(9_999_999_999)).toBe(9_999_999_999_000 - 30_000)
})
