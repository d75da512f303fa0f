import { assign, enqueueActions, setup } from 'xstate'
import { toProblem, type Problem, type SessionErrorCode } from '../errors.ts'
import { asDelay, type Profile } from '../facts.ts'
import { changesAtSave, changesElsewhere, enqueuePatch, isRefused, joinChanges, nothingElsewhere } from '../patches.ts'
import { actLate } from '../late.ts'
import { tellOutward } from '../telling.ts'
import { accountPorts } from './ports.ts'
import {
  maxSaveAttempts,
  type AccountContext,
  type AccountEvent,
  type AccountFact,
  type AccountInput,
  type ChangesElsewhere,
  type LoadedMetadata,
  type MetadataPatch,
  type QueuedPatch,
  type SavedMetadata,
  type UserMetadata,
} from './types.ts'

/** Failures that say nothing about the patch: the same one may be saved later. */
const passing: ReadonlySet<SessionErrorCode> = new Set([
  'offline',
  'network',
  'timeout',
  'provider_unavailable',
  'unauthorized',
])

export interface Notes {
  readonly pending: readonly QueuedPatch[]
  readonly metadata: UserMetadata | null
}

/** What loading says that others have done. The first time in a page, only what touches something typed here is news. */
function elsewhereAtLoad(context: AccountContext, { known, metadata, pending }: LoadedMetadata): ChangesElsewhere {
  const changes = changesElsewhere(known === undefined ? context.metadata : known, metadata, pending)
  return context.writable === null ? { keys: changes.contested, contested: changes.contested } : changes
}

function elsewhereAtSave(context: AccountContext, saved: SavedMetadata): ChangesElsewhere {
  return changesAtSave(saved.known === undefined ? context.metadata : saved.known, saved)
}

export const accountSetup = setup({
  types: {
    context: {} as AccountContext,
    events: {} as AccountEvent,
    emitted: {} as AccountFact,
    input: {} as AccountInput,
  },
  actors: accountPorts,
  guards: {
    isPassing: (_, params: { error: unknown }) => passing.has(toProblem(params.error).code),
    mayLoadLater: ({ context }) => context.metadataProblem !== null && passing.has(context.metadataProblem.code),
    hasPending: ({ context }) => context.pending.length > 0,
    hasMore: (_, params: { saved: SavedMetadata }) => params.saved.pending.length > 0,
    isNothingLeft: (_, params: Notes) => params.pending.length === 0,
    isRefusedElsewhere: (_, params: Notes) => params.pending.slice(0, 1).some(isRefused),
    isWritable: ({ context }) => context.writable === true,
    /** Before the API has said so, it is to be hoped. */
    mayBeWritable: ({ context }) => context.writable !== false && context.policy.readOnlyBecause === undefined,
  },
  actions: {
    noteProfile: assign({ profile: (_, params: { profile: Profile }) => params.profile, profileProblem: null }),
    noteProfileProblem: assign({ profileProblem: (_, params: { error: unknown }) => toProblem(params.error) }),
    noteProfileTimeout: assign({ profileProblem: { code: 'timeout', message: 'No answer came in time.' } as const }),

    noteMetadata: assign(({ context }, params: { loaded: LoadedMetadata }) => ({
      metadata: params.loaded.metadata,
      writable: params.loaded.writable,
      pending: params.loaded.pending,
      elsewhere: joinChanges(context.elsewhere, elsewhereAtLoad(context, params.loaded)),
      metadataProblem: null,
      attempts: 0,
    })),
    noteSaved: assign(({ context }, params: { saved: SavedMetadata }) => ({
      metadata: params.saved.metadata,
      pending: params.saved.pending,
      elsewhere: joinChanges(context.elsewhere, elsewhereAtSave(context, params.saved)),
      metadataProblem: null,
      attempts: 0,
    })),
    /** What the tabs keep together; what they know of the metadata may be older than what is being fetched. */
    noteNotes: assign(({ context }, params: Notes) => ({
      pending: params.pending,
      metadata: params.metadata ?? context.metadata,
    })),
    noteRefusal: assign({
      metadataProblem: ({ context }, params: Notes): Problem | null =>
        params.pending[0]?.setback?.problem ?? context.metadataProblem,
    }),
    forgetMetadataProblem: assign({ metadataProblem: null, attempts: 0 }),
    forgetElsewhere: assign({ elsewhere: nothingElsewhere }),
    noteMetadataProblem: assign({ metadataProblem: (_, params: { error: unknown }) => toProblem(params.error) }),
    noteTimeout: assign({ metadataProblem: { code: 'timeout', message: 'No answer came in time.' } as const }),
    countAttempt: assign({ attempts: ({ context }) => Math.min(context.attempts + 1, maxSaveAttempts) }),
    queuePatch: assign({
      pending: ({ context }, params: { patch: MetadataPatch }) =>
        enqueuePatch(context.pending, { patch: params.patch }),
    }),
    dropPatches: assign({ pending: [] as readonly QueuedPatch[], metadataProblem: null, attempts: 0 }),

    /** Port: adds a change to the queue that all tabs of this login share. */
    keepPatch: ({ self }, params: { subject: string; patch: MetadataPatch }) => actLate(self, 'keepPatch', params),
    /** Port: what was refused, or has to wait, may be sent. */
    forgetSetbacks: ({ self }, params: { subject: string }) => actLate(self, 'forgetSetbacks', params),

    tellElsewhereAtLoad: enqueueActions(({ context, enqueue, self }, params: { loaded: LoadedMetadata }) => {
      const changes = elsewhereAtLoad(context, params.loaded)
      if (changes.keys.length > 0)
        tellOutward<AccountFact>({ enqueue, self }, { type: 'metadata.changedElsewhere', ...changes })
    }),
    tellElsewhereAtSave: enqueueActions(({ context, enqueue, self }, params: { saved: SavedMetadata }) => {
      const changes = elsewhereAtSave(context, params.saved)
      if (changes.keys.length > 0)
        tellOutward<AccountFact>({ enqueue, self }, { type: 'metadata.changedElsewhere', ...changes })
    }),
    tell: enqueueActions(({ enqueue, self }, params: AccountFact) =>
      tellOutward<AccountFact>({ enqueue, self }, params),
    ),
  },
  delays: {
    untilProfileTimeout: ({ context }) => asDelay(context.policy.requestTimeout),
    untilMetadataTimeout: ({ context }) => asDelay(context.policy.requestTimeout),
    untilNextLoad: ({ context }) => nextTry(context),
    untilNextSave: ({ context }) => nextTry(context),
  },
})

/** Longer from one failure to the next, spread by chance, and never before the time that the API named. */
function nextTry({ attempts, policy, clock, metadataProblem }: AccountContext): number {
  const ceiling = Math.min(policy.backoffMost, policy.backoffFirst * 2 ** Math.max(0, attempts - 1))
  return asDelay(Math.max(ceiling * clock.chance(), metadataProblem?.retryAfter ?? 0))
}

/** `params` of what concerns the queue on disk. */
export const ofSubject = ({ context }: { context: AccountContext }): { subject: string } => ({
  subject: context.subject,
})
