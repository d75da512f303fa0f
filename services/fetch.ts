import { SessionError } from '../machines/errors.ts'
import type { CredentialFacts } from '../machines/facts.ts'
import { request, type HttpTools } from './http.ts'

/** `fetch` with the access token attached, for chosen origins. */
export type AuthorizedFetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>

/** Where a token comes from, and where a refusal of it goes. */
export interface TokenSource {
  getAccessToken(options?: { readonly signal?: AbortSignal }): Promise<string>
  /** The facts of the credentials that `getAccessToken` would give now. */
  currentFacts(): CredentialFacts | null
  /** A resource server refused the token of this revision: resolves with a newer one. */
  replaceRefused(revision: number, signal: AbortSignal | undefined): Promise<string>
}

interface FetchOptions {
  readonly origins: ReadonlySet<string>
  readonly baseUrl: string
  /** Absent: no timeout of ours, as with `fetch`. */
  readonly tools?: HttpTools
}

/** The token goes to the allowed origins only, in one header; on 401 one renewal and one retry (RFC 6750 section 3.1). */
export function createAuthorizedFetch(source: TokenSource, { origins, baseUrl, tools }: FetchOptions): AuthorizedFetch {
  const send = (prepared: Request, token: string): Promise<Response> => {
    prepared.headers.set('Authorization', `Bearer ${token}`)
    return tools === undefined
      ? fetch(prepared)
      : request(tools, new URL(prepared.url).origin, prepared, { signal: prepared.signal })
  }

  return async (input, init) => {
    const first = new Request(typeof input === 'string' ? new URL(input, baseUrl) : input, init)
    const { origin } = new URL(first.url)
    if (!origins.has(origin)) {
      throw new SessionError(
        'origin_refused',
        `session.fetch: ${origin} is not among the allowed origins, so the access token is not sent there. Name it in "allowedOrigins".`,
      )
    }
    // A body can be read once: the copy is for the retry.
    const second = first.clone()
    const token = await source.getAccessToken({ signal: first.signal })
    const revision = source.currentFacts()?.revision
    const response = await send(first, token)
    if (response.status !== 401 || revision === undefined) return response
    const renewed = await source.replaceRefused(revision, second.signal).catch(() => null)
    if (renewed === null) return response
    await response.body?.cancel()
    return send(second, renewed)
  }
}
