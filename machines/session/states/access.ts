import { and } from 'xstate'
import type { Problem } from '../../errors.ts'
import type { CredentialFacts, Verdict } from '../../facts.ts'
import type { RenewalOutcome } from '../../renewal/types.ts'
import { reasonOfVerdict } from '../../verdicts.ts'
import { factsOf, noFacts, renewedFact, sessionSetup } from '../setup.ts'

const authenticated = '#session.active.access.authenticated'
const early = '#session.active.access.refreshing.early'
const late = '#session.active.access.refreshing.late'

const renewExpired = {
  guard: and(['isExpired', 'isRenewable']),
  target: late,
  description: 'The access token has expired while nobody looked.',
} as const

/** What the clock says about the credentials, in this order; used whenever there is a reason to look. */
const byTheClock = [
  renewExpired,
  {
    guard: 'isExpired',
    target: '#session.ending',
    actions: { type: 'beginEnding', params: { reason: 'expired' } },
    description: 'The access token has expired, and cannot be renewed.',
  },
  { guard: 'isDue', target: early, description: 'It is time to renew.' },
] as const

const renewOnDemand = [
  renewExpired,
  { guard: 'isRenewable', target: early, description: 'Someone needs an access token that lasts longer.' },
] as const

const refused = {
  guard: {
    type: 'isRefusedTokenCurrent',
    params: ({ event }: { event: { readonly revision: number } }) => ({ revision: event.revision }),
  },
  target: late,
  description: 'A resource server no longer takes this access token.',
} as const

const renewAgain = [
  renewExpired,
  {
    guard: 'isRenewable',
    target: early,
    description: 'The renewal is tried again, while the old access token still works.',
  },
  { target: authenticated, description: 'There is nothing to renew with.' },
] as const

const adopt = {
  guard: { type: 'isNewer', params: factsOf },
  target: authenticated,
  reenter: true,
  actions: [{ type: 'noteFacts', params: factsOf }, { type: 'tell', params: renewedFact }, 'tellAccountOfRenewal'],
  description: 'Another tab has renewed; its credentials are ours too.',
} as const

