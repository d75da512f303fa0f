import { completedFact, loginFailedFact } from '../login-facts.ts'
import { sessionSetup } from '../setup.ts'
import type { Problem } from '../../errors.ts'
import type { CompletedLogin } from '../types.ts'

const cancelled: Problem = { code: 'login_cancelled', message: 'The login was cancelled.' }
const late: Problem = { code: 'login_timeout', message: 'The login took too long. Try again.' }

const tooLate = {
  target: '#session.checkingStorage',
  actions: [
    { type: 'noteGivenProblem', params: late },
    { type: 'tell', params: loginFailedFact },
  ],
} as const

const fail = {
  target: '#session.checkingStorage',
  actions: [
    { type: 'noteProblem', params: ({ event }: { event: { error: unknown } }) => ({ error: event.error }) },
    { type: 'tell', params: loginFailedFact },
  ],
} as const

const cancel = {
  target: '#session.checkingStorage',
  actions: [
    { type: 'noteGivenProblem', params: cancelled },
    { type: 'tell', params: loginFailedFact },
  ],
} as const

const tellCompleted = {
  type: 'tell',
  params: ({ event }: { event: { output: CompletedLogin } }) => completedFact(event.output),
} as const

const signedIn = [
  {
    guard: 'hasHeardLogin',
    target: '#session.checkingStorage',
    actions: tellCompleted,
    description:
      'The person is signed in, and logged in in another tab as well; the vault says which login was the last.',
  },
  {
    target: '#session.active',
    actions: [
      { type: 'noteSession', params: ({ event }: { event: { output: CompletedLogin } }) => event.output },
      tellCompleted,
      'tellTrouble',
    ],
    description: 'The person is signed in.',
  },
] as const

/** Whatever goes wrong in here leads back to the vault: a session that was there before is still there. */
export const authenticating = sessionSetup.createStateConfig({
  description: 'The person is logging in.',
  tags: 'signingIn',
  on: {
    logout: {
      target: 'ending',
      actions: { type: 'beginBlindLogout', params: ({ event }) => ({ from: event.from ?? 'app' }) },
      description: 'The person leaves in the middle of a login; whatever is kept is removed unseen.',
    },
    'sibling.loggedIn': {
      actions: 'noteHeardLogin',
      description: 'The person logged in in another tab; that is looked at afterwards.',
    },
  },
  initial: 'redirecting',
  states: {
    redirecting: {
      description: 'The browser is leaving for the login page of the provider.',
      invoke: {
        id: 'redirectToLogin',
        src: 'redirectToLogin',
        input: ({ context }) => context.login ?? { request: {} },
        onDone: { description: 'The browser is on its way; this page ends here.' },
        onError: { ...fail, description: 'The login page cannot be reached.' },
      },
      on: {
        'page.restored': { ...cancel, description: 'The person came back with the back button.' },
        'login.cancel': { ...cancel, description: 'The person or the app gives up.' },
      },
      after: { untilRedirectTimeout: { ...tooLate, description: 'The login page did not come in time.' } },
    },
    inPopup: {
      description: 'The login page of the provider is open in a window of its own.',
      invoke: {
        id: 'loginInPopup',
        src: 'loginInPopup',
        input: ({ context }) => ({ request: context.login?.request ?? {} }),
        onDone: signedIn,
        onError: { ...fail, description: 'The window was blocked or closed, or the provider said no.' },
      },
      on: { 'login.cancel': { ...cancel, description: 'The person or the app gives up.' } },
      after: { untilPopupTimeout: { ...tooLate, description: 'The window was left open too long.' } },
    },
    completing: {
      description: 'The person is back from the login page, and the answer is being exchanged for credentials.',
      invoke: {
        id: 'completeLogin',
        src: 'completeLogin',
        onDone: signedIn,
        onError: { ...fail, description: 'The provider said no, or its answer cannot be used.' },
      },
      after: { untilCompletionTimeout: { ...tooLate, description: 'The answer could not be exchanged in time.' } },
    },
  },
})
