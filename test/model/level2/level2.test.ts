import { beforeAll, describe, expect, test } from 'vitest'
import { accountMachine, renewalMachine, sessionMachine } from '../../../machines/index.ts'
import { report } from '../../support/report.ts'
import { catalogueOf } from '../catalogue.ts'
import { guardSidesOf } from '../coverage.ts'
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
  const ofChart = reasons[chart]
  const transitions = catalogueOf(machines[chart])
  const ids = transitions.map(({ id }) => id)
  const sides = guardSidesOf(machines[chart])
  /** What comes with a transition that cannot be taken. */
  const implied = new Set(transitions.filter(({ id }) => id in ofChart).map(({ id }) => sideOf(id, true)))
  const isReasoned = (id: string) => id in ofChart || implied.has(id)

  test('every transition and every guard side is taken by the real services, or there is a reason why not', () => {
    const { transitions: taken, guards: seen } = run[chart]
    const [takenHere, seenHere] = [ids.filter((id) => taken.has(id)), sides.filter((side) => seen.has(side))]
    const figures = [
      `${takenHere.length}/${ids.length} transitions`,
      `${seenHere.length}/${sides.length} guard sides`,
      `${Object.keys(ofChart).length} reasoned`,
    ]
    report(`Level 2, ${chart}: ${figures.join(', ')}`)
    const left = [...ids.filter((id) => !taken.has(id)), ...sides.filter((side) => !seen.has(side))]
    expect(left.filter((id) => !isReasoned(id))).toEqual([])
  })

  test('no reason is out of date: what it names is there, and is not taken', () => {
    const { transitions: taken, guards: seen } = run[chart]
    const known = new Set([...ids, ...sides])
    expect(Object.keys(ofChart).filter((id) => !known.has(id))).toEqual([])
    expect([...Object.keys(ofChart), ...implied].filter((id) => taken.has(id) || seen.has(id))).toEqual([])
  })
})
