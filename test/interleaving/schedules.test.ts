import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Removed } from './browser.ts'
import { Counts, names } from './counts.ts'
import { inWords, steps } from './steps.ts'
import { play } from './story.ts'
import { report } from '../support/report.ts'

/** How many things happen in one story, at most; each lets several steps of the tabs through. */
const depth = 12

const isLong = process.env['SESSIONCHART_ALL'] === '1'
/**
 * The same schedules at every `npm test`; others at every long run, and the seeds are printed. Several, because what one seed
 * never comes to most others may.
 */
const seeds = ((given = process.env['SESSIONCHART_SEED']) => {
  if (given !== undefined) return [Number(given)]
  if (!isLong) return [20_261_123, 20_261_124, 20_261_125, 20_261_126, 20_261_127]
  const first = Date.now() % 2 ** 31
  return Array.from({ length: 20 }, (_, place) => (first + place) % 2 ** 31)
})()
/** For each seed. */
const schedules = Number(process.env['SESSIONCHART_SCHEDULES'] ?? (isLong ? 5_000 : 400))

/** The first schedule that breaks an invariant, shrunk; `fault` is `null` where none of them does. */
async function findFault(runs: number, from: number, removed: Removed | null, counts = new Counts()) {
  const result = await fc.check(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), steps(depth), async (scheduler, tabs, story) => {
      const told = await play(scheduler, tabs, story, removed)
      counts.add(told.counts)
      if (counts.schedules % 5_000 === 0) console.log(`… ${counts.inWords()}`)
      if (told.faults.length > 0) throw new Error(`${tabs} tabs: ${inWords(story)}\n  ${told.faults.join('\n  ')}`)
    }),
    // What is left out on purpose need not be shrunk.
    { numRuns: runs, seed: from, endOnFailure: removed !== null },
  )
  return { fault: result.failed ? String(result.errorInstance) : null, runs: result.numRuns }
}

test(
  `P10 P11 P12 P13 however tabs interleave, no refresh token is spent twice, nobody is left out, and no token outlives a logout`,
  async () => {
    const counts = new Counts()
    let fault: string | null = null
    for (const seed of seeds) {
      const found = await findFault(schedules, seed, null, counts)
      if (found.fault === null) continue
      fault = `seed ${seed}: ${found.fault}`
      break
    }
    report(
      `Schedules of 2 to 4 tabs, up to ${depth} things each, ${schedules.toLocaleString('en')} for each of the seeds ${seeds.join(', ')}: ${fault ?? 'all hold'}\n${counts.inWords()}`,
    )
    expect(fault).toBeNull()
    // Schedules that do not come to what can go wrong prove nothing.
    expect(names(counts).filter((name) => counts[name] === 0)).toEqual([])
  },
  isLong ? 3_600_000 : 300_000,
)

describe('what the protocol is made of is missed when it is left out', () => {
  test.each<{ removed: Removed; complaint: RegExp }>([
    { removed: 'turn', complaint: /spent refresh|left out/ },
    { removed: 'recheck', complaint: /spent refresh/ },
    { removed: 'transaction', complaint: /spent refresh|token after a logout|left out|the vault/ },
    { removed: 'mark', complaint: /token after a logout|left out/ },
    { removed: 'confirmation', complaint: /left out|the vault/ },
    { removed: 'answer', complaint: /was not silent|spent refresh/ },
  ])(
    '$removed',
    async ({ removed, complaint }) => {
      const { fault, runs } = await findFault(5_000, 1, removed)
      report(`without "${removed}": found in schedule ${runs}`)
      expect(fault).toMatch(complaint)
    },
    300_000,
  )
})
