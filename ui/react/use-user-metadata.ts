import { useMemo } from 'react'
import { shallowEqual, useSelector } from '@xstate/react'
import {
  selectAccount,
  selectIsWritable,
  selectMetadata,
  selectMetadataProblem,
  selectMetadataStatus,
  selectPendingCount,
  toProblem,
  type AccountSnapshot,
  type MetadataStatus,
  type Problem,
  type UserMetadata,
} from '../../machines/index.ts'
import type { Session } from '../../services/index.ts'
import { useSessionInstance } from './provider.tsx'
import { checkMetadata, type StandardSchemaV1 } from './standard-schema.ts'
import { useHydrated } from './use-hydrated.ts'

export interface UserMetadataState<TMetadata> {
  /** As it will be once everything that waits is saved; `null` before it is here, or when it does not fit the schema. */
  readonly metadata: TMetadata | null
  /** The same as the API has it, unchecked. */
  readonly raw: UserMetadata | null
  /**
   * `saving`: under way. `waiting`: kept, and tried again by itself. `unsaved`: refused; retry or discard.
   * `failed`: could not be fetched. `none`: nobody is signed in.
   */
  readonly status: MetadataStatus | 'none'
  /** Why loading or saving failed; else `metadata_invalid`, naming the keys that do not fit the schema. */
  readonly problem: Problem | null
  /** How many changes wait to be saved. */
  readonly pendingCount: number
  /** Whether this person may change it here. */
  readonly writable: boolean
  /** Which of the commands the chart would take now. */
  readonly canPatch: boolean
  readonly canRetry: boolean
  readonly canDiscard: boolean
  readonly canReload: boolean
}

/** Root-level keys to set; `null` removes a key; `{}` as a whole removes all. */
export type PatchOf<TMetadata> = { readonly [TKey in keyof TMetadata]?: TMetadata[TKey] | null }

export interface UserMetadataCommands<TMetadata> {
  /** Shown at once, saved in order, kept until it is saved or discarded. */
  patch(patch: PatchOf<TMetadata>): void
  retry(): void
  discard(): void
  reload(): void
}

export type UseUserMetadata<TMetadata> = UserMetadataState<TMetadata> & UserMetadataCommands<TMetadata>

type Unchecked = Omit<UserMetadataState<UserMetadata>, 'metadata'>

const none: Unchecked = {
  raw: null,
  status: 'none',
  problem: null,
  pendingCount: 0,
  writable: false,
  canPatch: false,
  canRetry: false,
  canDiscard: false,
  canReload: false,
}

const selectMetadataState = (snapshot: AccountSnapshot | undefined): Unchecked =>
  snapshot === undefined
    ? none
    : {
        raw: selectMetadata(snapshot),
        status: selectMetadataStatus(snapshot),
        problem: selectMetadataProblem(snapshot),
        pendingCount: selectPendingCount(snapshot),
        writable: selectIsWritable(snapshot),
        canPatch: snapshot.can({ type: 'metadata.patch', patch: {} }),
        canRetry: snapshot.can({ type: 'metadata.retry' }),
        canDiscard: snapshot.can({ type: 'metadata.discard' }),
        canReload: snapshot.can({ type: 'metadata.reload' }),
      }

const commandsOf = (session: Session): UserMetadataCommands<UserMetadata> => ({
  patch: (patch) => session.send({ type: 'metadata.patch', patch }),
  retry: () => session.send({ type: 'metadata.retry' }),
  discard: () => session.send({ type: 'metadata.discard' }),
  reload: () => session.send({ type: 'metadata.reload' }),
})

/**
 * What the person keeps with the app. With a schema the metadata is checked and typed by it; keep the schema outside the
 * component, so that it is the same one at every render.
 */
export function useUserMetadata(): UseUserMetadata<UserMetadata>
export function useUserMetadata<TMetadata>(schema: StandardSchemaV1<TMetadata>): UseUserMetadata<TMetadata>
export function useUserMetadata(schema?: StandardSchemaV1): UseUserMetadata<unknown> {
  const session = useSessionInstance()
  const hydrated = useHydrated()
  const account = useSelector(session.actor, selectAccount)
  const current = useSelector(account, selectMetadataState, shallowEqual)
  const state = hydrated ? current : none
  const commands = useMemo(() => commandsOf(session), [session])
  return useMemo(() => {
    const checked = schema && state.raw ? checkMetadata(schema, state.raw) : { value: state.raw, error: null }
    const problem = state.problem ?? (checked.error && toProblem(checked.error))
    return { ...state, ...commands, metadata: checked.value, problem }
  }, [schema, state, commands])
}
