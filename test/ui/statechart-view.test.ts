import { expect, test } from 'vitest'
import { readView, writeView, type View } from '../../ui/statechart/view.ts'

const first: View = {
  mode: 'look',
  chart: '',
  closed: null,
  words: 'built',
  direction: null,
  at: null,
  scenario: null,
  step: 0,
}

test('a plain address shows the charts as they are', () => {
  expect(readView('')).toEqual(first)
  expect(writeView(first)).toBe('#')
})

test('everything that is shown is in the address, and comes back from it', () => {
  const view: View = {
    mode: 'play',
    chart: 'renewal',
    closed: ['session.active', 'session.ending'],
    words: 'experienced',
    direction: 'RIGHT',
    at: 'session.active.access xstate.after.untilDue.session.active.access[0]',
    scenario: 'idle-warning',
    step: 3,
  }
  expect(readView(writeView(view))).toEqual(view)
  expect(readView(writeView({ ...first, closed: [] }))).toEqual({ ...first, closed: [] })
})

test('what an address says wrongly is the default', () => {
  expect(readView('#mode=nonsense&words=loud&direction=UP&step=-1')).toEqual(first)
  expect(readView('#step=1.5').step).toBe(0)
  expect(readView('#%%%').mode).toBe('look')
})