export const access = sessionSetup.createStateConfig({
  description: 'Whether the access token can be used, and its renewal.',
  on: {
    // Not re-entering: that would reach into the other regions, and lose against what `limits` does with this event.
    'credentials.replaced': {
      target: authenticated,
      actions: 'tellAccountOfRenewal',
      description: 'The person has authenticated again; the new credentials take over.',
    },
  },
  initial: 'authenticated',
  states: {
    authenticated: {
      description: 'The person is signed in and the access token can be used.',
      tags: ['signedIn', 'usable'],
      on: {
        'page.resumed': byTheClock,
        'token.required': renewOnDemand,
        'token.refused': refused,
        'sibling.renewed': adopt,
      },
      after: {
        untilDue: [
          ...byTheClock,
          { target: authenticated, reenter: true, description: 'The wait is longer than a timer can be; wait on.' },
        ],
      },
    },
    refreshing: {
      description: 'The credentials are being renewed.',
      tags: 'renewing',
      on: {
        'renewal.retry': { actions: 'passToRenewal', description: 'The person asks for another try now.' },
      },
      invoke: {
        id: 'renewal',
        src: 'renewal',
        input: ({ context }) => ({
          facts: context.facts ?? noFacts,
          clock: context.clock,
          policy: context.policy.renewal,
        }),
        onDone: [
          {
            guard: { type: 'hasBornExpired', params: ({ event }) => ({ result: event.output }) },
            target: 'recovering',
            actions: { type: 'noteRenewal', params: ({ event }) => ({ result: event.output }) },
            description: 'The new credentials have expired already; the next try has to wait.',
          },
          {
            guard: {
              type: 'hasRenewalOutcome',
              params: ({ event }) => ({ result: event.output, expected: 'renewed' }),
            },
            target: 'authenticated',
            actions: [
              { type: 'noteRenewal', params: ({ event }) => ({ result: event.output }) },
              { type: 'tell', params: renewedFact },
              'tellAccountOfRenewal',
            ],
            description: 'The credentials are new and written.',
          },
          {
            guard: {
              type: 'hasRenewalOutcome',
              params: ({ event }) => ({ result: event.output, expected: 'adopted' }),
            },
            target: 'authenticated',
            actions: [
              { type: 'noteRenewal', params: ({ event }) => ({ result: event.output }) },
              { type: 'tell', params: renewedFact },
              'tellAccountOfRenewal',
            ],
            description: 'Another tab has renewed; its credentials are ours too.',
          },
          {
            guard: {
              type: 'hasRenewalOutcome',
              params: ({ event }) => ({ result: event.output, expected: 'unsaved' }),
            },
            target: 'unsaved',
            actions: [
              { type: 'noteRenewal', params: ({ event }) => ({ result: event.output }) },
              { type: 'tell', params: renewedFact },
              'tellAccountOfRenewal',
              {
                type: 'tell',
                params: {
                  type: 'session.troubled',
                  problem: {
                    code: 'store_failed',
                    message:
                      'The renewed session could not be written. It works, and writing is tried again; make room in the storage of this site.',
                  },
                },
              },
            ],
            description: 'The credentials are new and usable, but not written yet.',
          },
          {
            guard: {
              type: 'hasRenewalOutcome',
              params: ({ event }) => ({ result: event.output, expected: 'rejected' }),
            },
            target: '#session.unauthenticated',
            actions: [
              { type: 'noteSignedOut', params: ({ event }) => verdictOf(event.output) },
              { type: 'tell', params: ({ event }) => ({ type: 'session.ended', ...verdictOf(event.output) }) },
            ],
            description: 'The provider has ended the session.',
          },
          {
            target: '#session.checkingStorage',
            description: 'What was to be renewed is not what is kept; look again.',
          },
        ],
        onError: {
          target: 'recovering',
          actions: { type: 'noteProblem', params: ({ event }) => ({ error: event.error }) },
          description: 'Something unforeseen; nothing is thrown away.',
        },
      },
      initial: 'early',
      states: {
        early: {
          description: 'A renewal is under way, and the old access token can still be used.',
          tags: ['signedIn', 'usable'],
          on: {
            'page.resumed': {
              guard: 'isExpired',
              target: 'late',
              description: 'The access token has expired while nobody looked.',
            },
            'token.refused': refused,
          },
          after: {
            untilExpiry: [
              { guard: 'isExpired', target: 'late', description: 'The access token has expired.' },
              { target: 'early', reenter: true, description: 'The wait is longer than a timer can be; wait on.' },
            ],
          },
        },
        late: {
          description:
            'The access token cannot be used any more; the app shows that it reconnects, and nothing is thrown away.',
          tags: ['reconnecting'],
          entry: { type: 'tell', params: { type: 'session.reconnecting' } },
        },
      },
    },
    unsaved: {
      description:
        'The credentials are new and usable; they are not written yet, and the turn is kept so that no tab spends the old ones.',
      tags: ['signedIn', 'usable'],
      on: {
        'token.required': renewOnDemand,
        'token.refused': refused,
      },
      after: {
        untilDue: [
          ...byTheClock,
          { target: 'unsaved', reenter: true, description: 'The wait is longer than a timer can be; wait on.' },
        ],
      },
      initial: 'writing',
      states: {
        writing: {
          description: 'Writing is being tried.',
          invoke: {
            id: 'saveCredentials',
            src: 'saveCredentials',
            input: ({ context }) => ({ facts: context.facts ?? noFacts }),
            onDone: [
              {
                guard: { type: 'isStored', params: ({ event }) => ({ facts: storedFacts(event.output) }) },
                target: authenticated,
                actions: { type: 'noteFacts', params: ({ event }) => ({ facts: storedFacts(event.output) }) },
                description: 'Written at last.',
              },
              {
                target: '#session.checkingStorage',
                description: 'The person left or logged in anew meanwhile; look again.',
              },
            ],
            onError: { target: 'pausing', description: 'Writing failed again.' },
          },
          after: { untilStorageTimeout: { target: 'pausing', description: 'The storage does not answer.' } },
        },
        pausing: {
          description: 'Writing failed; it is tried again after a pause.',
          on: { 'page.resumed': { target: 'writing', description: 'The person is back at this page.' } },
          after: { untilNextWrite: { target: 'writing', description: 'The pause is over.' } },
        },
      },
    },
    recovering: {
      description: 'Something unforeseen happened in a renewal; it is tried again after a pause.',
      tags: ['reconnecting'],
      exit: 'forgetProblem',
      on: {
        'page.resumed': renewAgain,
        'token.required': renewAgain,
        'sibling.renewed': adopt,
      },
      after: { untilRecovery: renewAgain },
    },
  },
})

function verdictOf(output: RenewalOutcome): { readonly reason: Verdict; readonly problem?: Problem } {
  return output.outcome === 'rejected'
    ? { reason: reasonOfVerdict(output.problem), problem: output.problem }
    : { reason: 'revoked' }
}

function storedFacts(
  output: { readonly outcome: 'stored'; readonly facts: CredentialFacts } | { readonly outcome: 'discarded' },
): CredentialFacts | null {
  return output.outcome === 'stored' ? output.facts : null
}
