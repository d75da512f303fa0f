import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JsonObject } from '../json.ts'
import { personOfSubject } from '../people.ts'
import { userApiPath } from '../routes.ts'
import { ApiError, badRequest, forbidden, insufficientScope, notFound, tooManyRequests } from './errors.ts'
import { mergeMetadata, patchFrom } from './metadata.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Bearer } from './token.ts'
import type { UserStore } from './users.ts'

export interface UserApiParts {
  users: UserStore
  rateLimit: RateLimit
  bearerOf: (req: IncomingMessage) => Promise<Bearer>
}

/** Auth0's `GET` and `PATCH /api/v2/users/{id}`, as far as a person's own token reaches. */
export function createUserApi({ users, rateLimit, bearerOf }: UserApiParts) {
  return async (req: IncomingMessage, res: ServerResponse, body: Buffer) => {
    const { allowed, headers } = rateLimit.count()
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
    try {
      if (!allowed) throw tooManyRequests()
      send(res, 200, await answer(req, body))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.statusCode === 401) res.setHeader('WWW-Authenticate', 'Bearer error="invalid_token", DPoP algs="ES256"')
      send(res, error.statusCode, error.body)
    }
  }

  async function answer(req: IncomingMessage, body: Buffer): Promise<JsonObject> {
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://provider.invalid')
    const [kind, encodedId, ...rest] = pathname.slice(userApiPath.length).split('/')
    const known = kind === 'users' && encodedId && rest.length === 0 && ['GET', 'PATCH'].includes(req.method ?? '')
    if (!known) throw notFound('Not Found', 'not_found')
    const bearer = await bearerOf(req)
    const id = decoded(encodedId)
    if (req.method === 'GET') {
      demandScope(bearer, ['read:current_user'])
      return chosen(users.userOf(ownPerson(bearer, id)), searchParams)
    }
    const patch = patchFrom(body.toString('utf8'))
    const writing = ['update:current_user_metadata', 'create:current_user_metadata']
    demandScope(bearer, writing)
    const person = ownPerson(bearer, id)
    const current = users.metadataOf(person)
    if (current !== undefined) demandScope(bearer, ['update:current_user_metadata'])
    await users.setMetadata(person, mergeMetadata(current, patch))
    return users.userOf(person)
  }
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    throw badRequest(`Path validation error: 'Malformed percent-encoding' on property id.`, 'invalid_uri')
  }
}

function demandScope(bearer: Bearer, scopes: readonly string[]) {
  if (!scopes.some((scope) => bearer.scopes.has(scope))) throw insufficientScope(scopes)
}

function ownPerson(bearer: Bearer, id: string) {
  if (id !== bearer.subject) {
    throw forbidden('User to be acted on does not match subject in bearer token.', 'operation_not_supported')
  }
  const person = personOfSubject(id)
  if (!person) throw notFound('The user does not exist.', 'inexistent_user')
  return person
}

/** `fields` and `include_fields`: only these, or all but these. */
function chosen(user: JsonObject, query: URLSearchParams): JsonObject {
  const include = query.get('include_fields') ?? 'true'
  if (include !== 'true' && include !== 'false') {
    throw badRequest(
      `Query validation error: 'Expected type boolean' on property include_fields.`,
      'invalid_query_string',
    )
  }
  const fields = query
    .get('fields')
    ?.split(',')
    .map((field) => field.trim())
  if (!fields) return user
  return Object.fromEntries(Object.entries(user).filter(([name]) => fields.includes(name) === (include === 'true')))
}

function send(res: ServerResponse, status: number, body: object) {
  res.statusCode = status
  res.setHeader('Content-Type', 'application/json; charset=utf-8')
  res.setHeader('Cache-Control', 'no-store')
  res.end(JSON.stringify(body))
}
