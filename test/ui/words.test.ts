import { describe, expect, it } from 'vitest'
import type { Ending, SignedOutReason } from '../../machines/index.ts'
import { ago, countdown, initials, shareLeft } from '../../ui/app/format.ts'
import { describeFact } from '../../ui/app/event-log.ts'
import { cause, leftBehindWords, loginProblemWords, reasonWords } from '../../ui/app/words.ts'

const reasons: readonly SignedOutReason[] = [
  'expired',
  'revoked',
  'login_required',
  'invalid_client',
  'ceiling',
  'idle',
  'subject_changed',
  'storage_lost',
]

const leave: Ending = {
  reason: 'logout',
  from: 'app',
  generation: null,
  clearing: 'done',
  revoking: 'done',
  leavingProvider: 'skipped',
  problems: {},
}

describe('words for people', () => {
  it('explains every end of a session, and says nothing where there was none', () => {
    expect(reasonWords('never')).toBeNull()
    expect(reasonWords('logout')?.title).toBe('You are logged out')
    const titles = reasons.map((reason) => reasonWords(reason)?.title)
    expect(new Set(titles).size).toBe(reasons.length)
    for (const reason of reasons) expect(reasonWords(reason)?.text).toMatch(/Log in/)
  })

  it.each([
    ['app', 'done', 'skipped', /^nothing$/],
    ['app', 'unsupported', 'skipped', /^nothing$/],
    ['app', 'failed', 'skipped', /could not be told/],
    ['app', 'timedOut', 'skipped', /could not be told/],
    ['provider', 'done', 'unsupported', /no logout page.+without a password/],
    ['provider', 'failed', 'failed', /not be reached.+without a password/],
    ['provider', 'timedOut', 'timedOut', /did not answer.+without a password/],
    // Back from the logout page by the back button: what happened there only the provider knows.
    ['provider', 'done', 'skipped', /^nothing$/],
  ] as const)('says what a logout from the %s left behind: %s, %s', (from, revoking, leavingProvider, words) => {
    expect(leftBehindWords({ ...leave, from, revoking, leavingProvider }) ?? 'nothing').toMatch(words)
  })

  it('has a way on for a login problem that nobody foresaw', () => {
    expect(loginProblemWords({ code: 'unexpected', message: 'x' }).text).toMatch(/Try again/)
  })

  it('fits a cause into a sentence', () => {
    expect(cause({ code: 'offline', message: 'x' })).toBe('this device is offline')
    expect(cause({ code: 'metadata_refused', message: 'Insufficient scope.' })).toBe('Insufficient scope')
  })

  it('tells facts in short', () => {
    expect(describeFact({ type: 'login.completed', returnTo: '/orders' })).toBe('Login completed, back to /orders')
    const problems = { revoking: { code: 'network', message: 'x' } } as const
    expect(describeFact({ type: 'logout.finished', ending: { ...leave, revoking: 'failed', problems } })).toBe(
      'Finished: removed done, revoked failed (network), provider skipped',
    )
  })
})

describe('times', () => {
  it.each([
    [-5000, '0:00'],
    [1, '0:01'],
    [7000, '0:07'],
    [252_000, '4:12'],
    [3_723_000, '1:02:03'],
    [3 * 86_400_000, '3 days'],
    [Infinity, 'no end'],
  ])('counts %d ms down as %s', (ms, text) => {
    expect(countdown(ms)).toBe(text)
  })

  it.each([
    [-90_000, 'just now'],
    [0, 'just now'],
    [12_300, '12 s ago'],
    [180_000, '3 min ago'],
    [7_200_000, '2 h ago'],
    [5 * 86_400_000, '5 days ago'],
  ])('says of %d ms that it was %s', (ms, text) => {
    expect(ago(ms)).toBe(text)
  })

  it('keeps a bar between empty and full, whatever the clock says', () => {
    expect(shareLeft(15, 10, 20)).toBe(0.5)
    expect(shareLeft(5, 10, 20)).toBe(1)
    expect(shareLeft(25, 10, 20)).toBe(0)
    expect(shareLeft(0, 10, 10)).toBe(0)
  })
})

it.each([
  ['Alice Appleton', 'AA'],
  ['  bob  ', 'B'],
  ['Ana María de la Cruz', 'AC'],
  ['𝒜lice', '𝒜'],
  ['', ''],
])('shortens %j to %j', (name, letters) => {
  expect(initials(name)).toBe(letters)
})
