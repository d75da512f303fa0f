import { applyPatch, SessionError, type MetadataPatch, type UserMetadata } from '../../machines/index.ts'

/** The part of Standard Schema v1 (standardschema.dev) that is needed here; zod, valibot, arktype and others fit. */
export interface StandardSchemaV1<TInput = unknown, TOutput = TInput> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<TOutput> | Promise<StandardResult<TOutput>>
    readonly types?: { readonly input: TInput; readonly output: TOutput } | undefined
  }
}

type StandardResult<TOutput> =
  | { readonly value: TOutput; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

/** What a schema finds wrong, and where (Standard Schema v1). */
export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export type Checked<TOutput> =
  | { readonly value: TOutput; readonly error: null }
  | { readonly value: null; readonly error: SessionError }

function describe({ path = [], message }: StandardIssue): string {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part))
  return keys.length === 0 ? message : `${keys.join('.')}: ${message}`
}

function validate<TOutput>(
  schema: StandardSchemaV1<unknown, TOutput>,
  metadata: UserMetadata,
): StandardResult<TOutput> {
  const result = schema['~standard'].validate(metadata)
  if (result instanceof Promise) {
    throw new SessionError(
      'invalid_option',
      'The schema given to useUserMetadata checks asynchronously; a render cannot wait for it. Give one that does not.',
    )
  }
  return result
}

/** What the schema makes of the metadata, or `metadata_invalid` with the keys that do not fit. */
export function checkMetadata<TOutput>(
  schema: StandardSchemaV1<unknown, TOutput>,
  metadata: UserMetadata,
): Checked<TOutput> {
  const result = validate(schema, metadata)
  if (result.issues === undefined) return { value: result.value, error: null }
  return { value: null, error: new SessionError('metadata_invalid', result.issues.map(describe).join('; ')) }
}

/**
 * Throws `metadata_invalid` for a patch whose values the schema does not take, naming the keys. What did not fit before, at
 * keys that the patch leaves alone, stands in nobody's way.
 */
export function checkPatch(schema: StandardSchemaV1, patch: MetadataPatch, before: UserMetadata): void {
  const { issues = [] } = validate(schema, applyPatch(before, patch))
  const isNew = validate(schema, before).issues === undefined
  const own = issues.filter(({ path: [first] = [] }) => {
    const key = String(typeof first === 'object' ? first.key : first)
    return isNew || Object.hasOwn(patch, key)
  })
  if (own.length > 0) throw new SessionError('metadata_invalid', own.map(describe).join('; '))
}
