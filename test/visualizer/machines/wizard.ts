import { createMachine, type AnyStateMachine } from 'xstate'

/** A wizard of 80 states: next, back, skip, and from each the way out. */
export function wizard(pages = 78): AnyStateMachine {
  const names = Array.from({ length: pages }, (_, place) => `page${place + 1}`)
  return createMachine({
    id: 'wizard',
    initial: 'page1',
    states: {
      ...Object.fromEntries(
        names.map((name, place) => [
          name,
          {
            on: {
              NEXT: names[place + 1] ?? 'done',
              ...(place > 0 && { BACK: names[place - 1] }),
              ...(place % 10 === 4 && { SKIP: { target: names[place + 5] ?? 'done', guard: 'mayBeSkipped' } }),
              CANCEL: 'cancelled',
            },
          },
        ]),
      ),
      done: { type: 'final' },
      cancelled: { type: 'final' },
    },
  })
}
