import { SessionError, type UserMetadata } from '../../machines/index.ts'

/** The part of Standard Schema v1 (standardschema.dev) that is needed here; zod, valibot, arktype and others fit. */
export interface StandardSchemaV1<TOutput = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<TOutput> | Promise<StandardResult<TOutput>>
    readonly types?: { readonly input: unknown; readonly output: TOutput } | undefined
  }
}

type StandardResult<TOutput> =
  | { readonly value: TOutput; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

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

/** What the schema makes of the metadata, or `metadata_invalid` with the keys that do not fit. */
export function checkMetadata<TOutput>(schema: StandardSchemaV1<TOutput>, metadata: UserMetadata): Checked<TOutput> {
  const result = schema['~standard'].validate(metadata)
  if (result instanceof Promise) {
    throw new SessionError(
      'invalid_option',
      'The schema given to useUserMetadata checks asynchronously; a render cannot wait for it. Give one that does not.',
    )
  }
  if (result.issues === undefined) return { value: result.value, error: null }
  return { value: null, error: new SessionError('metadata_invalid', result.issues.map(describe).join('; ')) }
}
