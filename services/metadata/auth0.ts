import { SessionError } from '../../machines/errors.ts'
import type { MetadataPatch, UserMetadata } from '../../machines/account/types.ts'
import type { AdapterTools, MetadataAdapter } from '../face.ts'
import { isPassingStatus, passingProblem, readJson } from '../http.ts'

export interface Auth0UserMetadataOptions {
  /** The tenant's domain, e.g. `example.auth0.com`, or an origin. */
  readonly domain: string
}

/** About what Auth0 takes for one person in all, in bytes. */
const mostBytes = 10_000

/**
 * User metadata by Auth0's Management API: `GET` and `PATCH /api/v2/users/{id}`, the person's own only. Root-level keys merge,
 * nested objects are replaced, `null` removes a key, `{}` removes all.
 *
 * Auth0 advises against tokens in single-page apps that may write metadata: any script on the page could use them. Put a
 * backend of your own behind this port where that matters.
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
  const addressOf = (subject: string): URL => new URL(`/api/v2/users/${encodeURIComponent(subject)}`, origin)

  const readMetadata = async (response: Response): Promise<UserMetadata> => {
    if (isPassingStatus(response.status))
      throw passingProblem(what, response, { now: () => Date.now(), chance: () => 0 })
    if (!response.ok) throw await refusal(response)
    const { user_metadata: metadata } = await readJson(what, response)
    return typeof metadata === 'object' && metadata !== null ? (metadata as UserMetadata) : {}
  }

  const refusal = async (response: Response): Promise<SessionError> => {
    const { status } = response
    const { message } = await readJson(what, response).catch(() => ({ message: undefined }))
    const said = typeof message === 'string' ? `: ${message}` : ''
    if (status === 401)
      return new SessionError(
        'unauthorized',
        `${what} does not take the access token${said}. Is the audience ${origin}/api/v2/?`,
        { status },
      )
    if (status === 400) return new SessionError('metadata_invalid', `${what} refused the change${said}.`, { status })
    return new SessionError('metadata_refused', `${what} answered ${status}${said}.`, { status })
  }

  const check = (patch: MetadataPatch): void => {
    for (const key of Object.keys(patch)) {
      if (/[.$]/.test(key))
        throw new SessionError(
          'metadata_invalid',
          `The name "${key}" holds a "." or a "$", which the user API does not take.`,
        )
      if (key.trim() === '') throw new SessionError('metadata_invalid', 'A name is empty.')
    }
    const bytes = new TextEncoder().encode(JSON.stringify(patch)).length
    if (bytes > mostBytes)
      throw new SessionError(
        'metadata_invalid',
        `The change has ${bytes} bytes; the user API takes about ${mostBytes} in all.`,
      )
  }

  return {
    origins: [origin],
    audience: `${origin}/api/v2/`,
    scope: 'read:current_user update:current_user_metadata create:current_user_metadata',
    check,
    async load({ subject, fetch, signal }: AdapterTools) {
      const address = addressOf(subject)
      address.search = 'fields=user_metadata&include_fields=true'
      return { metadata: await readMetadata(await fetch(address, { signal })), writable: true }
    },
    async save(patch, { subject, fetch, signal }) {
      check(patch)
      const response = await fetch(addressOf(subject), {
        method: 'PATCH',
        signal,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ user_metadata: patch }),
      })
      return readMetadata(response)
    },
  }
}
