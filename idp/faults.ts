import { isRecord } from './json.ts'
import { endpoints, type Endpoint } from './routes.ts'

/**
 * Something that goes wrong on purpose. Faults are used in the order in which they were added, one per request, each for
 * its `count` of requests.
 */
export type Fault = FaultTarget &
  (
    | {
        kind: 'delay'
        /** Milliseconds. */
        delay: number
        /** True: processed at once, the answer is held back. Default false: held back before it is processed. */
        processed?: boolean
      }
    | {
        kind: 'status'
        /** Default 503. */
        status?: number
        /** OAuth's error JSON, other JSON (default), an HTML page as a gateway sends it, or nothing. */
        body?: 'oauth' | 'json' | 'html' | 'empty'
        /** Seconds, or a date: the Retry-After header. */
        retryAfter?: number | string
        /** True: processed, then answered so all the same. */
        processed?: boolean
      }
    | {
        kind: 'drop'
        /** True: processed (a refresh token is rotated), then the connection is cut. */
        processed?: boolean
        /**
         * True: headers and the beginning of a body arrive before the cut. A browser never sends such a request again,
         * which it may do with one that died unanswered on a reused connection.
         */
        partial?: boolean
      }
    | { kind: 'invalid_grant' }
  )

interface FaultTarget {
  endpoint: Endpoint | 'any'
  /** How many requests; default 1. */
  count?: number | 'always'
  /** Token endpoint only: renewals (`refresh_token`) or logins (`authorization_code`). */
  grantType?: string
  /** Milliseconds before anything else, for every kind. */
  delay?: number
}

export interface FaultControl {
  add(...faults: Fault[]): void
  clear(): void
  /** Those that are still to come, with what is left of their counts. */
  list(): Fault[]
}

export interface FaultQueue extends FaultControl {
  take(endpoint: Endpoint, grantType: string | undefined): Fault | undefined
}

export function createFaultQueue(): FaultQueue {
  let waiting: { fault: Fault; left: number }[] = []
  return {
    add(...faults) {
      const problem = faults.map(problemWith).find((text) => text !== undefined)
      if (problem) throw new TypeError(problem)
      for (const fault of faults)
        waiting.push({ fault, left: fault.count === 'always' ? Infinity : (fault.count ?? 1) })
    },
    clear() {
      waiting = []
    },
    list: () => waiting.map(({ fault, left }) => ({ ...fault, count: left === Infinity ? 'always' : left })),
    take(endpoint, grantType) {
      const hit = waiting.find(
        ({ fault }) =>
          (fault.endpoint === 'any' || fault.endpoint === endpoint) &&
          (fault.grantType === undefined || fault.grantType === grantType),
      )
      if (!hit) return undefined
      hit.left -= 1
      if (hit.left <= 0) waiting = waiting.filter((entry) => entry !== hit)
      return hit.fault
    },
  }
}

const notEnabled = () => {
  throw new Error('Faults are not enabled: start the provider with { faults: true }')
}
export const noFaults: FaultQueue = { add: notEnabled, clear: notEnabled, list: notEnabled, take: () => undefined }

/** Also for what comes by HTTP, where the types say nothing. */
export function problemWith(fault: unknown): string | undefined {
  if (!isRecord(fault)) return 'A fault is an object such as { "endpoint": "token", "kind": "drop" }'
  const { endpoint, kind, count, delay, status, body } = fault
  const among = (name: string, value: unknown, values: readonly unknown[]) =>
    values.includes(value) ? undefined : `${name}: ${JSON.stringify(value)} is none of ${values.join(', ')}`
  const whole = (name: string, value: unknown, least: number) =>
    Number.isSafeInteger(value) && Number(value) >= least ? undefined : `${name}: not a whole number from ${least}`
  return (
    among('endpoint', endpoint, ['any', ...endpoints]) ??
    among('kind', kind, ['delay', 'status', 'drop', 'invalid_grant']) ??
    (count === undefined || count === 'always' ? undefined : whole('count', count, 1)) ??
    (delay === undefined && kind !== 'delay' ? undefined : whole('delay', delay, 0)) ??
    (status === undefined ? undefined : whole('status', status, 200)) ??
    (body === undefined ? undefined : among('body', body, ['oauth', 'json', 'html', 'empty']))
  )
}
