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
/** The same schedules at every `npm test`; others at every long run, and the seed is printed. */
const seed = Number(process.env['SESSIONCHART_SEED'] ?? (isLong ? Date.now() % 2 ** 31 : 20_261_123))
const schedules = Number(process.env['SESSIONCHART_SCHEDULES'] ?? (isLong ? 100_000 : 2_000))

/** The first schedule that breaks an invariant, shrunk; `fault` is `null` where none of them does. */
async function findFault(runs: number, from: number, removed: Removed | null) {
  const counts = new Counts()
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
  return { fault: result.failed ? String(result.errorInstance) : null, runs: result.numRuns, counts }
}

test(
  `P10 P11 P12 P13 however tabs interleave, no refresh token is spent twice, nobody is left out, and no token outlives a logout`,
  async () => {
    const { fault, counts } = await findFault(schedules, seed, null)
    report(
      `Schedules of 2 to 4 tabs, up to ${depth} things each, seed ${seed}: ${fault ?? 'all hold'}\n${counts.inWords()}`,
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
