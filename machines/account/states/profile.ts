import { accountSetup } from '../setup.ts'

export const profile = accountSetup.createStateConfig({
  description: 'Who the person is, from userinfo.',
  initial: 'loading',
  states: {
    loading: {
      description: 'The profile is being fetched; the last one known is shown meanwhile.',
      invoke: {
        id: 'loadProfile',
        src: 'loadProfile',
        input: ({ context }) => ({ subject: context.subject }),
        onDone: {
          target: 'loaded',
          actions: [
            { type: 'noteProfile', params: ({ event }) => ({ profile: event.output }) },
            { type: 'tell', params: { type: 'profile.loaded' } },
          ],
          description: 'The profile is here.',
        },
        onError: {
          target: 'failed',
          actions: { type: 'noteProfileProblem', params: ({ event }) => ({ error: event.error }) },
          description: 'The profile cannot be fetched; the session is not touched by that.',
        },
      },
      after: {
        untilProfileTimeout: { target: 'failed', actions: 'noteProfileTimeout', description: 'No answer in time.' },
      },
    },
    loaded: {
      description: 'The profile is the one that the provider last told.',
      on: { 'profile.reload': { target: 'loading', description: 'Someone asks for a fresh profile.' } },
    },
    failed: {
      description: 'The profile could not be fetched; the last one known is shown.',
      entry: {
        type: 'tell',
        params: ({ context }) => ({
          type: 'profile.failed',
          problem: context.profileProblem ?? { code: 'unexpected', message: 'The profile could not be fetched.' },
        }),
      },
      on: {
        'profile.reload': { target: 'loading', description: 'Someone asks for another try.' },
        'network.online': { target: 'loading', description: 'The network is back.' },
        'access.renewed': { target: 'loading', description: 'The session has a new access token.' },
        'page.resumed': { target: 'loading', description: 'The person is back at this page.' },
      },
    },
  },
})
