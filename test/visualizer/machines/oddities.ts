import { and, createMachine, not } from 'xstate'

/** What machines do besides: themselves again, at once, several targets, final states, functions without a name, ids of their own. */
export const oddities = createMachine({
  id: 'oddities',
  initial: 'start',
  invoke: { src: 'watch', onError: { actions: 'complain' } },
  states: {
    start: {
      entry: [() => {}, 'greet'],
      always: [
        { target: 'both', guard: () => false },
        { target: 'self', guard: and(['isReady', not('isBusy')]) },
      ],
      on: {
        '*': 'self',
        GO: { target: ['#left.two', '#right.two'], guard: { type: 'isAllowed', params: { level: 3 } } },
      },
    },
    self: {
      on: {
        AGAIN: 'self',
        ANEW: { target: 'self', reenter: true },
        'a.rather.long.name.of.an.event.that.nobody.would.read.at.once': {
          target: 'start',
          guard: 'isAnEvenLongerNameOfAGuardThatGoesOnAndOn',
        },
      },
      after: { 1000: 'both', untilLater: { target: 'start', guard: ({ context }) => context !== null } },
    },
    both: {
      type: 'parallel',
      on: { BACK: 'start', REPEAT: { target: 'both', reenter: true } },
      onDone: 'end',
      states: {
        left: {
          id: 'left',
          initial: 'one',
          states: { one: { on: { NEXT: 'two' } }, two: { on: { NEXT: 'three' } }, three: { type: 'final' } },
        },
        right: {
          id: 'right',
          initial: 'one',
          on: { JUMP: '.two' },
          states: { one: {}, two: { on: { NEXT: 'three' } }, three: { type: 'final' } },
        },
      },
    },
    'a state with spaces': { on: { 'end it': 'end' } },
    lonely: {},
    end: { type: 'final', exit: 'sayGoodbye' },
  },
})
