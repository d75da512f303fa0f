import type { ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import type { Endpoint } from './routes.ts'

/** One request, CORS preflights left out. Nothing of its content: a log with tokens would be another place to lose them. */
export interface LoggedRequest {
  /** Epoch milliseconds at arrival. */
  at: number
  method: string
  endpoint: Endpoint
  /** At the token endpoint. */
  grantType?: string
  /** Absent while under way; 0 when the connection ended without an answer. */
  status?: number
  /**
   * Absent while under way. True: our own answer was sent whole, and nothing in it was kept from a client that waited for
   * it. False: a fault cut, replaced, hid or spoilt it, or the connection had ended. What happens behind the socket, as to a
   * tab that is killed while the answer is in the air, no provider sees.
   */
  answered?: boolean
  /** True: the refresh token was spent and a new one made. With `answered: false`, nobody has the new one. */
  rotated?: boolean
  /** True: this refresh token had been spent before; within the reuse window it is `rotated` all the same. */
  reuse?: boolean
  /** OAuth's error code, of our own answer or of a fault's. */
  error?: string
  /** The fault that it met. */
  fault?: Fault['kind']
}

export type RequestFilter = Partial<Omit<LoggedRequest, 'at'>>

export interface RequestLog {
  /** In order of arrival; the oldest go when there are more than 100,000. */
  list(filter?: RequestFilter): LoggedRequest[]
  count(filter?: RequestFilter): number
  clear(): void
}

export interface RecordingLog extends RequestLog {
  /** `entry` may be added to until its answer is closed. */
  record(entry: LoggedRequest, res: ServerResponse): void
  entryOf(res: ServerResponse): LoggedRequest | undefined
}

const limit = 100_000

export function createRequestLog(): RecordingLog {
  let entries: LoggedRequest[] = []
  const byAnswer = new WeakMap<ServerResponse, LoggedRequest>()
  const matching = (filter: RequestFilter = {}) => {
    const names = Object.keys(filter) as (keyof RequestFilter)[]
    return entries.filter((entry) => names.every((name) => entry[name] === filter[name]))
  }
  return {
    list: (filter) => matching(filter).map((entry) => ({ ...entry })),
    count: (filter) => matching(filter).length,
    clear() {
      entries = []
    },
    record(entry, res) {
      byAnswer.set(res, entry)
      entries.push(entry)
      if (entries.length > limit * 1.1) entries = entries.slice(-limit)
    },
    entryOf: (res) => byAnswer.get(res),
  }
}
