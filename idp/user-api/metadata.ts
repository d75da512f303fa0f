import { isRecord, type JsonObject } from '../json.ts'
import { badRequest, insufficientScope } from './errors.ts'

/** Bytes of JSON, all of a person's metadata together. */
const sizeLimit = 10 * 1024

/** What Auth0 lets nobody change with a token of their own. */
const managedFields = ['app_metadata', 'blocked', 'email', 'email_verified', 'family_name', 'given_name', 'name']
const moreManagedFields = ['nickname', 'password', 'phone_number', 'picture', 'username', 'verify_email']

/** The `user_metadata` of a PATCH body, or an ApiError that says what is wrong with it. */
export function patchFrom(body: string): JsonObject {
  let content: unknown
  try {
    content = JSON.parse(body)
  } catch {
    throw badRequest('Invalid request payload JSON format', 'invalid_body')
  }
  if (!isRecord(content)) throw invalid(`Expected type object but found type ${typeName(content)}`)
  const keys = Object.keys(content)
  if (keys.length === 0) throw invalid('Too few properties defined (0), minimum 1')
  for (const key of keys) {
    if ([...managedFields, ...moreManagedFields].includes(key)) {
      throw insufficientScope([key === 'app_metadata' ? 'update:users_app_metadata' : 'update:users'])
    }
    if (key !== 'user_metadata') throw invalid(`Additional properties not allowed: ${key}`)
  }
  const patch = content['user_metadata']
  if (!isRecord(patch)) {
    throw invalid(`Expected type object but found type ${typeName(patch)} on property user_metadata`)
  }
  refuseKeys(patch)
  return patch
}

function refuseKeys(value: unknown) {
  if (Array.isArray(value)) return value.forEach(refuseKeys)
  if (!isRecord(value)) return
  for (const [key, inner] of Object.entries(value)) {
    if (key.includes('.') || key.includes('$')) {
      throw invalid(`Metadata keys may contain neither "." nor "$": ${key}`)
    }
    refuseKeys(inner)
  }
}

/**
 * Only the root level merges: a nested object takes the place of the one before, `null` deletes a key, and `{}` removes
 * everything. Undefined: no metadata.
 */
export function mergeMetadata(current: JsonObject | undefined, patch: JsonObject): JsonObject | undefined {
  const entries = Object.entries(patch)
  if (entries.length === 0) return undefined
  const merged = new Map(Object.entries(current ?? {}))
  for (const [key, value] of entries) {
    if (value === null) merged.delete(key)
    else merged.set(key, value)
  }
  // fromEntries defines properties, so that a key named __proto__ is a key like any other.
  const result = Object.fromEntries(merged)
  const size = Buffer.byteLength(JSON.stringify(result))
  if (size > sizeLimit) throw invalid(`user_metadata is too large: ${size} bytes, at most ${sizeLimit}`)
  return result
}

function invalid(why: string) {
  return badRequest(`Payload validation error: '${why}'.`, 'invalid_body')
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}
