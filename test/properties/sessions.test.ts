import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stepsAsCode } from '../../services/memory/index.ts'
import type { Removed } from '../interleaving/browser.ts'
import { report } from '../support/report.ts'
import { playLife, type Tally } from './life.ts'
import { lives } from './steps.ts'

/** How many things happen in one life, at most. */
const depth = 25

const isLong = process.env['SESSIONCHART_ALL'] === '1'
/** The same lives at every `npm test`; others at every long run, and the seed is printed. */
const seed = Number(process.env['SESSIONCHART_SEED'] ?? (isLong ? Date.now() % 2 ** 31 : 20_261_123))
const walks = Number(process.env['SESSIONCHART_LIVES'] ?? (isLong ? 20_000 : 500))

/** The first life in which something is wrong, shrunk to a short story; `fault` is `null` where there is none. */
async function findFault(runs: number, from: number, removed: Removed | null) {
  const tally: Tally = new Map()
  const result = await fc.check(
    fc.asyncProperty(lives(depth), async (story) => {
      const told = await playLife(story, removed)
      for (const [what, count] of told.tally) tally.set(what, (tally.get(what) ?? 0) + count)
      if (told.faults.length > 0) throw new Error(`${told.faults.join('\n  ')}\n\n${stepsAsCode(story)}`)
    }),
    { numRuns: runs, seed: from },
  )
  return {
    fault: result.failed ? String(result.errorInstance) : null,
    runs: result.numRuns,
    tally,
    shrinks: result.numShrinks,
  }
}

test(
  'P1 P8 P10 P11 P12 P13 P19 P22 whatever people and the world do, everybody is where they should be, in every tab at every rest',
  async () => {
    const { fault, tally } = await findFault(walks, seed, null)
    const figures = [...tally].toSorted().map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
    report(`${walks} lives of up to ${depth} things, seed ${seed}: ${fault ?? 'all hold'}\n${figures.join(', ')}`)
    expect(fault).toBeNull()
  },
  isLong ? 3_600_000 : 300_000,
)
