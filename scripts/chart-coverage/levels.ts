import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { charts, type ChartName } from '../../test/model/charts/index.ts'
import type { Coverage } from '../../test/model/coverage.ts'
import { runLevel1 } from '../../test/model/level1.ts'
import { reasons as level2Reasons } from '../../test/model/level2/reasons.ts'
import { runLevel2 } from '../../test/model/level2/run.ts'
import { reasonOf as level3Reason } from '../../test/model/level3/reasons.ts'
import { runLevel3 } from '../../test/model/level3/run.ts'

export type LevelName = 'level1' | 'level2' | 'level3'

interface Level {
  readonly title: string
  run(tell: (line: string) => void): Promise<Record<ChartName, Coverage>>
  /** Why this level cannot take a transition; `undefined`: it can. */
  reasonOf(id: string): string | undefined
}

async function level1(tell: (line: string) => void, name: ChartName): Promise<Coverage> {
  const { taken, paths, steps, faults } = await runLevel1(charts[name], { pairs: true })
  tell(`${name}: ${paths} paths, ${steps} steps`)
  if (faults.length > 0) throw new Error(`The chart ${name} and its model part:\n${faults[0]}`)
  return taken
}

/** What takes the charts along their paths, from the charts alone to the whole app. */
export const levels: Readonly<Record<LevelName, Level>> = {
  level1: {
    title: 'Level 1: the real charts on scripted services',
    run: async (tell) => ({
      session: await level1(tell, 'session'),
      renewal: await level1(tell, 'renewal'),
      account: await level1(tell, 'account'),
    }),
    reasonOf: () => undefined,
  },
  level2: {
    title: 'Level 2: the real services and a real provider over HTTP',
    async run(tell) {
      const { walks, events, requests, failures, ...coverage } = await runLevel2()
      tell(`${walks} walks, ${events} events, ${requests} requests`)
      if (failures.length > 0) throw new Error(`The charts and their models part:\n${failures[0]}`)
      return coverage
    },
    reasonOf: (id) => level2Reasons[id],
  },
  level3: {
    title: 'Level 3: the demo in Chromium',
    async run(tell) {
      const pictures = join(tmpdir(), `sessionchart-level3-${process.pid}`)
      const { coverage, views, paths, steps, faults } = await runLevel3({ pictures, say: tell })
      tell(`${views.taken.size} of ${views.total.size} visible states, ${paths} paths, ${steps} steps`)
      if (faults.length > 0) throw new Error(`The app and its model part:\n${faults[0]}`)
      return coverage
    },
    reasonOf: (id) => level3Reason(id) ?? (id.startsWith('session') ? undefined : unplanned),
  },
}

/** Of `renewal` and `account` at level 3. */
const unplanned =
  'People and the world act at this level; which way a renewal or the account takes within comes of that, and is not planned.'
