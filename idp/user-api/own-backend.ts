import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isRecord, type JsonObject } from '../json.ts'
import { personOfSubject } from '../people.ts'
import { ApiError, badRequest, notFound, tooManyRequests } from './errors.ts'
import type { UserApiParts } from './handler.ts'
import { mergeMetadata } from './metadata.ts'

/**
 * A backend as an app has its own: `GET` and `PATCH` of one JSON object, merged at the root, with `ETag` and `If-Match` (RFC
 * 9110 section 13.1.1). It keeps the same metadata as the user API, so that either shows what the other one changed.
 */
export function createOwnBackend({ users, rateLimit, bearerOf }: UserApiParts) {
  return async (req: IncomingMessage, res: ServerResponse, body: Buffer) => {
    const { allowed, headers } = rateLimit.count()
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
    try {
      if (!allowed) throw tooManyRequests()
      const metadata = await answer(req, body)
      res.setHeader('ETag', etagOf(metadata))
      send(res, 200, metadata)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.statusCode === 401) res.setHeader('WWW-Authenticate', 'Bearer error="invalid_token", DPoP algs="ES256"')
      send(res, error.statusCode, { message: error.message })
    }
  }

  async function answer(req: IncomingMessage, body: Buffer): Promise<JsonObject> {
    if (req.method !== 'GET' && req.method !== 'PATCH') throw notFound('Not Found', 'not_found')
    const { subject } = await bearerOf(req)
    const person = personOfSubject(subject)
    if (!person) throw notFound('The user does not exist.', 'inexistent_user')
    const current = users.metadataOf(person) ?? {}
    if (req.method === 'GET') return current
    const expected = req.headers['if-match']
    if (expected === undefined) throw new ApiError(428, 'Precondition Required', 'If-Match is missing', 'no_etag')
    if (expected !== etagOf(current))
      throw new ApiError(412, 'Precondition Failed', 'It was changed meanwhile', 'etag_mismatch')
    const merged = mergeMetadata(current, patchOf(body.toString('utf8'))) ?? {}
    await users.setMetadata(person, merged)
    return merged
  }
}

function patchOf(body: string): JsonObject {
  let patch: unknown
  try {
    patch = JSON.parse(body)
  } catch {
    throw badRequest('The body is not JSON', 'invalid_body')
  }
  if (!isRecord(patch)) throw badRequest('The body is not a JSON object', 'invalid_body')
  return patch
}

function etagOf(metadata: JsonObject): string {
  return `"${createHash('sha256').update(JSON.stringify(metadata)).digest('base64url').slice(0, 22)}"`
}

function send(res: ServerResponse, status: number, body: object) {
  res.statusCode = status
  res.setHeader('Content-Type', 'application/json; charset=utf-8')
  res.setHeader('Cache-Control', 'no-store')
  res.end(JSON.stringify(body))
}
