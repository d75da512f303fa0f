import type { MetadataPatch } from '../../machines/index.ts'
import { testPolicy, type Step } from '../../services/memory/index.ts'
import { tellJourneys, type Journey } from './play.ts'
import { found, logOut, minute, pass, renewalGoesThrough, renewing, sessionAt, signedIn, writtenAt } from './telling.ts'

const profile = { sub: 'alice', name: 'Alice' }
const loads: readonly Step[] = [
  { do: 'settle', port: 'loadProfile', output: profile },
  { do: 'settle', port: 'loadMetadata', output: { metadata: { city: 'Ghent' }, pending: [], writable: true } },
]
const loading = ['loadProfile', 'loadMetadata'] as const
const type = (patch: MetadataPatch): Step => ({ do: 'send', event: { type: 'metadata.patch', patch } })

const journeys: readonly Journey[] = [
  {
    name: 'P18 the profile of the last visit is shown at once, and a failure costs nobody the session',
    withAccount: true,
    chapters: [
      {
        title: 'alice is back; what is fetched is not there yet.',
        opens: found(sessionAt(0)),
        where: signedIn,
        told: ['session.started'],
        asked: loading,
        shows: { profile: { sub: 'alice', name: 'alice' }, profileStatus: 'loading', metadataStatus: 'loading' },
      },
      {
        title: 'Neither can be had.',
        steps: [
          { do: 'fail', port: 'loadProfile', code: 'subject_mismatch' },
          { do: 'fail', port: 'loadMetadata', code: 'metadata_refused' },
        ],
        where: signedIn,
        told: [
          { type: 'profile.failed', problem: { code: 'subject_mismatch' } },
          { type: 'metadata.failed', problem: { code: 'metadata_refused' } },
        ],
        shows: {
          isUsable: true,
          profile: { name: 'alice' },
          profileStatus: 'failed',
          metadataStatus: 'failed',
          metadata: null,
        },
        takes: ['profile.reload', 'metadata.reload', 'metadata.retry'],
      },
      {
        title: 'A renewal brings a new access token, and both are tried again by themselves.',
        steps: [pass(4 * minute), ...renewalGoesThrough(writtenAt(4 * minute, { revision: 2 })), ...loads],
        where: signedIn,
        told: ['session.renewed', 'profile.loaded', 'metadata.loaded'],
        asked: [...renewing, ...loading],
        shows: { profile, profileStatus: 'loaded', metadata: { city: 'Ghent' }, metadataStatus: 'ready' },
      },
      {
        title: 'Asked for afresh, both hang; what is known stays.',
        steps: [
          { do: 'send', event: { type: 'profile.reload' } },
          { do: 'send', event: { type: 'metadata.reload' } },
          pass(8_000),
        ],
        where: signedIn,
        told: [
          { type: 'profile.failed', problem: { code: 'timeout' } },
          { type: 'metadata.failed', problem: { code: 'timeout' } },
        ],
        asked: loading,
        left: ['holdTurn', ...loading],
        shows: { profile, metadata: { city: 'Ghent' }, isUsable: true },
      },
    ],
  },
  {
    name: 'P17 P19 what is typed is shown at once and saved in order, outlives failures, and a logout that takes it along says so',
    withAccount: true,
    chapters: [
      {
        title: 'alice is in.',
        opens: found(sessionAt(0)),
        steps: loads,
        where: signedIn,
        told: ['session.started', 'profile.loaded', 'metadata.loaded'],
        asked: loading,
      },
      {
        title: 'She types a change.',
        steps: [type({ city: 'Bruges' })],
        where: signedIn,
        asked: [['keepPatch', { subject: 'alice', patch: { city: 'Bruges' } }], 'saveMetadata'],
        shows: { metadata: { city: 'Bruges' }, metadataStatus: 'saving', unsavedChanges: ['city'] },
      },
      {
        title: 'The API is away; she types another one.',
        steps: [
          { do: 'fail', port: 'saveMetadata', code: 'provider_unavailable', retryAfter: minute },
          type({ country: 'BE' }),
          pass(minute - 1),
        ],
        where: signedIn,
        asked: [['keepPatch', { patch: { country: 'BE' } }]],
        shows: {
          metadata: { city: 'Bruges', country: 'BE' },
          metadataStatus: 'waiting',
          metadataProblem: 'provider_unavailable',
          unsavedChanges: ['city', 'country'],
        },
      },
      {
        title: 'Both are saved, one after the other.',
        steps: [
          pass(1),
          {
            do: 'settle',
            port: 'saveMetadata',
            output: { metadata: { city: 'Bruges' }, pending: [{ patch: { country: 'BE' } }] },
          },
          { do: 'settle', port: 'saveMetadata', output: { metadata: { city: 'Bruges', country: 'BE' }, pending: [] } },
        ],
        where: signedIn,
        told: [{ type: 'metadata.saved' }],
        asked: ['saveMetadata', 'saveMetadata'],
        shows: {
          metadata: { city: 'Bruges', country: 'BE' },
          metadataStatus: 'ready',
          unsavedChanges: [],
          metadataProblem: undefined,
        },
      },
      {
        title: 'One is refused; she mends it, and it is refused again, and she leaves.',
        steps: [
          type({ city: '' }),
          { do: 'fail', port: 'saveMetadata', code: 'metadata_invalid' },
          { do: 'send', event: { type: 'metadata.retry' } },
          { do: 'fail', port: 'saveMetadata', code: 'metadata_refused' },
          logOut,
        ],
        where: 'ending.clearing',
        told: [
          { type: 'metadata.refused', problem: { code: 'metadata_invalid' } },
          { type: 'metadata.refused', problem: { code: 'metadata_refused' } },
          { type: 'metadata.abandoned', keys: ['city'] },
        ],
        asked: [
          'keepPatch',
          'saveMetadata',
          ['forgetSetbacks', { subject: 'alice' }],
          'saveMetadata',
          'clearCredentials',
        ],
        shows: { metadata: undefined, unsavedChanges: [] },
      },
    ],
  },
  {
    name: 'P19 what another tab or an earlier visit left waiting is saved by whoever is first; giving up gives it up everywhere',
    withAccount: true,
    chapters: [
      {
        title: 'An earlier visit left a change.',
        opens: found(sessionAt(0)),
        steps: [
          { do: 'settle', port: 'loadProfile', output: profile },
          {
            do: 'settle',
            port: 'loadMetadata',
            output: { metadata: {}, pending: [{ patch: { city: 'Bruges' } }], writable: true },
          },
        ],
        where: signedIn,
        told: ['session.started', 'profile.loaded', 'metadata.loaded'],
        asked: [...loading, 'saveMetadata'],
        shows: { metadata: { city: 'Bruges' }, metadataStatus: 'saving' },
      },
      {
        title: 'It cannot be saved just now, and another tab does it.',
        steps: [
          { do: 'fail', port: 'saveMetadata', code: 'offline' },
          {
            do: 'say',
            port: 'watchConditions',
            news: { type: 'notes.changed', pending: [], metadata: { city: 'Bruges' } },
          },
        ],
        where: signedIn,
        shows: { metadata: { city: 'Bruges' }, metadataStatus: 'ready', metadataProblem: undefined },
      },
      {
        title: 'Another tab types something, which this one saves; the API refuses.',
        steps: [
          {
            do: 'say',
            port: 'watchConditions',
            news: { type: 'notes.changed', pending: [{ patch: { city: 'Mons' } }], metadata: null },
          },
          { do: 'fail', port: 'saveMetadata', code: 'metadata_refused' },
        ],
        where: signedIn,
        told: ['metadata.refused'],
        asked: ['saveMetadata'],
        shows: { metadata: { city: 'Mons' }, metadataStatus: 'unsaved', unsavedChanges: ['city'] },
      },
      {
        title: 'She gives it up.',
        steps: [
          { do: 'send', event: { type: 'metadata.discard' } },
          { do: 'settle', port: 'discardPatches' },
          { do: 'settle', port: 'loadMetadata', output: { metadata: { city: 'Namur' }, pending: [], writable: true } },
        ],
        where: signedIn,
        told: [{ type: 'metadata.changedElsewhere', keys: ['city'], contested: [] }, 'metadata.loaded'],
        asked: ['discardPatches', 'loadMetadata'],
        shows: { metadata: { city: 'Namur' }, unsavedChanges: [], metadataStatus: 'ready' },
      },
    ],
  },
  {
    name: 'P19 where nobody may change anything, nothing is typed',
    withAccount: true,
    policy: { account: { ...testPolicy.account, readOnlyBecause: 'They come with your profile.' } },
    chapters: [
      {
        title: 'The details are to be looked at only.',
        opens: found(sessionAt(0)),
        steps: [
          { do: 'settle', port: 'loadMetadata', output: { metadata: { city: 'Ghent' }, pending: [], writable: false } },
          type({ city: 'Bruges' }),
        ],
        where: signedIn,
        told: ['session.started', 'metadata.loaded'],
        asked: loading,
        shows: { metadata: { city: 'Ghent' }, unsavedChanges: [] },
        refuses: ['metadata.patch'],
        takes: ['metadata.reload'],
      },
    ],
  },
]

tellJourneys('profile and metadata', journeys)
