import { describe, expect, test } from 'vitest'
import { createHash } from 'node:crypto'
import type { LoggedRequest } from '../../idp/index.ts'
import { Ledger, type Verdict } from '../../scripts/soak/ledger.ts'
import { soak, type SoakOptions, type SoakResult } from '../../scripts/soak/run.ts'
import { report } from '../support/report.ts'

type Run = Pick<SoakOptions, 'tabs' | 'expiries'> & Partial<SoakOptions>

/** The long runs take their time, and come with `npm run test:all`. */
const isLong = process.env['SESSIONCHART_ALL'] === '1'
const timeout = isLong ? 1_200_000 : 120_000
const pick = (short: readonly Run[], long: readonly Run[]): readonly Run[] => (isLong ? [...short, ...long] : short)

async function run(options: Run): Promise<SoakResult> {
  const result = await soak({ lifetime: 2, faults: false, reuseWindow: 0, seed: 1, ...options }, () => {})
  report(`soak: ${JSON.stringify({ ...options, ...result })}`)
  return result
}

const nothingLost = { sessionsLost: 0, sessionsLostUnavoidably: 0, sessionsLostInHand: 0, invalidGrant: 0 }

describe('P10 one renewal per expiry', () => {
  const runs = pick([{ tabs: 5, expiries: 4 }], [{ tabs: 20, expiries: 30, lifetime: 8 }])
  test.each(runs)('$tabs tabs outlive $expiries access tokens, and never show a gap', { timeout }, async (options) => {
    const result = await run(options)
    expect(result).toEqual({
      ...nothingLost,
      expiries: result.expiries,
      tokenRequests: result.expiries,
      longestGapMs: 0,
    })
    expect(result.expiries).toBeGreaterThanOrEqual(options.expiries)
  })
})

describe('P8 under faults, with tabs that are killed and spells without network', () => {
  const withWindow = pick(
    [{ tabs: 3, expiries: 4, seed: 1 }],
    [1, 2, 3].map((seed) => ({ tabs: 5, expiries: 30, lifetime: 4, seed })),
  )
  test.each(withWindow)(
    '$tabs tabs lose nothing in $expiries expiries where the provider has a reuse window (seed $seed)',
    { timeout },
    async (options) => {
      const result = await run({ ...options, faults: true, reuseWindow: 60 })
      expect(result).toMatchObject(nothingLost)
      expect(result.expiries).toBeGreaterThanOrEqual(options.expiries)
    },
  )

  const withoutWindow = pick(
    [],
    [1, 2, 3].map((seed) => ({ tabs: 5, expiries: 30, lifetime: 4, seed })),
  )
  test.each(withoutWindow)(
    '$tabs tabs lose, in $expiries expiries without one, only what was renewed and reached no tab (seed $seed)',
    { timeout },
    async (options) => {
      const result = await run({ ...options, faults: true })
      expect(result.sessionsLost).toBe(0)
      expect(result.expiries).toBeGreaterThanOrEqual(options.expiries)
    },
  )
})

describe('what became of a session that was lost', () => {
  const nameOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 16)
  const [first, second] = [nameOf('first'), nameOf('second')]

  /** The provider has spent `first` for `second`; then another tab was refused with `first`. */
  function lose(happen: (ledger: Ledger) => void, request: Partial<LoggedRequest> = {}) {
    const issued = ['first', 'second'].map((value) => ({ kind: 'refresh_token' as const, value }))
    const log = [{ at: 0, method: 'POST', endpoint: 'token' as const, rotated: true, answered: true, ...request }]
    const ledger = new Ledger({ issuedTokens: () => issued, requests: { list: () => log } })
    ledger.note('one', { what: 'received', spent: '', got: first })
    ledger.note('one', { what: 'written' })
    ledger.note('two', { what: 'sent', spent: first })
    happen(ledger)
    ledger.note('one', { what: 'sent', spent: first })
    ledger.note('one', { what: 'failed', spent: first, status: 400 })
    return ledger.judge().kind
  }
  const receive = (ledger: Ledger): void => ledger.note('two', { what: 'received', spent: first, got: second })

  test.each<[string, Verdict['kind'], (ledger: Ledger) => void, Partial<LoggedRequest>?]>([
    ['a fault had withheld its last answer', 'unreached', () => {}, { answered: false, fault: 'drop' }],
    ['the tab that waited for it was killed', 'unreached', (ledger) => ledger.noteKill('two')],
    ['the tab that waited for it was offline', 'unreached', (ledger) => ledger.noteOffline()()],
    [
      'it was written by a tab that was killed later',
      'lost',
      (ledger) => {
        receive(ledger)
        ledger.note('two', { what: 'written' })
        ledger.noteKill('two')
      },
    ],
    [
      'it was in the hands of a tab that was killed',
      'inHand',
      (ledger) => {
        receive(ledger)
        ledger.noteKill('two')
      },
    ],
    ['it reached a tab that lives', 'lost', receive],
    ['nothing had cut it', 'lost', () => {}],
    ['it was only held back', 'lost', () => {}, { answered: false, fault: 'delay' }],
    ['another tab was killed', 'lost', (ledger) => ledger.noteKill('three')],
  ])('%s: %s', (_, kind, happen, request) => {
    expect(lose(happen, request)).toBe(kind)
  })
})
