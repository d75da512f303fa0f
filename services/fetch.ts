import { SessionError } from '../machines/errors.ts'
import type { Dpop } from './dpop/dpop.ts'
import { request, type HttpTools } from './http.ts'
import type { VaultEntry } from './vault/types.ts'

/** `fetch` with the access token attached, for chosen origins. */
export type AuthorizedFetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>

/** Where credentials come from, and where a refusal of their access token goes. */
export interface TokenSource {
  credentials(options?: { readonly signal?: AbortSignal }): Promise<VaultEntry>
  /** A resource server refused this access token: resolves with newer credentials of the same person. */
  replaceRefused(refused: VaultEntry, signal: AbortSignal | undefined): Promise<VaultEntry>
}

interface FetchOptions {
  /** May the token go to this origin? */
  allows(origin: string): boolean | Promise<boolean>
  /** What a relative address is relative to, at the time of the call. */
  baseUrl(): string
  /** Absent: no timeout of ours, as with `fetch`. */
  readonly tools?: HttpTools
  /** What makes proofs, loaded when it is first needed; `null`: the token is a bearer token. */
  readonly dpop: (() => Promise<Pick<Dpop, 'send'>>) | null
}

/**
 * The token goes to the allowed origins only, in one header; on 401 one renewal and one retry (RFC 6750 section 3.1). With
 * DPoP a proof goes along, and a 401 that is about the proof alone costs no renewal.
 */
export function createAuthorizedFetch(
  source: TokenSource,
  { allows, baseUrl, tools, dpop }: FetchOptions,
): AuthorizedFetch {
  const transmit = (ready: Request): Promise<Response> =>
    tools === undefined ? fetch(ready) : request(tools, new URL(ready.url).origin, ready, { signal: ready.signal })
  const send = (
    prepared: Request,
    { tokens: { accessToken } }: VaultEntry,
    prover: Pick<Dpop, 'send'> | null,
  ): Promise<Response> => {
    const { url, method } = prepared
    prepared.headers.set('Authorization', `${prover === null ? 'Bearer' : 'DPoP'} ${accessToken}`)
    if (prover === null) return transmit(prepared)
    return prover.send({ url, method, purpose: 'resource', accessToken }, (proof) => {
      // A body can be read once, and this may be asked for twice.
      const ready = prepared.clone()
      ready.headers.set('DPoP', proof)
      return transmit(ready)
    })
  }

  return async (input, init) => {
    const first = new Request(typeof input === 'string' ? new URL(input, baseUrl()) : input, init)
    const { origin } = new URL(first.url)
    if (!(await allows(origin))) {
      throw new SessionError(
        'origin_refused',
        `session.fetch: ${origin} is not among the allowed origins, so the access token is not sent there. Name it in "allowedOrigins".`,
      )
    }
    // A body can be read once: the copy is for the retry.
    const second = first.clone()
    // Before the token is asked for, which would age meanwhile.
    const prover = dpop === null ? null : await dpop()
    const credentials = await source.credentials({ signal: first.signal })
    const response = await send(first, credentials, prover)
    if (response.status !== 401) return response
    const renewed = await source.replaceRefused(credentials, second.signal).catch(() => null)
    if (renewed === null) return response
    await response.body?.cancel()
    return send(second, renewed, prover)
  }
}
