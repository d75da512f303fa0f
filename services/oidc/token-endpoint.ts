import type { OidcClient } from 'oidc-client-ts'
import type { Clock } from '../../machines/facts.ts'
import type { Dpop } from '../dpop/dpop.ts'
import { retryAfterOf } from '../answers.ts'

/** What oidc-client-ts loses of an answer of the token endpoint. */
export interface LastAnswer {
  readonly status: number
  /** ms */
  readonly retryAfter: number | undefined
}

export interface TokenEndpointWatch {
  /** Of the last request to the token endpoint since `forget`; `null`: there was none, or it got none. */
  lastAnswer(): LastAnswer | null
  forget(): void
}

type FetchWithTimeout = (
  input: RequestInfo,
  init?: RequestInit & { readonly timeoutInSeconds?: number },
) => Promise<Response>

interface JsonService {
  fetchWithTimeout: FetchWithTimeout
}

/** oidc-client-ts 3.5's inside, as far as it is used here. */
interface Inside {
  readonly _tokenClient?: { readonly _jsonService?: Partial<JsonService> }
  readonly _validator?: Inside
}

/**
 * Notes status and `Retry-After` of the token endpoint's answers, and lets a timeout count until the last byte: oidc-client-ts
 * stops its own at the first, and hands on neither figure. With DPoP every request carries its proof: the library's own way
 * takes any refusal that brings a nonce for a word about the nonce, and spends the refresh token again. This is its private side; the version is pinned, a test holds it.
 */
export function watchTokenEndpoint(client: OidcClient, clock: Clock, dpop: Dpop | null): TokenEndpointWatch {
  let last: LastAnswer | null = null

  const fetchAndNote: FetchWithTimeout = async (input, { timeoutInSeconds, ...init } = {}) => {
    last = null
    const limit = timeoutInSeconds === undefined ? {} : { signal: AbortSignal.timeout(timeoutInSeconds * 1000) }
    const send = (more: RequestInit = {}): Promise<Response> => fetch(input, { ...init, ...limit, ...more })
    const response = dpop === null ? await send() : await sendWithProof(dpop, input, init, send)
    last = { status: response.status, retryAfter: retryAfterOf(response.headers, clock) }
    return response
  }
  for (const service of jsonServicesOf(client as unknown as Inside)) service.fetchWithTimeout = fetchAndNote

  return {
    lastAnswer: () => last,
    forget: () => {
      last = null
    },
  }
}

async function sendWithProof(
  dpop: Dpop,
  input: RequestInfo,
  { method = 'GET', headers, body }: RequestInit,
  send: (more: RequestInit) => Promise<Response>,
): Promise<Response> {
  const url = typeof input === 'string' ? input : input.url
  const isRenewal = body instanceof URLSearchParams && body.get('grant_type') === 'refresh_token'
  const response = await dpop.send({ url, method, purpose: isRenewal ? 'renewal' : 'login' }, (proof) => {
    const withProof = new Headers(headers)
    withProof.set('DPoP', proof)
    return send({ headers: withProof })
  })
  if (!response.headers.has('DPoP-Nonce')) return response
  // Seen by oidc-client-ts it would hide what the provider said.
  const rest = new Headers(response.headers)
  rest.delete('DPoP-Nonce')
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers: rest })
}

/** Of renewals, and of code exchanges. */
function jsonServicesOf(inside: Inside): JsonService[] {
  return [inside._tokenClient?._jsonService, inside._validator?._tokenClient?._jsonService].map((service) => {
    if (typeof service?.fetchWithTimeout !== 'function') {
      throw new Error('This version of oidc-client-ts is built differently: look at services/oidc/token-endpoint.ts.')
    }
    return service as JsonService
  })
}
