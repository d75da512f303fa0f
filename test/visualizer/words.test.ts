import { expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { itemsOf, rowsOf, titleOf } from '../../ui/visualizer/layout/words.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'

const events = ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN']
const model = chartModelOf(
  createMachine({
    id: 'words',
    initial: 'checkingStorage',
    states: {
      checkingStorage: {
        description: 'What is kept is being looked up.',
        entry: 'note',
        on: {
          ...Object.fromEntries(events.map((event) => [event, { target: 'over', guard: 'isSo' }])),
          SAME: { target: 'over', description: 'It ends.' },
          ALIKE: { target: 'over', description: 'It ends.' },
          STAY: { actions: 'stay', description: 'It stays.' },
        },
      },
      over: {},
    },
  }),
)
const [, state] = model.states
const leading = model.transitions.filter(({ targets }) => targets.length > 0)

it('a label names each transition, or stands for it', () => {
  for (const words of ['built', 'experienced'] as const) {
    const items = itemsOf(leading, words, 110)
    expect(items.flatMap(({ transitions }) => transitions).toSorted()).toEqual(leading.map(({ id }) => id).toSorted())
    expect(items.at(-1)?.lines[0]).toMatch(/^… and \d more$/)
  }
})

it('what is called the same is said once, and a guard goes to a line of its own where there is no room', () => {
  const ends = leading.filter(({ description }) => description !== '')
  expect(itemsOf(ends, 'experienced', 125)).toEqual([{ lines: ['It ends.'], transitions: ends.map(({ id }) => id) }])
  const [one] = leading
  if (one === undefined) throw new Error('There is no transition.')
  expect(itemsOf([one], 'built', 200)[0]?.lines).toEqual(['ONE [isSo]'])
  expect(itemsOf([one], 'built', 30)[0]?.lines).toEqual(['ONE', '[isSo]'])
})

it('a state is told by names, or in sentences alone', () => {
  if (state === undefined) throw new Error('There is no state.')
  expect([titleOf(state, 'built'), titleOf(state, 'experienced')]).toEqual(['checkingStorage', 'Checking storage'])
  const said = (words: 'built' | 'experienced') =>
    rowsOf(state, model, words).map(({ kind, lines }) => [kind, ...lines])
  expect(said('built')).toEqual([
    ['entry', 'note'],
    ['inner', 'STAY'],
  ])
  expect(said('experienced')).toEqual([
    ['words', 'What is kept is being looked up.'],
    ['inner', 'It stays.'],
  ])
})
