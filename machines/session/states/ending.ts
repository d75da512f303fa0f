import { not } from 'xstate'
import { endedFact, finishedFact, sessionSetup } from '../setup.ts'
import type { LogoutRequest, SessionContext } from '../types.ts'

const wayOut = ({ event }: { event: LogoutRequest }) => ({ from: event.from ?? 'app' })

const clearingInput = ({ context: { ending } }: { context: Pick<SessionContext, 'ending'> }) => ({
  generation: ending?.generation ?? null,
  reason: ending?.reason ?? ('logout' as const),
})

const clearingFailed = ({ event }: { event: { error: unknown } }) => ({
  stage: 'clearing' as const,
  outcome: 'failed' as const,
  error: event.error,
})

export const ending = sessionSetup.createStateConfig({
  description: 'The session is ending: here and in all tabs first, then at the provider.',
  tags: 'signingOut',
  on: {
    logout: {
      actions: { type: 'turnEndingIntoLogout', params: wayOut },
      description: 'The person leaves, and has said so before; the greater of both ways counts.',
    },
    'sibling.loggedIn': {
      actions: 'noteHeardLogin',
      description: 'The person logged in in another tab; that is looked at afterwards.',
    },
  },
  initial: 'clearing',
  states: {
    clearing: {
      description: 'The login is marked as ended, and its credentials are removed here and in all tabs.',
      invoke: {
        id: 'clearCredentials',
        src: 'clearCredentials',
        input: clearingInput,
        onDone: {
          target: 'cleared',
          actions: { type: 'noteStage', params: { stage: 'clearing', outcome: 'done' } },
          description: 'The credentials are removed.',
        },
        onError: {
          target: 'cleared',
          actions: { type: 'noteStage', params: clearingFailed },
          description: 'The storage refused; the mark stands, and what it names is never used again.',
        },
      },
      on: {
        logout: {
          guard: not('isEndingByLogout'),
          target: 'clearing',
          reenter: true,
          actions: { type: 'turnEndingIntoLogout', params: wayOut },
          description: 'The person leaves while the session ends for another reason; the mark has to say so.',
        },
      },
      after: {
        untilStageTimeout: {
          target: 'cleared',
          actions: { type: 'noteStage', params: { stage: 'clearing', outcome: 'timedOut' } },
          description: 'The storage does not answer; the mark stands.',
        },
      },
    },
    cleared: {
      description: 'Nobody is signed in here any more.',
      entry: ['noteEnded', { type: 'tell', params: endedFact }],
      always: { target: 'revoking', description: 'The provider comes next.' },
    },
    revoking: {
      description: 'The provider is asked to revoke the refresh token.',
      invoke: {
        id: 'revokeTokens',
        src: 'revokeTokens',
        onDone: {
          target: 'revoked',
          actions: { type: 'noteStage', params: ({ event }) => ({ stage: 'revoking', outcome: event.output }) },
          description: 'The refresh token is revoked, or there is none, or the provider revokes none.',
        },
        onError: {
          target: 'revoked',
          actions: {
            type: 'noteStage',
            params: ({ event }) => ({ stage: 'revoking', outcome: 'failed', error: event.error }),
          },
          description: 'The provider cannot be reached or refuses; the person is logged out here all the same.',
        },
      },
      on: {
        logout: {
          guard: not('isEndingByLogout'),
          target: 'remarking',
          actions: { type: 'turnEndingIntoLogout', params: wayOut },
          description: 'The person leaves when the session has just ended for another reason.',
        },
      },
      after: {
        untilStageTimeout: {
          target: 'revoked',
          actions: { type: 'noteStage', params: { stage: 'revoking', outcome: 'timedOut' } },
          description: 'The provider does not answer; the person is logged out here all the same.',
        },
      },
    },
    remarking: {
      description: 'What is kept of the end is made to say that the person left; another login by now goes as well.',
      invoke: {
        id: 'clearCredentials',
        src: 'clearCredentials',
        input: clearingInput,
        onDone: { target: 'revoking', description: 'The mark says that the person left.' },
        onError: {
          target: 'revoking',
          actions: { type: 'noteStage', params: clearingFailed },
          description: 'The storage refused; the mark stands.',
        },
      },
      after: {
        untilStageTimeout: {
          target: 'revoking',
          actions: { type: 'noteStage', params: { stage: 'clearing', outcome: 'timedOut' } },
          description: 'The storage does not answer; the mark stands.',
        },
      },
    },
    revoked: {
      description: 'Nothing of the session is left in this browser.',
      always: [
        {
          guard: 'isLeavingProviderAsked',
          target: 'leavingProvider',
          description: 'The person wants to leave the provider as well.',
        },
        { target: 'finished', description: 'The session of the provider is left alone.' },
      ],
    },
    leavingProvider: {
      description: 'The browser is leaving for the logout page of the provider.',
      invoke: {
        id: 'leaveProvider',
        src: 'leaveProvider',
        onDone: {
          target: 'finished',
          actions: { type: 'noteStage', params: ({ event }) => ({ stage: 'leavingProvider', outcome: event.output }) },
          description: 'The browser has left, or the provider has no logout page.',
        },
        onError: {
          target: 'finished',
          actions: {
            type: 'noteStage',
            params: ({ event }) => ({ stage: 'leavingProvider', outcome: 'failed', error: event.error }),
          },
          description: 'The provider cannot be reached.',
        },
      },
      on: {
        'page.restored': { target: 'finished', description: 'The person came back with the back button.' },
      },
      after: {
        untilStageTimeout: {
          target: 'finished',
          actions: { type: 'noteStage', params: { stage: 'leavingProvider', outcome: 'timedOut' } },
          description: 'The logout page did not come in time.',
        },
      },
    },
    finished: {
      description: 'All stages are over; how each went is known.',
      entry: { type: 'tell', params: finishedFact },
      always: [
        {
          guard: 'hasHeardLogin',
          target: '#session.checkingStorage',
          description: 'The person logged in in another tab meanwhile.',
        },
        { guard: 'isEndingByLogout', target: '#session.loggedOut', description: 'The person had chosen to leave.' },
        { target: '#session.unauthenticated', description: 'The session had ended for another reason.' },
      ],
    },
  },
})
