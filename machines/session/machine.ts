import { sessionSetup } from './setup.ts'
import { active } from './states/active.ts'
import { askingProvider } from './states/askingProvider.ts'
import { authenticating } from './states/authenticating.ts'
import { checkingStorage } from './states/checkingStorage.ts'
import { ending } from './states/ending.ts'
import { loggedOut, relaying, unauthenticated } from './states/signedOut.ts'

/** The life of a session in one tab. The vault and the other tabs are behind the ports. */
export const sessionMachine = sessionSetup.createMachine({
  id: 'session',
  description: 'The life of a session: from opening the app to leaving it.',
  context: ({ input }) => ({
    ...input,
    facts: null,
    profile: null,
    lastActiveAt: 0,
    signedOutReason: 'never',
    problem: null,
    login: null,
    ending: null,
    isOpening: true,
    heardLogin: false,
  }),
  invoke: [
    {
      id: 'watchSiblings',
      src: 'watchSiblings',
      onError: { description: 'Without a watch, this tab finds out when it is shown or next reads.' },
    },
    {
      id: 'watchPage',
      src: 'watchPage',
      onError: { description: 'Without a watch, timers alone say when to look.' },
    },
  ],
  initial: 'checkingStorage',
  states: { checkingStorage, askingProvider, unauthenticated, authenticating, relaying, active, ending, loggedOut },
})
