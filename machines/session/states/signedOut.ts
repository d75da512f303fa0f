import { requestOf, sessionSetup } from '../setup.ts'

/** Ways in for someone who is not signed in. */
export const logIn = {
  login: [
    {
      guard: { type: 'isViaPopup', params: requestOf },
      target: '#session.authenticating.inPopup',
      actions: { type: 'noteLogin', params: requestOf },
      description: 'The person logs in, in a window of its own.',
    },
    {
      target: '#session.authenticating.redirecting',
      actions: { type: 'noteLogin', params: requestOf },
      description: 'The person logs in, on the page of the provider.',
    },
  ],
  'sibling.loggedIn': {
    target: '#session.checkingStorage',
    actions: 'forgetProblem',
    description: 'The person logged in in another tab.',
  },
} as const

export const unauthenticated = sessionSetup.createStateConfig({
  description: 'Nobody is signed in, and the reason is known.',
  tags: 'signedOut',
  on: logIn,
})

export const loggedOut = sessionSetup.createStateConfig({
  description: 'The person chose to leave. No login starts from here by itself.',
  tags: 'signedOut',
  on: logIn,
})

export const relaying = sessionSetup.createStateConfig({
  description: 'This window only hands the answer of the provider to the window that waits for it.',
  tags: 'signingIn',
  invoke: {
    id: 'relayLoginResponse',
    src: 'relayLoginResponse',
    onDone: { description: 'Handed over; this window closes.' },
    onError: {
      target: 'checkingStorage',
      actions: { type: 'noteProblem', params: ({ event }) => ({ error: event.error }) },
      description: 'Nobody waits for the answer any more; the window may be used like any other.',
    },
  },
  after: {
    untilCompletionTimeout: {
      target: 'checkingStorage',
      description: 'The window is still open; it may be used like any other.',
    },
  },
})
