import { nearestLimit } from '../limits.ts'
import { sessionSetup } from '../setup.ts'
import type { SessionContext } from '../types.ts'

const end = {
  guard: 'isPastLimit',
  target: '#session.ending',
  actions: {
    type: 'beginEnding',
    params: ({ context }: { context: SessionContext }) => ({ reason: nearestLimit(context).limit }),
  },
  description: 'A limit has passed; the session ends here and in all tabs.',
} as const

/** After a sleep the person's first movement may come before the timer. */
const tooLate = {
  ...end,
  guard: { type: 'wasPastLimit', params: ({ event }: { event: { readonly at: number } }) => ({ at: event.at }) },
  description: 'The person is back, but a limit had passed before; the session ends here and in all tabs.',
} as const

const startAnew = {
  target: 'within',
  reenter: true,
  description: 'The person has authenticated again; the limits count from now.',
} as const

export const limits = sessionSetup.createStateConfig({
  description: 'The limits that end a session whatever the provider says: its greatest age, and idleness.',
  initial: 'within',
  states: {
    within: {
      description: 'No limit is near.',
      on: {
        'person.active': [
          tooLate,
          {
            target: 'within',
            reenter: true,
            actions: { type: 'noteActivity', params: ({ event }) => ({ at: event.at }) },
            description: 'The person is active, in this tab or another.',
          },
        ],
        'page.resumed': [
          end,
          { guard: 'isLimitNear', target: 'warned', description: 'A limit came near while nobody looked.' },
        ],
        'credentials.replaced': startAnew,
      },
      after: {
        untilWarning: [
          end,
          { guard: 'isLimitNear', target: 'warned', description: 'A limit is near.' },
          { target: 'within', reenter: true, description: 'The wait is longer than a timer can be; wait on.' },
        ],
      },
    },
    warned: {
      description: 'A limit is near, and the app can ask whether the person is still there.',
      entry: { type: 'tell', params: ({ context }) => ({ type: 'session.limitNear', ...nearestLimit(context) }) },
      on: {
        'person.active': [
          tooLate,
          {
            guard: 'isNearestLimitIdle',
            target: 'within',
            actions: { type: 'noteActivity', params: ({ event }) => ({ at: event.at }) },
            description: 'The person is still there.',
          },
        ],
        'page.resumed': end,
        'credentials.replaced': startAnew,
      },
      after: {
        untilLimit: [end, { target: 'within', description: 'The limit has moved meanwhile.' }],
      },
    },
  },
})
