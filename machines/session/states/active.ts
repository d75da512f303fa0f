import { factsOf, noFacts, requestOf, sessionSetup, startedFact } from '../setup.ts'
import { access } from './access.ts'
import { limits } from './limits.ts'
import { stepUp } from './stepUp.ts'

const pass = { actions: 'passToAccount', description: 'For profile and metadata.' } as const

/** What the account tells, told on. */
const asToldOn = <TFact>({ event }: { event: TFact }) => event

export const active = sessionSetup.createStateConfig({
  description: 'Someone is signed in.',
  type: 'parallel',
  entry: { type: 'tell', params: startedFact },
  invoke: [
    {
      id: 'account',
      src: 'account',
      input: ({ context }) => ({
        subject: (context.facts ?? noFacts).subject,
        profile: context.profile,
        clock: context.clock,
        policy: context.policy.account,
      }),
      onError: { description: 'Profile and metadata are gone until the next opening; the session stays.' },
    },
    {
      id: 'watchActivity',
      src: 'watchActivity',
      onError: { description: 'Without a watch, idleness counts from the last known activity.' },
    },
  ],
  on: {
    logout: {
      target: 'ending',
      actions: [
        'tellAbandoned',
        { type: 'beginEnding', params: ({ event }) => ({ reason: 'logout', from: event.from ?? 'app' }) },
      ],
      description: 'The person leaves; what is not saved goes with the session, and is told before.',
    },
    login: [
      {
        guard: { type: 'isViaPopup', params: requestOf },
        target: '#session.authenticating.inPopup',
        actions: { type: 'noteLogin', params: requestOf },
        description: 'The person logs in anew, in a window of its own; if that fails, this session goes on.',
      },
      {
        target: '#session.authenticating.redirecting',
        actions: { type: 'noteLogin', params: requestOf },
        description: 'The person logs in anew, on the page of the provider; if that fails, this session goes on.',
      },
    ],
    'sibling.ended': [
      {
        guard: { type: 'isOurGenerationLoggedOut', params: ({ event }) => event },
        target: 'loggedOut',
        actions: [
          { type: 'noteSignedOut', params: { reason: 'logout' } },
          { type: 'tell', params: { type: 'session.ended', reason: 'logout' } },
        ],
        description: 'The person left in another tab.',
      },
      {
        guard: { type: 'isOurGeneration', params: ({ event }) => event },
        target: 'unauthenticated',
        actions: [
          { type: 'noteSignedOut', params: ({ event }) => ({ reason: event.reason }) },
          { type: 'tell', params: ({ event }) => ({ type: 'session.ended', reason: event.reason }) },
        ],
        description: 'The session ended in another tab.',
      },
    ],
    'sibling.loggedIn': [
      {
        guard: { type: 'isSameSubject', params: factsOf },
        // No target: the regions take the credentials up by themselves, and a window that is open stays open.
        actions: [
          { type: 'noteSession', params: ({ event }) => event },
          { type: 'replaceCredentials', params: ({ event }) => event },
        ],
        description: 'The same person logged in anew in another tab; its credentials are ours too.',
      },
      {
        guard: { type: 'isOtherSubjectFollowed', params: factsOf },
        target: 'checkingStorage',
        description: 'Another person signed in in another tab, and this tab follows.',
      },
      {
        guard: { type: 'isOtherSubject', params: factsOf },
        target: 'unauthenticated',
        actions: [
          { type: 'noteSignedOut', params: { reason: 'subject_changed' } },
          { type: 'tell', params: { type: 'session.ended', reason: 'subject_changed' } },
        ],
        description: 'Another person signed in in another tab; this tab ends.',
      },
    ],
    'profile.reload': pass,
    'metadata.reload': pass,
    'metadata.patch': { ...pass, guard: 'isMetadataChangeable' },
    'metadata.retry': pass,
    'metadata.discard': pass,
    'metadata.acknowledge': pass,
    'profile.loaded': { actions: { type: 'tell', params: asToldOn }, description: 'The profile is here.' },
    'profile.failed': {
      actions: { type: 'tell', params: asToldOn },
      description: 'The profile cannot be fetched; the session is not touched by that.',
    },
    'metadata.loaded': { actions: { type: 'tell', params: asToldOn }, description: 'The metadata is here.' },
    'metadata.failed': {
      actions: { type: 'tell', params: asToldOn },
      description: 'The metadata cannot be fetched; the session is not touched by that.',
    },
    'metadata.changedElsewhere': {
      actions: { type: 'tell', params: asToldOn },
      description: 'Someone has changed the metadata on another device or by another app.',
    },
    'metadata.saved': { actions: { type: 'tell', params: asToldOn }, description: 'All changes are saved.' },
    'metadata.refused': {
      actions: { type: 'tell', params: asToldOn },
      description: 'A change was refused; the session is not touched by that.',
    },
  },
  // The order matters: a passed limit wins over a renewal.
  states: { limits, access, stepUp },
})
