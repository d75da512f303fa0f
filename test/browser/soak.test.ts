import { describe, expect, test } from 'vitest'
import { soak, type SoakOptions, type SoakResult } from '../../scripts/soak/run.ts'

const lifetime = 2
const everything = Boolean(process.env['SESSIONCHART_ALL'])

async function run(options: Pick<SoakOptions, 'tabs' | 'expiries'> & Partial<SoakOptions>): Promise<SoakResult> {
  const result = await soak({ lifetime, faults: false, reuseWindow: 0, seed: 1, ...options }, () => {})
  console.log(JSON.stringify({ ...options, ...result }))
  return result
}

/** Each expiry cost one request, whoever asked, and nobody noticed any of them. */
function expectCalm({ longestGapMs, ...counts }: SoakResult, expiries: number): void {
  expect(counts.expiries).toBeGreaterThanOrEqual(expiries)
  expect(counts).toEqual({
    expiries: counts.expiries,
    tokenRequests: counts.expiries,
    invalidGrant: 0,
    sessionsLost: 0,
    sessionsLostUnavoidably: 0,
  })
  expect(longestGapMs, 'without a usable token, ms').toBe(0)
}

describe('P10 one renewal per expiry, however many tabs', () => {
  test('five tabs outlive four access tokens', async () => {
    expectCalm(await run({ tabs: 5, expiries: 4 }), 4)
  })

  test.runIf(everything)('twenty tabs outlive thirty access tokens', { timeout: 900_000 }, async () => {
    expectCalm(await run({ tabs: 20, expiries: 30, lifetime: 8 }), 30)
  })
})

describe('P8 under faults, killed tabs and offline spells', () => {
  test('three tabs keep the session at a provider with a reuse window', async () => {
    const result = await run({ tabs: 3, expiries: 4, faults: true, reuseWindow: 60 })
    expect(result).toMatchObject({ invalidGrant: 0, sessionsLost: 0, sessionsLostUnavoidably: 0 })
    expect(result.expiries).toBeGreaterThanOrEqual(4)
  })

  test.runIf(everything).each([1, 2, 3])(
    'five tabs lose nothing in thirty expiries with a reuse window, seed %d',
    { timeout: 1_200_000 },
    async (seed) => {
      const result = await run({ tabs: 5, expiries: 30, lifetime: 4, faults: true, reuseWindow: 60, seed })
      expect(result).toMatchObject({ invalidGrant: 0, sessionsLost: 0, sessionsLostUnavoidably: 0 })
      expect(result.expiries).toBeGreaterThanOrEqual(30)
    },
  )

  test.runIf(everything).each([1, 2, 3])(
    'without a window only those sessions are lost whose renewed tokens reached no tab, seed %d',
    { timeout: 1_200_000 },
    async (seed) => {
      const result = await run({ tabs: 5, expiries: 30, lifetime: 4, faults: true, seed })
      expect(result.sessionsLost).toBe(0)
      expect(result.expiries).toBeGreaterThanOrEqual(30)
    },
  )
})
