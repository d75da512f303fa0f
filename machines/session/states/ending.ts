import { endedFact, finishedFact, sessionSetup } from '../setup.ts'

export const ending = sessionSetup.createStateConfig({
  description: 'The session is ending: here and in all tabs first, then at the provider.',
  tags: 'signingOut',
  on: {
    logout: {
      actions: { type: 'turnEndingIntoLogout', params: ({ event }) => ({ from: event.from ?? 'app' }) },
      description: 'The person leaves while the session ends for another reason.',
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
        input: ({ context }) => ({
          generation: context.ending?.generation ?? null,
          reason: context.ending?.reason ?? 'logout',
        }),
        onDone: {
          target: 'revoking',
          actions: { type: 'noteStage', params: { stage: 'clearing', outcome: 'done' } },
          description: 'The credentials are removed.',
        },
        onError: {
          target: 'revoking',
          actions: { type: 'noteStage', params: { stage: 'clearing', outcome: 'failed' } },
          description: 'The storage refused; the mark stands, and what it names is never used again.',
        },
      },
      after: {
        untilStageTimeout: {
          target: 'revoking',
          actions: { type: 'noteStage', params: { stage: 'clearing', outcome: 'timedOut' } },
          description: 'The storage does not answer; the mark stands.',
        },
      },
      exit: ['noteEnded', { type: 'tell', params: endedFact }],
    },
    revoking: {
      description: 'The provider is asked to revoke the refresh token.',
      invoke: {
        id: 'revokeTokens',
        src: 'revokeTokens',
        onDone: {
          target: 'revoked',
          actions: { type: 'noteStage', params: { stage: 'revoking', outcome: 'done' } },
          description: 'The refresh token is revoked.',
        },
        onError: {
          target: 'revoked',
          actions: { type: 'noteStage', params: { stage: 'revoking', outcome: 'failed' } },
          description: 'The provider cannot be reached or cannot revoke; the person is logged out here all the same.',
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
          actions: { type: 'noteStage', params: { stage: 'leavingProvider', outcome: 'done' } },
          description: 'The browser has left.',
        },
        onError: {
          target: 'finished',
          actions: { type: 'noteStage', params: { stage: 'leavingProvider', outcome: 'failed' } },
          description: 'The provider has no logout page, or it cannot be reached.',
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
          actions: 'forgetHeardLogin',
          description: 'The person logged in in another tab meanwhile.',
        },
        { guard: 'isEndingByLogout', target: '#session.loggedOut', description: 'The person had chosen to leave.' },
        { target: '#session.unauthenticated', description: 'The session had ended for another reason.' },
      ],
    },
  },
})
