import { createMachine, type AnyStateMachine } from 'xstate'

/** Pseudo-random numbers from 0 to 1, the same for the same seed (mulberry32). */
function createChance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** So many states in groups of five, with one and a half times as many transitions; the same for the same number. */
export function chartOf(states: number): AnyStateMachine {
  const chance = createChance(states)
  const groups = Math.ceil(states / 6)
  const name = (index: number): string => `group ${index}`
  return createMachine({
    id: `chart of ${states}`,
    initial: name(0),
    states: Object.fromEntries(
      Array.from({ length: groups }, (_, group) => [
        name(group),
        {
          initial: 'step 0',
          states: Object.fromEntries(
            Array.from({ length: Math.min(5, states - group * 6 - 1) }, (_, step) => [
              `step ${step}`,
              { on: { go: `step ${(step + 1) % Math.max(1, Math.min(5, states - group * 6 - 1))}` } },
            ]),
          ),
          on: {
            done: name((group + 1) % groups),
            [`jump ${group}`]: name(Math.floor(chance() * groups)),
            ...(chance() < 0.5 ? { back: name(Math.max(0, group - 1)) } : {}),
          },
        },
      ]),
    ),
  })
}
