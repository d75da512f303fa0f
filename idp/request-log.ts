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
}

export type RequestFilter = Partial<Pick<LoggedRequest, 'method' | 'endpoint' | 'grantType' | 'status'>>

export interface RequestLog {
  /** In order of arrival; the oldest go when there are more than 100,000. */
  list(filter?: RequestFilter): LoggedRequest[]
  count(filter?: RequestFilter): number
  clear(): void
}

export interface RecordingLog extends RequestLog {
  record(entry: LoggedRequest): LoggedRequest
}

const limit = 100_000

export function createRequestLog(): RecordingLog {
  let entries: LoggedRequest[] = []
  const list = (filter: RequestFilter = {}) =>
    entries
      .filter((entry) => (Object.keys(filter) as (keyof RequestFilter)[]).every((name) => entry[name] === filter[name]))
      .map((entry) => ({ ...entry }))
  return {
    list,
    count: (filter) => list(filter).length,
    clear() {
      entries = []
    },
    record(entry) {
      entries.push(entry)
      if (entries.length > limit * 1.1) entries = entries.slice(-limit)
      return entry
    },
  }
}
