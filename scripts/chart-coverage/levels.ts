import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { charts, type ChartName } from '../../test/model/charts/index.ts'
import type { Coverage } from '../../test/model/coverage.ts'
import { runLevel1, type Level1 } from '../../test/model/level1.ts'
import { reasons as level2Reasons } from '../../test/model/level2/reasons.ts'
import { runLevel2 } from '../../test/model/level2/run.ts'
import { reasonOf as level3Reason } from '../../test/model/level3/reasons.ts'
import { runLevel3 } from '../../test/model/level3/run.ts'

export type LevelName = 'level1' | 'level2' | 'level3'

interface Level {
  readonly title: string
  run(how: {
    /** Also what takes long. */
    readonly all: boolean
    readonly tell: (line: string) => void
  }): Promise<Record<ChartName, Coverage> & { readonly faults: readonly string[] }>
  /** Why this level cannot take a transition; `undefined`: it can. */
  reasonOf(id: string): string | undefined
}

async function level1(tell: (line: string) => void, name: ChartName): Promise<Level1> {
  const result = await runLevel1(charts[name], { pairs: true })
  tell(`${name}: ${result.paths} paths, ${result.steps} steps`)
  return result
}

/** What takes the charts along their paths, from the charts alone to the whole app. */
export const levels: Readonly<Record<LevelName, Level>> = {
  level1: {
    title: 'Level 1: the real charts on scripted services',
    async run({ tell }) {
      const session = await level1(tell, 'session')
      const renewal = await level1(tell, 'renewal')
      const account = await level1(tell, 'account')
      return {
        session: session.taken,
        renewal: renewal.taken,
        account: account.taken,
        faults: [session, renewal, account].flatMap(({ faults }) => faults),
      }
    },
    reasonOf: () => undefined,
  },
  level2: {
    title: 'Level 2: the real services and a real provider over HTTP',
    async run({ tell }) {
      const { walks, events, requests, failures, ...coverage } = await runLevel2()
      tell(`${walks} walks, ${events} events, ${requests} requests`)
      return { ...coverage, faults: failures }
    },
    reasonOf: (id) => level2Reasons[id],
  },
  level3: {
    title: 'Level 3: the demo in Chromium',
    async run({ all, tell }) {
      const pictures = join(tmpdir(), `sessionchart-level3-${process.pid}`)
      const { coverage, views, paths, steps, faults } = await runLevel3({
        extent: all ? 'all' : 'covering',
        pictures,
        say: tell,
      })
      tell(`${views.taken.size} of ${views.total.size} visible states, ${paths} paths, ${steps} steps`)
      return { ...coverage, faults }
    },
    reasonOf: (id) => level3Reason(id) ?? (id.startsWith('session') ? undefined : unplanned),
  },
}

/** Of `renewal` and `account` at level 3. */
const unplanned =
  'People and the world act at this level; which way a renewal or the account takes within comes of that, and is not planned.'
