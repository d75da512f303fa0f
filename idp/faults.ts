import type { Endpoint } from './routes.ts'

/**
 * Something that goes wrong on purpose. A request meets the first fault in the order of adding that is for it; each is used
 * up by its `count` of requests.
 *
 * `processed`, where it is offered: true, the request is processed first (a refresh token is rotated). Default false, the
 * fault happens instead.
 */
export type Fault = FaultTarget &
  (DelayFault | HangFault | StatusFault | DropFault | InvalidJsonFault | RewriteFault | IdTokenFault | PlainFault)

interface DelayFault {
  kind: 'delay'
  /** Milliseconds. */
  delay: number
  /** True: processed at once, the answer is held back. Default false: held back before it is processed. */
  processed?: boolean
}

/** No answer until `clear()`, from which on all is as if nothing had been, or until the connection ends. */
interface HangFault {
  kind: 'hang'
  /** False: a request whose connection ends first is never processed, unlike one that a `delay` holds back. */
  processed?: boolean
}

export interface StatusFault {
  kind: 'status'
  /** Default 503. */
  status?: number
  /** OAuth's error JSON, other JSON (default), an HTML page as a gateway sends it, or nothing. */
  body?: 'oauth' | 'json' | 'html' | 'empty'
  /** The `error` of OAuth's JSON; default `temporarily_unavailable`. */
  error?: string
  /** The Retry-After header: seconds, a text as it is, or an HTTP date that many seconds ahead. */
  retryAfter?: number | string | { dateIn: number }
  /** False: without CORS headers, as gateways answer. A browser tells the app nothing but that it failed. */
  cors?: boolean
  processed?: boolean
}

interface DropFault {
  kind: 'drop'
  processed?: boolean
  /**
   * True: headers and the beginning of a body arrive before the cut. A browser never sends such a request again,
   * which it may do with one that died unanswered on a reused connection.
   */
  partial?: boolean
}

/** 200 with what no client can use. */
export interface InvalidJsonFault {
  kind: 'invalid_json'
  /** JSON that breaks off (default), HTML as such, nothing as JSON, or the JSON `null`. */
  body?: 'broken' | 'html' | 'empty' | 'null'
  processed?: boolean
}

/** Processed; then fields of the answer are changed, if it is a good one and a JSON object. */
export interface RewriteFault {
  kind: 'rewrite'
  /** Any JSON value for a field, text for a number among them. */
  set?: Record<string, unknown>
  remove?: string[]
  /**
   * False: a renewal leaves the refresh token good, as providers that do not rotate; with `remove: ['refresh_token']`, as
   * those that do not repeat it. Default true: who removes it then has taken it from the client for good.
   */
  rotate?: boolean
}

/**
 * Processed; then the ID token of a good answer of the token endpoint is made anew. Unless `set` or `remove` name it, `at_hash`
 * is made to fit.
 */
export interface IdTokenFault {
  kind: 'id_token'
  /** Claims, any JSON values. */
  set?: Record<string, unknown>
  remove?: string[]
  /** Members of the JWT's header; `null` takes one away. */
  header?: Record<string, unknown>
  /**
   * What signs it: the provider (default), nothing (`none`), the provider with its signature spoilt afterwards (`broken`), or a
   * private or symmetric JWK with `alg`, whose `kid` is taken over.
   */
  key?: 'provider' | 'none' | 'broken' | Record<string, unknown>
  /** The whole token instead, whatever it is. */
  text?: string
}

interface PlainFault {
  /** A renewal is refused, and nothing happens to the family; or processed, and answered without CORS headers. */
  kind: 'invalid_grant' | 'noCors'
}

interface FaultTarget {
  endpoint: Endpoint | 'any'
  /** How many requests; default 1. */
  count?: number | 'always'
  /** Token endpoint only: renewals (`refresh_token`) or logins (`authorization_code`). */
  grantType?: string
  /** Milliseconds before anything else, for every kind. */
  delay?: number
  /** From 0 to 1: how likely it hits a request that is for it. One that it spares meets the next fault. Default 1. */
  chance?: number
  /** Makes `chance` the same again for the same faults, added in the same order, and the same order of requests. */
  seed?: number
}

export interface FaultControl {
  /** Throws a TypeError that names what makes no sense. */
  add(...faults: Fault[]): void
  /** Also lets go of what hangs. */
  clear(): void
  /** Those that are still to come, with what is left of their counts. */
  list(): Fault[]
}
