import { not } from 'xstate'
import { nearestLimit } from '../limits.ts'
import { sessionSetup } from '../setup.ts'
import type { RestoreOutcome } from '../types.ts'

const reasonOf = (restored: RestoreOutcome) => (restored.outcome === 'empty' ? restored.reason : 'never')

const lookAgain = {
  target: '#session.checkingStorage',
  reenter: true,
  description: 'Another tab has just changed what is kept; look again.',
} as const

export const checkingStorage = sessionSetup.createStateConfig({
  description: 'Whether someone is signed in is being looked up.',
  tags: 'restoring',
  entry: 'forgetHeardLogin',
  exit: 'noteOpened',
  on: {
    'sibling.loggedIn': lookAgain,
    'sibling.renewed': lookAgain,
    'sibling.ended': lookAgain,
    logout: {
      target: 'ending',
      actions: { type: 'beginBlindLogout', params: ({ event }) => ({ from: event.from ?? 'app' }) },
      description: 'The person leaves; whatever is kept is removed unseen.',
    },
  },
  initial: 'looking',
  states: {
    looking: {
      description: 'The address and the vault are being read.',
      invoke: {
        id: 'restoreSession',
        src: 'restoreSession',
        onDone: [
          {
            guard: { type: 'hasFoundOther', params: ({ event }) => ({ restored: event.output }) },
            target: '#session.unauthenticated',
            actions: [
              { type: 'tellLoss', params: { reason: 'subject_changed' } },
              { type: 'noteSignedOut', params: { reason: 'subject_changed' } },
            ],
            description: 'Another person has signed in in another tab since; this tab ends.',
          },
          {
            guard: { type: 'hasOutcome', params: ({ event }) => ({ restored: event.output, expected: 'found' }) },
            target: 'found',
            actions: { type: 'noteRestored', params: ({ event }) => ({ restored: event.output }) },
            description: 'There is a stored session.',
          },
          {
            guard: { type: 'isSilentAnswer', params: ({ event }) => ({ restored: event.output }) },
            target: '#session.askingProvider.completing',
            actions: { type: 'noteReturn', params: ({ event }) => ({ restored: event.output }) },
            description: 'The page comes back from asking the provider silently.',
          },
          {
            guard: {
              type: 'hasOutcome',
              params: ({ event }) => ({ restored: event.output, expected: 'loginResponse' }),
            },
            target: '#session.authenticating.completing',
            actions: { type: 'noteReturn', params: ({ event }) => ({ restored: event.output }) },
            description: 'The person comes back from the login page.',
          },
          {
            guard: { type: 'hasOutcome', params: ({ event }) => ({ restored: event.output, expected: 'relay' }) },
            target: '#session.relaying',
            description: 'This window was opened for a login and holds the answer.',
          },
          {
            guard: { type: 'hasLoggedOut', params: ({ event }) => ({ restored: event.output }) },
            target: '#session.loggedOut',
            actions: [
              { type: 'tellLoss', params: { reason: 'logout' } },
              { type: 'noteEmpty', params: ({ event }) => ({ restored: event.output }) },
            ],
            description: 'The person logged out before.',
          },
          {
            guard: { type: 'mayAskProvider', params: ({ event }) => ({ reason: reasonOf(event.output) }) },
            target: '#session.askingProvider',
            // A page that is opening had no session that it could lose.
            actions: { type: 'noteEmpty', params: ({ event }) => ({ restored: event.output }) },
            description: 'There is no session here, but there may be one at the provider.',
          },
          {
            target: '#session.unauthenticated',
            actions: [
              { type: 'tellLoss', params: ({ event }) => ({ reason: reasonOf(event.output) }) },
              { type: 'noteEmpty', params: ({ event }) => ({ restored: event.output }) },
            ],
            description: 'There is no session.',
          },
        ],
        onError: {
          target: '#session.unauthenticated',
          actions: [
            { type: 'tellLoss', params: { reason: 'storage_lost' } },
            { type: 'noteSignedOut', params: { reason: 'storage_lost' } },
            { type: 'noteProblem', params: ({ event }) => ({ error: event.error }) },
          ],
          description: 'What is kept cannot be read.',
        },
      },
      after: {
        untilStorageTimeout: {
          target: '#session.unauthenticated',
          actions: [
            { type: 'tellLoss', params: { reason: 'storage_lost' } },
            { type: 'noteSignedOut', params: { reason: 'storage_lost' } },
            {
              type: 'noteGivenProblem',
              params: {
                code: 'vault_unavailable',
                message:
                  'The browser did not answer when the stored session was read. Close other tabs of this app and reload.',
              },
            },
          ],
          description: 'The storage does not answer.',
        },
      },
    },
    found: {
      description: 'There is a stored session; what the clock says about it decides.',
      always: [
        {
          guard: 'isPastLimit',
          target: '#session.ending',
          actions: { type: 'beginEnding', params: ({ context }) => ({ reason: nearestLimit(context).limit }) },
          description: 'A limit passed while the app was closed.',
        },
        { guard: not('isExpired'), target: '#session.active', description: 'The access token can be used.' },
        {
          guard: 'isRenewable',
          target: '#session.active.access.refreshing.late',
          description: 'The access token has expired, and can be renewed.',
        },
        {
          guard: { type: 'mayAskProvider', params: { reason: 'expired' } },
          target: '#session.askingProvider',
          description: 'The access token has expired, but the provider may still know the person.',
        },
        {
          target: '#session.ending',
          actions: { type: 'beginEnding', params: { reason: 'expired' } },
          description: 'The access token has expired, and cannot be renewed.',
        },
      ],
    },
  },
})
