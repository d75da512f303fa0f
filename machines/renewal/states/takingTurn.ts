import type { Problem } from '../../errors.ts'
import { renewalSetup, renewedElsewhere } from '../setup.ts'

/** Stands in where no problem was noted; every way into `confirming` notes one. */
const refusal: Problem = { code: 'invalid_grant', message: 'The provider refused to renew the session.' }

/** From asking for the turn to giving it back. Everything that must not happen in two tabs at once happens in here. */
export const takingTurn = renewalSetup.createStateConfig({
  description: 'This tab is taking, or has, its turn to renew; no other tab renews meanwhile.',
  invoke: {
    id: 'holdTurn',
    src: 'holdTurn',
    input: ({ context }) => ({ facts: context.facts }),
    onError: {
      target: 'backingOff',
      actions: [{ type: 'noteProblem', params: ({ event }) => ({ error: event.error }) }, 'countAttempt'],
      description: 'The turn cannot be asked for.',
    },
  },
  on: {
    'turn.refused': {
      target: 'backingOff',
      actions: ['forgetRetryAfter', 'countAttempt'],
      description: 'No turn is to be had now.',
    },
  },
  initial: 'waiting',
  states: {
    waiting: {
      description: 'Another tab may be renewing; this one waits for its turn.',
      on: {
        'turn.granted': { target: 'rechecking', description: 'It is our turn.' },
        'sibling.renewed': {
          guard: { type: 'isNewer', params: renewedElsewhere },
          target: '#renewal.adopted',
          actions: { type: 'noteAdoption', params: renewedElsewhere },
          description: 'Another tab has renewed; its credentials are ours too.',
        },
      },
      after: {
        untilTurnDoubt: {
          target: '#renewal.backingOff',
          actions: ['noteTimeout', 'countAttempt'],
          description: 'The turn did not come in time.',
        },
      },
    },
    rechecking: {
      description: 'It is our turn, and the vault is read again: another tab may have been here before us.',
      invoke: {
        id: 'recheckVault',
        src: 'recheckVault',
        input: ({ context }) => ({ facts: context.facts }),
        onDone: [
          {
            guard: { type: 'hasOutcome', params: ({ event }) => ({ result: event.output, expected: 'same' }) },
            target: 'requesting',
            description: 'Nobody renewed before us.',
          },
          {
            guard: { type: 'hasOutcome', params: ({ event }) => ({ result: event.output, expected: 'adopted' }) },
            target: '#renewal.adopted',
            actions: { type: 'noteResult', params: ({ event }) => ({ result: event.output }) },
            description: 'Another tab has renewed; its credentials are ours too.',
          },
          {
            target: '#renewal.discarded',
            description: 'The vault holds another login, or none.',
          },
        ],
        onError: {
          target: '#renewal.backingOff',
          actions: [{ type: 'noteProblem', params: ({ event }) => ({ error: event.error }) }, 'countAttempt'],
          description: 'The vault cannot be read just now.',
        },
      },
      after: {
        untilVaultTimeout: {
          target: '#renewal.backingOff',
          actions: ['noteTimeout', 'countAttempt'],
          description: 'The vault does not answer.',
        },
      },
    },
    requesting: {
      description: 'The refresh token is being spent at the provider.',
      invoke: {
        id: 'requestTokens',
        src: 'requestTokens',
        input: ({ context }) => ({ facts: context.facts }),
        onDone: { target: 'committing', description: 'The provider answered with new credentials.' },
        onError: [
          {
            guard: { type: 'isVerdict', params: ({ event }) => ({ error: event.error }) },
            target: 'confirming',
            actions: { type: 'noteProblem', params: ({ event }) => ({ error: event.error }) },
            description: 'The provider refused the refresh token.',
          },
          {
            guard: { type: 'isOffline', params: ({ event }) => ({ error: event.error }) },
            target: '#renewal.waitingForNetwork',
            actions: [{ type: 'noteProblem', params: ({ event }) => ({ error: event.error }) }, 'countAttempt'],
            description: 'The browser says that it is offline.',
          },
          {
            target: '#renewal.backingOff',
            actions: [{ type: 'noteProblem', params: ({ event }) => ({ error: event.error }) }, 'countAttempt'],
            description: 'The provider did not give a usable answer; that says nothing about the session.',
          },
        ],
      },
      after: {
        untilRequestTimeout: {
          target: '#renewal.backingOff',
          actions: ['noteTimeout', 'countAttempt'],
          description: 'No answer in time; the request goes on by itself, and its answer is written when it comes.',
        },
      },
    },
    confirming: {
      description: 'The provider refused; the vault is asked whether another tab has renewed meanwhile.',
      invoke: {
        id: 'confirmVerdict',
        src: 'confirmVerdict',
        input: ({ context }) => ({ facts: context.facts, problem: context.problem ?? refusal }),
        onDone: [
          {
            guard: { type: 'hasOutcome', params: ({ event }) => ({ result: event.output, expected: 'rejected' }) },
            target: '#renewal.rejected',
            actions: { type: 'noteResult', params: ({ event }) => ({ result: event.output }) },
            description: 'The verdict stands; the credentials are removed.',
          },
          {
            guard: { type: 'hasOutcome', params: ({ event }) => ({ result: event.output, expected: 'adopted' }) },
            target: '#renewal.adopted',
            actions: { type: 'noteResult', params: ({ event }) => ({ result: event.output }) },
            description: 'Another tab has renewed; the verdict was about the old refresh token.',
          },
          {
            target: '#renewal.discarded',
            description: 'The vault holds another login, or none; the verdict is not about it.',
          },
        ],
        onError: {
          target: '#renewal.backingOff',
          actions: [{ type: 'noteProblem', params: ({ event }) => ({ error: event.error }) }, 'countAttempt'],
          description: 'The vault cannot be asked just now; without it no verdict counts.',
        },
      },
      after: {
        untilVaultTimeout: {
          target: '#renewal.backingOff',
          actions: ['noteTimeout', 'countAttempt'],
          description: 'The vault does not answer.',
        },
      },
    },
    committing: {
      description: 'The new credentials are being written, before anyone hears of them.',
      invoke: {
        id: 'commitTokens',
        src: 'commitTokens',
        input: ({ context }) => ({ facts: context.facts }),
        onDone: [
          {
            guard: { type: 'hasOutcome', params: ({ event }) => ({ result: event.output, expected: 'renewed' }) },
            target: '#renewal.renewed',
            actions: { type: 'noteResult', params: ({ event }) => ({ result: event.output }) },
            description: 'The new credentials are written.',
          },
          {
            guard: { type: 'hasOutcome', params: ({ event }) => ({ result: event.output, expected: 'unsaved' }) },
            target: '#renewal.unsaved',
            actions: { type: 'noteResult', params: ({ event }) => ({ result: event.output }) },
            description: 'The browser did not let us write; the credentials are kept in memory.',
          },
          {
            target: '#renewal.discarded',
            description: 'The person left or logged in anew meanwhile; this answer is thrown away.',
          },
        ],
        onError: {
          target: '#renewal.backingOff',
          actions: [{ type: 'noteProblem', params: ({ event }) => ({ error: event.error }) }, 'countAttempt'],
          description: 'Something unforeseen while writing; the answer is kept and found again at the next turn.',
        },
      },
      after: {
        untilVaultTimeout: {
          target: '#renewal.backingOff',
          actions: ['noteTimeout', 'countAttempt'],
          description: 'The vault does not answer; the write goes on by itself.',
        },
      },
    },
  },
})
