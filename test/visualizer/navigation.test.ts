import { describe, expect, test } from 'vitest'
import { sessionMachine } from '../../machines/index.ts'
import { follow, type Arrow } from '../../ui/visualizer/chart/navigation.ts'
import { around, find, rowsOf } from '../../ui/visualizer/chart/outline-rows.ts'
import { strongest, type Mark } from '../../ui/visualizer/chart/marks.ts'
import { lengthInWords, progressOf } from '../../ui/visualizer/chart/time.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'

const model = chartModelOf(sessionMachine)
const go = (from: string | null, ...arrows: Arrow[]): string | null =>
  arrows.reduce((at, arrow) => follow(model, at, arrow), from)

describe('the arrow keys', () => {
  test('begin at the chart itself', () => {
    expect(go(null, 'ArrowRight')).toBe('session')
    expect(go('nowhere.at.all', 'ArrowDown')).toBe('session')
  })

  test('lead along a transition to where it leads, and back to where it comes from', () => {
    expect(go('session.unauthenticated', 'ArrowRight')).toBe('session.unauthenticated login[0]')
    expect(go('session.unauthenticated login[0]', 'ArrowRight')).toBe('session.authenticating.inPopup')
    expect(go('session.unauthenticated login[0]', 'ArrowLeft')).toBe('session.unauthenticated')
    expect(go('session.unauthenticated login[0]', 'ArrowDown')).toBe('session.unauthenticated login[1]')
    expect(go('session.unauthenticated login[0]', 'ArrowUp')).toBe('session.unauthenticated login[0]')
  })

  test('lead to the states before and after, and to what leads there', () => {
    expect(go('session.unauthenticated', 'ArrowDown', 'ArrowUp')).toBe('session.unauthenticated')
    const leading = go('session.loggedOut', 'ArrowLeft')
    expect(model.transitions.find(({ id }) => id === leading)?.targets).toContain('session.loggedOut')
  })

  test('reach every state and every transition', () => {
    const reached = new Set<string>()
    const open: (string | null)[] = [null]
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const arrow of ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'] as const) {
        const to = follow(model, at, arrow)
        if (to === null || reached.has(to)) continue
        reached.add(to)
        open.push(to)
      }
    expect(reached).toEqual(new Set([...model.states, ...model.transitions].map(({ id }) => id)))
  })
})

describe('the outline', () => {
  const all = new Set(model.states.map(({ id }) => id))

  test('says every state and every transition once, each below the state that it belongs to', () => {
    const rows = rowsOf(model, all)
    expect(rows.map(({ id }) => id).toSorted()).toEqual(
      [...model.states, ...model.transitions].map(({ id }) => id).toSorted(),
    )
    for (const row of rows) expect(row.level).toBe(around(model, row.id).length + 1)
  })

  test('shows nothing of what is within a closed state', () => {
    const rows = rowsOf(model, new Set(['session']))
    expect(rows.filter(({ state }) => state?.id === 'session.active').map(({ isOpen }) => isOpen)).toEqual([false])
    expect(rows.some(({ id }) => id.startsWith('session.active.'))).toBe(false)
  })

  test('finds by name, description, guard, action or service, in any order of the words', () => {
    expect(find(model, '')).toEqual([])
    expect(find(model, '  no unicorns ')).toEqual([])
    expect(find(model, 'popup VIA')).toContain('session.unauthenticated login[0]')
    expect(find(model, 'reconnects')).toContain('session.active.access.refreshing.late')
    expect(find(model, 'revokeTokens')).toContain('session.ending.revoking')
  })
})

test('of several marks on one line, the worst is seen', () => {
  const mark = (tone: Mark['tone']): Mark => ({ tone, words: tone })
  const marks = new Map([
    ['a', mark('good')],
    ['b', mark('poor')],
  ])
  expect(strongest(['a', 'b', 'c'], marks)?.tone).toBe('poor')
  expect(strongest(['c'], marks)).toBeUndefined()
})

test('a wait is told by how much of it is over, and by two units at most', () => {
  expect(progressOf({ since: 1_000, until: 5_000 }, 2_000)).toEqual({ share: 0.25, left: 3_000 })
  expect(progressOf({ since: 1_000, until: 5_000 }, 9_000)).toEqual({ share: 1, left: 0 })
  expect(progressOf({ since: 5_000, until: 5_000 }, 5_000)).toEqual({ share: 1, left: 0 })
  expect([400, 90_000, 3_725_000, 90_061_000].map(lengthInWords)).toEqual([
    '400 ms',
    '1 min 30 s',
    '1 h 2 min',
    '1 d 1 h',
  ])
})
