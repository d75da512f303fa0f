import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stepsAsCode } from '../../services/memory/index.ts'
import type { Removed } from '../interleaving/browser.ts'
import { report } from '../support/report.ts'
import { Life, liveThrough, type Tally } from './life.ts'
import { lives } from './steps.ts'

/** How many things happen in one life, at most. */
const depth = 25

const isLong = process.env['SESSIONCHART_ALL'] === '1'
/** The same lives at every `npm test`; others at every long run, and the seed is printed. */
const seed = Number(process.env['SESSIONCHART_SEED'] ?? (isLong ? Date.now() % 2 ** 31 : 20_261_123))
const walks = Number(process.env['SESSIONCHART_LIVES'] ?? (isLong ? 20_000 : 300))

/** What has to have happened in some life: one that does not come to what can go wrong proves nothing. */
const wanted = [
  ...'open close reload logoutAndClose login failLogin stepUp failStepUp logout type need look'.split(' '),
  ...'offline online provider api revoke pass sleep renewals saves'.split(' '),
  ...'login.completed login.failed logout.finished metadata.saved metadata.failed metadata.abandoned'.split(' '),
  ...'session.started session.renewed session.reconnecting'.split(' '),
  ...['logout', 'revoked', 'subject_changed'].map((reason) => `session.ended (${reason})`),
  'refresh tokens spent twice, rightly',
]

/** The first life in which something is wrong, shrunk to a short story; `fault` is `null` where there is none. */
async function findFault(runs: number, from: number, removed: Removed | null) {
  const tally: Tally = new Map()
  const result = await fc.check(
    fc.asyncProperty(lives(depth), async (story) => {
      const life = new Life(removed)
      const faults = await liveThrough(life, story)
      for (const [what, count] of life.tally) tally.set(what, (tally.get(what) ?? 0) + count)
      const played = tally.get('lives') ?? 0
      if (played > 0 && played % 2_000 === 0) console.log(`… ${played} lives`)
      if (faults.length === 0) return
      const told = life.told.map((line) => `\n// ${line}`).join('')
      throw new Error(`${faults.join('\n  ')}\n\n${stepsAsCode(story)}\n${told}`)
    }),
    { numRuns: runs, seed: from },
  )
  return { fault: result.failed ? String(result.errorInstance) : null, runs: result.numRuns, tally }
}

test(
  'P1 P3 P8 P10 P11 P12 P13 P19 P21 P22 whatever people and the world do, everybody is where they should be, in every tab at every rest',
  async () => {
    const { fault, tally } = await findFault(walks, seed, null)
    const figures = [...tally.keys()].toSorted().map((what) => `${(tally.get(what) ?? 0).toLocaleString('en')} ${what}`)
    report(`${walks} lives of up to ${depth} things, seed ${seed}: ${fault ?? 'all hold'}\n${figures.join(', ')}`)
    expect(fault).toBeNull()
    expect(wanted.filter((what) => !tally.has(what))).toEqual([])
  },
  isLong ? 3_600_000 : 300_000,
)

// The others are missed only where things overtake each other (test/interleaving).
describe('what the protocol is made of is missed when it is left out, by a short story', () => {
  test.each<{ removed: Removed; complaint: RegExp }>([
    { removed: 'turn', complaint: /P10 tab 2 spent refresh/ },
    { removed: 'recheck', complaint: /P10 tab 2 spent refresh/ },
    { removed: 'mark', complaint: /P12/ },
    { removed: 'answer', complaint: /was not silent/ },
  ])(
    '$removed',
    async ({ removed, complaint }) => {
      const { fault, runs } = await findFault(500, 1, removed)
      report(`without "${removed}": found in life ${runs}`)
      expect(fault).toMatch(complaint)
      // Shrunk: people can read it.
      expect(fault?.match(/\{ do: /g)?.length).toBeLessThanOrEqual(5)
    },
    300_000,
  )
})
