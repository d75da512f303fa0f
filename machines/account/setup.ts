import { assign, enqueueActions, setup } from 'xstate'
import { toProblem, type SessionErrorCode } from '../errors.ts'
import { asDelay, type Profile } from '../facts.ts'
import { tellOutward } from '../telling.ts'
import { enqueuePatch } from './patches.ts'
import { accountPorts } from './ports.ts'
import {
  maxSaveAttempts,
  type AccountContext,
  type AccountEvent,
  type AccountFact,
  type AccountInput,
  type LoadedMetadata,
  type MetadataPatch,
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
    hasPending: ({ context }) => context.pending.length > 0,
    hasMorePending: ({ context }) => context.pending.length > 1,
    /** Before that, nobody knows what was kept from an earlier visit, and keeping the queue would overwrite it. */
    hasLoadedBefore: ({ context }) => context.metadata !== null,
    isWritable: ({ context }) => context.writable,
  },
  actions: {
    noteProfile: assign({ profile: (_, params: { profile: Profile }) => params.profile, profileProblem: null }),
    noteProfileProblem: assign({ profileProblem: (_, params: { error: unknown }) => toProblem(params.error) }),
    noteMetadata: assign(({ context }, params: { loaded: LoadedMetadata }) => ({
      metadata: params.loaded.metadata,
      writable: params.loaded.writable,
      // Once it was loaded, the queue is whole here, and the kept one has nothing to add. Before, what was typed while
      // loading comes after what was kept from an earlier visit.
      pending:
        context.metadata === null
          ? context.pending.reduce((queue, patch) => enqueuePatch(queue, patch, false), params.loaded.pending)
          : context.pending,
      metadataProblem: null,
    })),
    noteSaved: assign(({ context }, params: { metadata: UserMetadata }) => ({
      metadata: params.metadata,
      pending: context.pending.slice(1),
      metadataProblem: null,
      attempts: 0,
    })),
    noteMetadataProblem: assign({ metadataProblem: (_, params: { error: unknown }) => toProblem(params.error) }),
    noteTimeout: assign({ metadataProblem: { code: 'timeout', message: 'No answer came in time.' } as const }),
    noteProfileTimeout: assign({ profileProblem: { code: 'timeout', message: 'No answer came in time.' } as const }),
    countAttempt: assign({ attempts: ({ context }) => Math.min(context.attempts + 1, maxSaveAttempts) }),
    queuePatch: assign({
      pending: ({ context }, params: { patch: MetadataPatch }) => enqueuePatch(context.pending, params.patch, false),
    }),
    queueBehindSaving: assign({
      pending: ({ context }, params: { patch: MetadataPatch }) => enqueuePatch(context.pending, params.patch, true),
    }),
    dropPatches: assign({ pending: [] as readonly MetadataPatch[], metadataProblem: null, attempts: 0 }),
    /** Port: keeps the queue where a reload finds it again. Provided by the services; without it the queue lives in memory. */
    keepPatches: (_, _params: { subject: string; pending: readonly MetadataPatch[] }) => {},
    tell: enqueueActions(({ enqueue, self }, params: AccountFact) =>
      tellOutward<AccountFact>({ enqueue, self }, params),
    ),
  },
  delays: {
    untilProfileTimeout: ({ context }) => asDelay(context.policy.requestTimeout),
    untilMetadataTimeout: ({ context }) => asDelay(context.policy.requestTimeout),
    untilNextSave: ({ context }) => {
      const { backoffFirst, backoffMost } = context.policy
      const ceiling = Math.min(backoffMost, backoffFirst * 2 ** Math.max(0, context.attempts - 1))
      return asDelay(Math.max(ceiling * context.clock.chance(), context.metadataProblem?.retryAfter ?? 0))
    },
  },
})

/** `params` of `keepPatches`: the queue as it stands after the actions before it. */
export const keptPatches = ({
  context,
}: {
  context: AccountContext
}): { subject: string; pending: readonly MetadataPatch[] } => ({
  subject: context.subject,
  pending: context.pending,
})
