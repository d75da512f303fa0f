import { completedFact, loginFailedFact } from '../login-facts.ts'
import { noFacts, requestOf, sessionSetup } from '../setup.ts'
import type { Problem } from '../../errors.ts'

const cancelled: Problem = { code: 'login_cancelled', message: 'The person was not authenticated again.' }
const late: Problem = { code: 'login_timeout', message: 'The window was left open too long. Try again.' }

export const stepUp = sessionSetup.createStateConfig({
  description: 'Authenticating again or more strongly from within a session; the app stays as it is.',
  initial: 'none',
  states: {
    none: {
      description: 'No such thing is under way.',
      on: {
        stepUp: [
          {
            guard: { type: 'isViaPopup', params: requestOf },
            target: 'inPopup',
            actions: { type: 'noteStepUp', params: requestOf },
            description: 'The person is asked to authenticate again, in a window of its own.',
          },
          {
            target: '#session.authenticating.redirecting',
            actions: { type: 'noteStepUp', params: requestOf },
            description: 'The person is asked to authenticate again, on the page of the provider.',
          },
        ],
      },
    },
    inPopup: {
      description: 'The login page of the provider is open in a window of its own.',
      invoke: {
        id: 'stepUpInPopup',
        src: 'stepUpInPopup',
        input: ({ context }) => ({
          request: context.login?.request ?? {},
          subject: (context.facts ?? noFacts).subject,
        }),
        onDone: {
          target: 'none',
          actions: [
            { type: 'noteSession', params: ({ event }) => event.output },
            { type: 'replaceCredentials', params: ({ event }) => event.output },
            { type: 'tell', params: ({ event }) => completedFact(event.output) },
            'tellTrouble',
          ],
          description: 'The person has authenticated again.',
        },
        onError: {
          target: 'none',
          actions: [
            { type: 'noteProblem', params: ({ event }) => ({ error: event.error }) },
            { type: 'tell', params: loginFailedFact },
          ],
          description: 'Denied, closed or failed; the session stays as it was.',
        },
      },
      on: {
        'stepUp.cancel': {
          target: 'none',
          actions: [
            { type: 'noteGivenProblem', params: cancelled },
            { type: 'tell', params: loginFailedFact },
          ],
          description: 'The person or the app gives up; the session stays as it was.',
        },
      },
      after: {
        untilPopupTimeout: {
          target: 'none',
          actions: [
            { type: 'noteGivenProblem', params: late },
            { type: 'tell', params: loginFailedFact },
          ],
          description: 'The window was left open too long; the session stays as it was.',
        },
      },
    },
  },
})
