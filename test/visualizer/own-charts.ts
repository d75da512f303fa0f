import { createMachine, setup } from 'xstate'

/** Charts of shapes that ours do not have: history, both kinds of it, inner transitions, a root that leads somewhere, delays in numbers. */
const player = setup({
  guards: { isLoud: () => true, isLate: () => false },
  actions: { dim: () => {}, note: () => {} },
}).createMachine({
  id: 'player',
  type: 'parallel',
  description: 'Plays & pauses, "as asked".',
  on: { '*': { actions: 'note' }, reset: '.sound' },
  states: {
    sound: {
      initial: 'on',
      states: {
        on: {
          entry: 'note',
          exit: 'dim',
          on: { mute: { target: 'off', guard: 'isLoud', description: 'It is too loud.' } },
        },
        off: { after: { 500: 'on', 900: { target: 'on', guard: 'isLate' } }, tags: ['quiet'] },
        last: { type: 'history' },
        allOfLast: { type: 'history', history: 'deep' },
      },
      on: { back: '.last', 'back.deep': '.allOfLast', again: { target: '.on', reenter: true } },
    },
    work: {
      initial: 'doing',
      states: { doing: { always: { target: 'done', guard: 'isLate' } }, done: { type: 'final' } },
      onDone: { actions: 'dim' },
    },
  },
})

const tiny = createMachine({ id: 'tiny' })

export const ownCharts = [player, tiny]
