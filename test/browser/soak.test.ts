import { describe, expect, test } from 'vitest'
import { soak, type SoakOptions, type SoakResult } from '../../scripts/soak/run.ts'

type Run = Pick<SoakOptions, 'tabs' | 'expiries'> & Partial<SoakOptions>

/** The long runs take their time, and come with `npm run test:all`. */
const isLong = process.env['SESSIONCHART_ALL'] === '1'
const timeout = isLong ? 1_200_000 : 120_000
const pick = (short: readonly Run[], long: readonly Run[]): readonly Run[] => (isLong ? [...short, ...long] : short)

async function run(options: Run): Promise<SoakResult> {
  const result = await soak({ lifetime: 2, faults: false, reuseWindow: 0, seed: 1, ...options }, () => {})
  console.log(`soak: ${JSON.stringify({ ...options, ...result })}`)
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
