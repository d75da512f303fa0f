import { createMachine } from 'xstate'

/** Nested parallel regions with history, shallow and deep: what is within a player. */
export const player = createMachine({
  id: 'player',
  initial: 'off',
  on: { UNPLUG: '.off' },
  states: {
    off: { on: { POWER: 'on.again', RESET: 'on' } },
    on: {
      type: 'parallel',
      on: { POWER: 'off' },
      states: {
        again: { type: 'history', history: 'deep' },
        sound: {
          initial: 'loud',
          states: {
            loud: { on: { MUTE: 'mute', LOUDER: { actions: 'turnUp' } } },
            mute: { on: { MUTE: 'before' } },
            before: { type: 'history', target: 'loud' },
          },
        },
        picture: {
          type: 'parallel',
          states: {
            subtitles: {
              initial: 'hidden',
              states: { hidden: { on: { CC: 'shown' } }, shown: { on: { CC: 'hidden' } } },
            },
            size: {
              initial: 'window',
              states: {
                window: { on: { FULL: 'full', MINI: 'mini' } },
                full: { on: { ESCAPE: 'window' }, after: { 3000: { actions: 'hideControls' } } },
                mini: { on: { FULL: 'full', ESCAPE: 'window' } },
              },
            },
          },
        },
        playback: {
          initial: 'paused',
          states: {
            paused: { on: { PLAY: 'playing' } },
            playing: { on: { PAUSE: 'paused', END: { target: 'paused', actions: 'rewind' } } },
          },
        },
      },
    },
  },
})
