import { accountSetup, ofSubject } from '../setup.ts'
import type { AccountContext, MetadataPatch, QueuedPatch, SavedMetadata, UserMetadata } from '../types.ts'

const typed = ({ event }: { event: { readonly patch: MetadataPatch } }): { patch: MetadataPatch } => ({
  patch: event.patch,
})
const kept = ({ context, event }: { context: AccountContext; event: { readonly patch: MetadataPatch } }) => ({
  subject: context.subject,
  patch: event.patch,
})
const noted = ({
  event,
}: {
  event: { readonly pending: readonly QueuedPatch[]; readonly metadata: UserMetadata | null }
}) => ({ pending: event.pending, metadata: event.metadata })
const saved = ({ event }: { event: { readonly output: SavedMetadata } }) => ({ saved: event.output })

const queue = {
  actions: [
    { type: 'queuePatch', params: typed },
    { type: 'keepPatch', params: kept },
  ],
  description: 'A change is typed; it waits in the queue.',
} as const

const queueAndSave = {
  ...queue,
  target: 'saving',
  description: 'A change is typed; it is shown at once and saved.',
} as const

const note = {
  actions: { type: 'noteNotes', params: noted },
  description: 'Another tab has typed or saved something, or an earlier visit left it.',
} as const

const takeRefusal = {
  guard: { type: 'isRefusedElsewhere', params: noted },
  target: 'unsaved',
  actions: [
    { type: 'noteNotes', params: noted },
    { type: 'noteRefusal', params: noted },
  ],
  description: 'The API refused a change that another tab had sent.',
} as const

const allSavedElsewhere = {
  guard: { type: 'isNothingLeft', params: noted },
  target: 'ready',
  actions: [{ type: 'noteNotes', params: noted }, 'forgetMetadataProblem'],
  description: 'Another tab has saved what waited, or the person has given it up there.',
} as const

const askAgain = {
  target: 'saving',
  actions: { type: 'forgetSetbacks', params: ofSubject },
  description: 'The person asks for another try.',
} as const

const discard = { target: 'discarding', description: 'The person gives up what is not saved.' } as const

export const metadata = accountSetup.createStateConfig({
  description: 'What the person keeps with the app: user metadata, and the changes that are not saved yet.',
  initial: 'loading',
  on: {
    'metadata.acknowledge': {
      actions: 'forgetElsewhere',
      description: 'The person has taken note of what was changed elsewhere.',
    },
  },
  states: {
    loading: {
      description: 'The metadata is being fetched; the last one known is shown meanwhile.',
      invoke: {
        id: 'loadMetadata',
        src: 'loadMetadata',
        input: ofSubject,
        onDone: {
          target: 'loaded',
          actions: [
            { type: 'tellElsewhereAtLoad', params: ({ event }) => ({ loaded: event.output }) },
            { type: 'noteMetadata', params: ({ event }) => ({ loaded: event.output }) },
            { type: 'tell', params: { type: 'metadata.loaded' } },
          ],
          description: 'The metadata is here.',
        },
        onError: {
          target: 'failed',
          actions: [{ type: 'noteMetadataProblem', params: ({ event }) => ({ error: event.error }) }, 'countAttempt'],
          description: 'The metadata cannot be fetched; the session is not touched by that.',
        },
      },
      on: {
        'metadata.patch': { ...queue, guard: 'mayBeWritable' },
        'notes.changed': note,
      },
      after: {
        untilMetadataTimeout: {
          target: 'failed',
          actions: ['noteTimeout', 'countAttempt'],
          description: 'No answer in time.',
        },
      },
    },
    loaded: {
      description: 'The metadata was just fetched.',
      always: [
        {
          guard: 'hasPending',
          target: 'saving',
          description: 'Changes wait to be saved, from an earlier visit, from another tab or from just now.',
        },
        { target: 'ready', description: 'Nothing waits.' },
      ],
    },
    ready: {
      description: 'The metadata is as the API last told, and nothing waits to be saved.',
      on: {
        'metadata.patch': { ...queueAndSave, guard: 'isWritable' },
        'metadata.reload': { target: 'loading', description: 'Someone asks for fresh metadata.' },
        'notes.changed': [
          { ...note, guard: { type: 'isNothingLeft', params: noted } },
          takeRefusal,
          {
            ...note,
            target: 'saving',
            description: 'Another tab has typed something; whichever tab has its turn first saves it.',
          },
        ],
      },
    },
    saving: {
      description: 'A change is being saved, by this tab or by another that is before it; it is shown already.',
      invoke: {
        id: 'saveMetadata',
        src: 'saveMetadata',
        input: ofSubject,
        onDone: [
          {
            guard: { type: 'hasMore', params: saved },
            target: 'saving',
            reenter: true,
            actions: [
              { type: 'tellElsewhereAtSave', params: saved },
              { type: 'noteSaved', params: saved },
            ],
            description: 'Saved; the next change follows.',
          },
          {
            target: 'ready',
            actions: [
              { type: 'tellElsewhereAtSave', params: saved },
              { type: 'noteSaved', params: saved },
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
        'metadata.patch': { ...queue, description: 'A further change is typed; it is saved after this one.' },
        'notes.changed': note,
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
        'metadata.retry': askAgain,
        'network.online': { target: 'saving', description: 'The network is back.' },
        'access.renewed': { target: 'saving', description: 'The session has a new access token.' },
        'metadata.discard': discard,
        'notes.changed': [allSavedElsewhere, takeRefusal, note],
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
        'metadata.retry': askAgain,
        'metadata.discard': discard,
        'notes.changed': [
          allSavedElsewhere,
          { ...note, guard: { type: 'isRefusedElsewhere', params: noted } },
          { ...note, target: 'saving', description: 'The person asks for another try in another tab.' },
        ],
      },
    },
    discarding: {
      description: 'What is not saved is being forgotten.',
      entry: 'dropPatches',
      invoke: {
        id: 'discardPatches',
        src: 'discardPatches',
        input: ofSubject,
        onDone: { target: 'loading', description: 'Forgotten; the metadata is fetched afresh.' },
        onError: {
          target: 'loading',
          description: 'It could not be forgotten on disk; the services remember to do so.',
        },
      },
      after: { untilMetadataTimeout: { target: 'loading', description: 'The vault does not answer.' } },
    },
    failed: {
      description: 'The metadata could not be fetched; the last one known is shown.',
      entry: {
        type: 'tell',
        params: ({ context }) => ({
          type: 'metadata.failed',
          problem: context.metadataProblem ?? { code: 'unexpected', message: 'The metadata could not be fetched.' },
        }),
      },
      on: {
        'metadata.patch': {
          ...queue,
          guard: 'mayBeWritable',
          target: 'loading',
          description: 'A change is typed; it is saved once the metadata is here.',
        },
        'metadata.reload': { target: 'loading', description: 'Someone asks for another try.' },
        'metadata.retry': { target: 'loading', description: 'The person asks for another try.' },
        'network.online': { target: 'loading', description: 'The network is back.' },
        'access.renewed': { target: 'loading', description: 'The session has a new access token.' },
        'page.resumed': { target: 'loading', description: 'The person is back at this page.' },
        'notes.changed': note,
      },
      after: {
        untilNextLoad: {
          guard: 'mayLoadLater',
          target: 'loading',
          description: 'The pause is over, and another answer may be had by now.',
        },
      },
    },
  },
})
