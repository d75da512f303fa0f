import { SessionError } from '../../machines/errors.ts'
import type { MetadataPatch, UserMetadata } from '../../machines/account/types.ts'
import type { AdapterTools, MetadataAdapter } from '../face.ts'
import { applyPatch, isSameValue } from '../../machines/patches.ts'
import { readAnswer } from './answers.ts'
import { checkLimits, type Limits } from './limits.ts'

/** Options of `ownBackendUserMetadata`. */
export interface OwnBackendUserMetadataOptions {
  /** Where the metadata of whoever sends the access token is, as an absolute https URL (http on loopback). */
  readonly url: string
  /** Whom the access token must be for, where the provider takes Auth0's parameter. */
  readonly audience?: string
  /** What a login must ask for so that the backend takes the token. */
  readonly scope?: string
  /** What the backend takes of one person in all, in bytes of JSON; default 10,000. */
  readonly mostBytes?: number
}

/** How often a change is applied anew when somebody else was faster. */
const mostTries = 3

/**
 * User metadata at a backend of the app's own, by a small REST shape. The access token says whose it is.
 *
 * - `GET url` answers `200` with the metadata, a JSON object (`{}` when there is none), and an `ETag` (RFC 9110 section 8.8.3).
 * - `PATCH url` with `Content-Type: application/json`, `If-Match: <ETag>` (section 13.1.1) and root-level keys to set, `null` to
 *   remove one, `{}` to remove all. Answers `200` with the metadata as it is then, and the new `ETag`.
 * - `412`: it was changed meanwhile. It is read again, the change is applied to that, and sent anew, three times at most; then
 *   it is tried later (`provider_unavailable`). The person is told what was changed elsewhere.
 * - `400`, `413`, `422`, `403`: refused, with `{ "message": "…" }` for people. `401`: one renewal and one retry. `429` and
 *   `5xx`: tried again, after `Retry-After` where it is given.
 *
 * Across origins the backend allows `Authorization`, `Content-Type` and `If-Match`, and exposes `ETag` and `Retry-After` (CORS).
 * One without ETags works; then the last writer of a key wins, and nobody is told.
 */
export function ownBackendUserMetadata(options: OwnBackendUserMetadataOptions): MetadataAdapter {
  const { url, audience, scope, mostBytes = 10_000 } = options
  if (!URL.canParse(url)) {
    throw new SessionError(
      'invalid_option',
      `ownBackendUserMetadata: "url" is not an absolute URL: "${url}". Give one, e.g. \`\${location.origin}/api/me/metadata\`.`,
    )
  }
  const { href, origin } = new URL(url)
  const what = `The app's backend ${origin}`
  const limits: Limits = { what: "the app's backend", mostBytes }
  /** As this page last read or wrote it, by subject. */
  const known = new Map<string, { readonly metadata: UserMetadata; readonly etag: string | null }>()

  const read = async (response: Response, { subject, clock }: AdapterTools): Promise<UserMetadata> => {
    const metadata = await readAnswer(what, response, clock, 'Does it take the tokens of this provider?')
    known.set(subject, { metadata, etag: response.headers.get('ETag') })
    return metadata
  }
  const load = async (tools: AdapterTools): Promise<UserMetadata> =>
    read(await tools.fetch(href, { signal: tools.signal, cache: 'no-store' }), tools)
  const send = (patch: MetadataPatch, etag: string | null, tools: AdapterTools): Promise<Response> =>
    tools.fetch(href, {
      method: 'PATCH',
      signal: tools.signal,
      headers: { 'Content-Type': 'application/json', ...(etag === null ? {} : { 'If-Match': etag }) },
      body: JSON.stringify(patch),
    })

  return {
    origins: [origin],
    ...(audience === undefined ? {} : { audience }),
    ...(scope === undefined ? {} : { scope }),
    check: (patch, metadata) => checkLimits(patch, metadata, limits),
    load: async (tools) => ({ metadata: await load(tools), writable: true }),
    async save(patch, tools) {
      if (!known.has(tools.subject)) await load(tools)
      for (let tries = 0; tries < mostTries; tries += 1) {
        const before = known.get(tools.subject)
        if (before === undefined) break
        checkLimits(patch, before.metadata, limits)
        const response = await send(patch, before.etag, tools)
        if (response.status !== 412) {
          const metadata = await read(response, tools)
          // With a precondition that held, it is known what was there.
          return before.etag === null ? { metadata } : { metadata, before: before.metadata }
        }
        await response.body?.cancel()
        const metadata = await load(tools)
        // An earlier answer was lost.
        if (isSameValue(applyPatch(metadata, patch), metadata)) return { metadata, before: metadata }
      }
      throw new SessionError('provider_unavailable', `${what} is changed again and again just now; it is tried later.`)
    },
  }
}
