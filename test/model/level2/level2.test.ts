import { beforeAll, describe, expect, test } from 'vitest'
import { accountMachine, renewalMachine, sessionMachine } from '../../../machines/index.ts'
import { report } from '../../support/report.ts'
import { catalogueOf } from '../catalogue.ts'
import { allOfChart } from '../coverage.ts'
import { sideOf } from '../walks.ts'
import { reasons } from './reasons.ts'
import { runLevel2, type Level2 } from './run.ts'

const machines = { session: sessionMachine, renewal: renewalMachine, account: accountMachine }
const charts = ['session', 'renewal', 'account'] as const

let run: Level2
beforeAll(async () => {
  const begin = performance.now()
  run = await runLevel2()
  const { walks, events, requests } = run
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  report(`Level 2: ${walks} walks of ${events} events on the real services, ${requests} HTTP requests, ${seconds} s`)
})

test('on every walk the real charts, on the real services, are where their models are, and remember the same', () => {
  expect(run.failures.join('\n\n')).toBe('')
})

describe.each(charts)('%s', (chart) => {
  const transitions = catalogueOf(machines[chart])
  const ids = transitions.map(({ id }) => id)
  const sides = [...allOfChart(machines[chart]).guards]
  /** What comes with a transition that cannot be taken. */
  const implied = new Set(transitions.filter(({ id }) => id in reasons).map(({ id }) => sideOf(id, true)))
  const reasoned = [...ids, ...sides].filter((id) => id in reasons || implied.has(id))

  test('every transition and every guard side is taken by the real services, or there is a reason why not', () => {
    const { transitions: taken, guards: seen } = run[chart]
    const [takenHere, seenHere] = [ids.filter((id) => taken.has(id)), sides.filter((side) => seen.has(side))]
    const figures = [
      `${takenHere.length}/${ids.length} transitions`,
      `${seenHere.length}/${sides.length} guard sides`,
      `${reasoned.length} with a reason`,
    ]
    report(`Level 2, ${chart}: ${figures.join(', ')}`)
    const left = [...ids.filter((id) => !taken.has(id)), ...sides.filter((side) => !seen.has(side))]
    expect(left.filter((id) => !reasoned.includes(id))).toEqual([])
  })

  test('nothing that has a reason is taken after all', () => {
    const { transitions: taken, guards: seen } = run[chart]
    expect(reasoned.filter((id) => taken.has(id) || seen.has(id))).toEqual([])
  })
})

test('every reason is for something that there is', () => {
  const all = charts.flatMap((chart) => {
    const { transitions, guards } = allOfChart(machines[chart])
    return [...transitions, ...guards]
  })
  expect(Object.keys(reasons).filter((id) => !all.includes(id))).toEqual([])
})
