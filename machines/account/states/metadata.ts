import { firstPatch } from '../patches.ts'
import { accountSetup, keptPatches } from '../setup.ts'
import type { MetadataPatch } from '../types.ts'

const typed = ({ event }: { event: { readonly patch: MetadataPatch } }): { patch: MetadataPatch } => ({
  patch: event.patch,
})

const queue = {
  actions: [
    { type: 'queuePatch', params: typed },
    { type: 'keepPatches', params: keptPatches },
  ],
  description: 'A change is typed; it waits in the queue.',
} as const

const queueAndSave = {
  ...queue,
  target: 'saving',
  description: 'A change is typed; it is shown at once and saved.',
} as const

const discard = { target: 'discarding', description: 'The person gives up what is not saved.' } as const

export const metadata = accountSetup.createStateConfig({
  description: 'What the person keeps with the app: user metadata, and the changes that are not saved yet.',
  initial: 'loading',
  states: {
    loading: {
      description: 'The metadata is being fetched.',
      invoke: {
        id: 'loadMetadata',
        src: 'loadMetadata',
        input: ({ context }) => ({ subject: context.subject }),
        onDone: {
          target: 'loaded',
          actions: [
            { type: 'noteMetadata', params: ({ event }) => ({ loaded: event.output }) },
            { type: 'tell', params: { type: 'metadata.loaded' } },
          ],
          description: 'The metadata is here.',
        },
        onError: {
          target: 'failed',
          actions: { type: 'noteMetadataProblem', params: ({ event }) => ({ error: event.error }) },
          description: 'The metadata cannot be fetched; the session is not touched by that.',
        },
      },
      on: {
        'metadata.patch': [
          { ...queue, guard: 'hasLoadedBefore' },
          {
            actions: { type: 'queuePatch', params: typed },
            description: 'A change is typed before it is known what waits from an earlier visit; it waits behind that.',
          },
        ],
      },
      after: { untilMetadataTimeout: { target: 'failed', actions: 'noteTimeout', description: 'No answer in time.' } },
    },
    loaded: {
      description: 'The metadata was just fetched.',
      always: [
        {
          guard: 'hasPending',
          target: 'saving',
          actions: { type: 'keepPatches', params: keptPatches },
          description: 'Changes wait to be saved, from an earlier visit or from just now.',
        },
        { target: 'ready', description: 'Nothing waits.' },
      ],
    },
    ready: {
      description: 'The metadata is as the API last told, and nothing waits to be saved.',
      on: {
        'metadata.patch': { ...queueAndSave, guard: 'isWritable' },
        'metadata.reload': { target: 'loading', description: 'Someone asks for fresh metadata.' },
      },
    },
    saving: {
      description: 'A change is being saved; it is shown already.',
      invoke: {
        id: 'saveMetadata',
        src: 'saveMetadata',
        input: ({ context }) => ({ subject: context.subject, patch: firstPatch(context.pending) }),
        onDone: [
          {
            guard: 'hasMorePending',
            target: 'saving',
            reenter: true,
            actions: [
              { type: 'noteSaved', params: ({ event }) => ({ metadata: event.output }) },
              { type: 'keepPatches', params: keptPatches },
            ],
            description: 'Saved; the next change follows.',
          },
          {
            target: 'ready',
            actions: [
              { type: 'noteSaved', params: ({ event }) => ({ metadata: event.output }) },
              { type: 'keepPatches', params: keptPatches },
              { type: 'tell', params: { type: 'metadata.saved' } },
            ],
            description: 'Everything is saved.',
          },
        ],
        onError: [
          {
            guard: { type: 'isPassing', params: ({ event }) => ({ error: event.error }) },
            target: 'waiting',
            actions: [{ type: 'noteMetadataProblem', params: ({ event }) => ({ error: event.error }) }, 'countAttempt'],
            description: 'It cannot be saved just now.',
          },
          {
            target: 'unsaved',
            actions: { type: 'noteMetadataProblem', params: ({ event }) => ({ error: event.error }) },
            description: 'The API refused this change.',
          },
        ],
      },
      on: {
        'metadata.patch': {
          actions: [
            { type: 'queueBehindSaving', params: typed },
            { type: 'keepPatches', params: keptPatches },
          ],
          description: 'A further change is typed; it is saved after this one.',
        },
      },
      after: {
        untilMetadataTimeout: {
          target: 'waiting',
          actions: ['noteTimeout', 'countAttempt'],
          description: 'No answer in time.',
        },
      },
    },
    waiting: {
      description: 'Changes wait for the network or the API; what was typed is kept.',
      on: {
        'metadata.patch': queue,
        'metadata.retry': { target: 'saving', description: 'The person asks for another try.' },
        'network.online': { target: 'saving', description: 'The network is back.' },
        'access.renewed': { target: 'saving', description: 'The session has a new access token.' },
        'metadata.discard': discard,
      },
      after: { untilNextSave: { target: 'saving', description: 'The pause is over.' } },
    },
    unsaved: {
      description: 'The API refused a change; what was typed is kept for another try.',
      entry: {
        type: 'tell',
        params: ({ context }) => ({
          type: 'metadata.refused',
          problem: context.metadataProblem ?? { code: 'metadata_refused', message: 'The change could not be saved.' },
        }),
      },
      on: {
        'metadata.patch': queueAndSave,
        'metadata.retry': { target: 'saving', description: 'The person asks for another try.' },
        'metadata.discard': discard,
      },
    },
    discarding: {
      description: 'What is not saved is being forgotten.',
      entry: 'dropPatches',
      invoke: {
        id: 'discardPatches',
        src: 'discardPatches',
        input: ({ context }) => ({ subject: context.subject }),
        onDone: { target: 'loading', description: 'Forgotten; the metadata is fetched afresh.' },
        onError: {
          target: 'loading',
          description: 'It could not be forgotten on disk; it is overwritten by the next change.',
        },
      },
      after: { untilMetadataTimeout: { target: 'loading', description: 'The vault does not answer.' } },
    },
    failed: {
      description: 'The metadata could not be fetched; the last one known is shown.',
      on: {
        'metadata.reload': { target: 'loading', description: 'Someone asks for another try.' },
        'metadata.retry': { target: 'loading', description: 'The person asks for another try.' },
        'network.online': { target: 'loading', description: 'The network is back.' },
        'access.renewed': { target: 'loading', description: 'The session has a new access token.' },
        'page.resumed': { target: 'loading', description: 'The person is back at this page.' },
      },
    },
  },
})
