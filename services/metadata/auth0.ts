import { SessionError } from '../../machines/errors.ts'
import type { UserMetadata } from '../../machines/account/types.ts'
import type { AdapterTools, MetadataAdapter } from '../face.ts'
import { applyPatch, isSameValue } from '../../machines/patches.ts'
import { readAnswer } from './answers.ts'
import { checkLimits, type Limits } from './limits.ts'

/** Options of `auth0UserMetadata`. */
export interface Auth0UserMetadataOptions {
  /** The tenant's domain, e.g. `example.auth0.com`, or an origin. */
  readonly domain: string
}

/**
 * User metadata by Auth0's Management API: `GET` and `PATCH /api/v2/users/{id}`, the person's own only. Root-level keys merge,
 * nested objects are replaced, `null` removes a key, `{}` removes all. The API has no precondition: it is asked before each
 * change what it holds, so that the person can be told what was changed elsewhere; the last writer of a key wins. A change that
 * is there already, because its answer was lost, is not sent once more.
 *
 * Checked before sending (`metadata_invalid`, naming the key): names with `.` or `$`, and 10,000 bytes of JSON in all. `429`
 * waits for `Retry-After` or `X-RateLimit-Reset`.
 *
 * Auth0 advises against tokens in single-page apps that may write metadata: any script on the page could use them. Put a
 * backend of your own behind this port where that matters (`ownBackendUserMetadata`).
 */
export function auth0UserMetadata({ domain }: Auth0UserMetadataOptions): MetadataAdapter {
  const text = domain.includes('://') ? domain : `https://${domain}`
  if (!URL.canParse(text)) {
    throw new SessionError(
      'invalid_option',
      `auth0UserMetadata: "domain" is not a domain: "${domain}". Give your tenant's, e.g. "example.auth0.com".`,
    )
  }
  const { origin } = new URL(text)
  const what = `The user API ${origin}`
  const limits: Limits = { what: 'the user API', mostBytes: 10_000, forbidden: /[.$]/ }
  const addressOf = (subject: string): URL => new URL(`/api/v2/users/${encodeURIComponent(subject)}`, origin)

  const readMetadata = async (response: Response, { clock }: AdapterTools): Promise<UserMetadata> => {
    const user = await readAnswer(what, response, clock, `Is the audience ${origin}/api/v2/?`)
    const { user_metadata: metadata } = user
    return typeof metadata === 'object' && metadata !== null ? (metadata as UserMetadata) : {}
  }
  const read = async (tools: AdapterTools): Promise<UserMetadata> => {
    const address = addressOf(tools.subject)
    address.search = 'fields=user_metadata&include_fields=true'
    return readMetadata(await tools.fetch(address, { signal: tools.signal }), tools)
  }

  return {
    origins: [origin],
    audience: `${origin}/api/v2/`,
    scope: 'read:current_user update:current_user_metadata create:current_user_metadata',
    check: (patch, known) => checkLimits(patch, known, limits),
    load: async (tools) => ({ metadata: await read(tools), writable: true }),
    async save(patch, tools) {
      const before = await read(tools)
      if (isSameValue(applyPatch(before, patch), before)) return { metadata: before, before }
      checkLimits(patch, before, limits)
      const response = await tools.fetch(addressOf(tools.subject), {
        method: 'PATCH',
        signal: tools.signal,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ user_metadata: patch }),
      })
      return { metadata: await readMetadata(response, tools), before }
    },
  }
}
