import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sessionMachine } from '../../machines/index.ts'
import { allOfChart, missing } from '../model/coverage.ts'
import { reasonOf } from '../model/level3/reasons.ts'
import { runLevel3 } from '../model/level3/run.ts'
import { report } from '../support/report.ts'

const isLong = process.env['SESSIONCHART_ALL'] === '1'

test(
  'every state that a person can see in the derived model looks as it should in Chromium, however one gets there',
  { timeout: 60 * 60_000 },
  async () => {
    const pictures = join(tmpdir(), `sessionchart-level3-${process.pid}`)
    const { views, transitions, coverage, paths, steps, seconds, faults } = await runLevel3({
      extent: isLong ? 'all' : 'covering',
      pictures,
    })
    const all = allOfChart(sessionMachine).transitions
    const { transitions: taken } = coverage.session
    report(
      `level 3, the real app in Chromium: ${views.taken.size} of ${views.total.size} visible states asserted, ` +
        `${transitions.taken.size} of ${transitions.total.size} visible transitions and ${taken.size} of ${all.size} of the session chart taken, ` +
        `${paths} paths of ${steps} steps in ${Math.round(seconds)} s`,
    )
    expect(faults.join('\n\n')).toBe('')
    expect(missing(views.total, views.taken)).toEqual([])
    expect(
      [...taken].filter((id) => !all.has(id)),
      'transitions that no chart has',
    ).toEqual([])
    expect(
      [...taken].filter((id) => reasonOf(id) !== undefined),
      'taken, and reasoned away',
    ).toEqual([])
    if (!isLong) return
    expect(missing(transitions.total, transitions.taken)).toEqual([])
    expect(
      missing(all, taken).filter((id) => reasonOf(id) === undefined),
      'neither taken nor reasoned',
    ).toEqual([])
  },
)
