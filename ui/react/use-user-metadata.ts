import { useMemo } from 'react'
import { shallowEqual, useSelector } from '@xstate/react'
import {
  selectAccount,
  selectChangedElsewhere,
  selectIsWritable,
  selectMetadata,
  selectMetadataProblem,
  selectMetadataStatus,
  selectPendingCount,
  selectReadOnlyReason,
  selectUnsavedKeys,
  toProblem,
  type AccountSnapshot,
  type ChangesElsewhere,
  type MetadataStatus,
  type Problem,
  type UserMetadata,
} from '../../machines/index.ts'
import type { Session } from '../../services/index.ts'
import { useSessionInstance } from './provider.tsx'
import { checkMetadata, checkPatch, type StandardSchemaV1 } from './standard-schema.ts'
import { useHydrated } from './use-hydrated.ts'

/** The metadata, whether it is saved, and what is wrong with it. */
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
  /** The names of the keys that wait to be saved. */
  readonly unsavedKeys: readonly string[]
  /** Whether this person may change it here. */
  readonly writable: boolean
  /** Why nobody can, in a sentence for people, where the adapter says so. */
  readonly readOnlyBecause: string | null
  /** What was changed on another device or by another app, by the names of its keys, until `acknowledge`; `null`: nothing. */
  readonly changedElsewhere: ChangesElsewhere | null
  /** Which of the commands the chart would take now. */
  readonly canPatch: boolean
  readonly canRetry: boolean
  readonly canDiscard: boolean
  readonly canReload: boolean
}

/** Root-level keys to set; `null` removes a key; `{}` as a whole removes all. */
export type PatchOf<TMetadata> = { readonly [TKey in keyof TMetadata]?: TMetadata[TKey] | null }

/** What a person can do with the metadata. */
export interface UserMetadataCommands<TInput> {
  /**
   * Shown at once, saved in order, kept until it is saved or discarded. With a schema, throws `metadata_invalid` for a value
   * that does not fit, naming the key; nothing of the patch is taken then. A value is as the API keeps it, before what the schema
   * makes of it.
   */
  patch(patch: PatchOf<TInput>): void
  retry(): void
  discard(): void
  reload(): void
  /** The person has taken note of what was changed elsewhere. */
  acknowledge(): void
}

/** What `useUserMetadata` gives: the metadata, and what can be done with it. */
export type UseUserMetadata<TMetadata, TInput = TMetadata> = UserMetadataState<TMetadata> & UserMetadataCommands<TInput>

type Unchecked = Omit<UserMetadataState<UserMetadata>, 'metadata'>

const none: Unchecked = {
  raw: null,
  status: 'none',
  problem: null,
  pendingCount: 0,
  unsavedKeys: [],
  writable: false,
  readOnlyBecause: null,
  changedElsewhere: null,
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
        unsavedKeys: selectUnsavedKeys(snapshot),
        writable: selectIsWritable(snapshot),
        readOnlyBecause: selectReadOnlyReason(snapshot),
        changedElsewhere: selectChangedElsewhere(snapshot),
        canPatch: snapshot.can({ type: 'metadata.patch', patch: {} }),
        canRetry: snapshot.can({ type: 'metadata.retry' }),
        canDiscard: snapshot.can({ type: 'metadata.discard' }),
        canReload: snapshot.can({ type: 'metadata.reload' }),
      }

/** As the fields of the metadata state are compared: names by name. */
const isSameState = (one: Unchecked, other: Unchecked): boolean =>
  shallowEqual({ ...one, unsavedKeys: null }, { ...other, unsavedKeys: null }) &&
  shallowEqual(one.unsavedKeys, other.unsavedKeys)

const commandsOf = (session: Session, schema: StandardSchemaV1 | undefined): UserMetadataCommands<UserMetadata> => ({
  patch: (patch) => {
    if (schema !== undefined) checkPatch(schema, patch, shownBy(session))
    session.send({ type: 'metadata.patch', patch })
  },
  retry: () => session.send({ type: 'metadata.retry' }),
  discard: () => session.send({ type: 'metadata.discard' }),
  reload: () => session.send({ type: 'metadata.reload' }),
  acknowledge: () => session.send({ type: 'metadata.acknowledge' }),
})

function shownBy(session: Session): UserMetadata {
  const account = selectAccount(session.getSnapshot())?.getSnapshot()
  return (account === undefined ? null : selectMetadata(account)) ?? {}
}

/**
 * What the person keeps with the app. With a schema the metadata is checked and typed by it; keep the schema outside the
 * component, so that it is the same one at every render.
 */
export function useUserMetadata(): UseUserMetadata<UserMetadata>
export function useUserMetadata<TMetadata, TInput = TMetadata>(
  schema: StandardSchemaV1<TInput, TMetadata>,
): UseUserMetadata<TMetadata, TInput>
export function useUserMetadata(schema?: StandardSchemaV1): UseUserMetadata<unknown> {
  const session = useSessionInstance()
  const hydrated = useHydrated()
  const account = useSelector(session.actor, selectAccount)
  const current = useSelector(account, selectMetadataState, isSameState)
  const state = hydrated ? current : none
  const commands = useMemo(() => commandsOf(session, schema), [session, schema])
  return useMemo(() => {
    const checked = schema && state.raw ? checkMetadata(schema, state.raw) : { value: state.raw, error: null }
    const problem = state.problem ?? (checked.error && toProblem(checked.error))
    return { ...state, ...commands, metadata: checked.value, problem }
  }, [schema, state, commands])
}
