import type { EndReason, Session, SessionFact, SessionRequest } from 'sessionchart'
import { assign, fromPromise, sendTo, setup } from 'xstate'
import { orderTea } from './order.ts'
import { sessionLogic } from './session.ts'

interface Context {
  readonly receipts: readonly { readonly number: number; readonly text: string }[]
  readonly problem: string | null
  /** Why the last session ended. */
  readonly ended: EndReason | null
}

type TeaEvent =
  // What the session tells its parent.
  | SessionFact
  | { readonly type: 'enter' }
  | { readonly type: 'leave' }
  | { readonly type: 'order'; readonly tea: string }

interface Order {
  readonly tea: string
  readonly session: Session['actor'] | undefined
}

/** A tea house: who is signed in is inside, and may order. */
export const teaMachine = setup({
  types: { context: {} as Context, events: {} as TeaEvent, children: {} as { session: 'session' } },
  actors: {
    session: sessionLogic,
    order: fromPromise<string, Order>(({ input }) => orderTea(input.tea, input.session)),
  },
  actions: {
    clearTable: assign((_, ended: EndReason) => ({ receipts: [], problem: null, ended })),
    goBack: (_, { returnTo = '/' }: { readonly returnTo?: string }) => history.replaceState(null, '', returnTo),
  },
}).createMachine({
  id: 'teaHouse',
  context: { receipts: [], problem: null, ended: null },
  invoke: { src: 'session', id: 'session' },
  initial: 'outside',
  on: {
    'login.completed': { actions: { type: 'goBack', params: ({ event }) => event } },
    'login.failed': { actions: { type: 'goBack', params: ({ event }) => event } },
  },
  states: {
    outside: {
      on: {
        // XState sends whatever it is given to an actor that is named: `satisfies` has it checked.
        enter: { actions: sendTo('session', { type: 'login', returnTo: '/' } satisfies SessionRequest) },
        'session.started': 'inside',
      },
    },
    inside: {
      initial: 'choosing',
      on: {
        leave: { actions: sendTo('session', { type: 'logout' } satisfies SessionRequest) },
        'session.ended': {
          target: 'outside',
          actions: { type: 'clearTable', params: ({ event }) => event.reason },
        },
      },
      states: {
        choosing: { on: { order: 'ordering' } },
        ordering: {
          invoke: {
            src: 'order',
            input: ({ event, self }) => ({
              tea: event.type === 'order' ? event.tea : '',
              // It knows its children by their names alone here.
              session: self.getSnapshot().children['session'] as Order['session'],
            }),
            onDone: {
              target: 'choosing',
              actions: assign(({ context, event }) => ({
                receipts: [...context.receipts, { number: context.receipts.length + 1, text: event.output }],
                problem: null,
              })),
            },
            onError: {
              target: 'choosing',
              actions: assign(({ event }) => ({
                problem: event.error instanceof Error ? event.error.message : 'The order was lost.',
              })),
            },
          },
        },
      },
    },
  },
})
