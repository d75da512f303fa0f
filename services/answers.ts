import { SessionError, type SessionErrorDetails } from '../machines/errors.ts'
import type { Clock } from '../machines/facts.ts'

// What answers say; apart from `http.ts`, which a session takes that has no answer to read.

/** Statuses that say nothing about the request: the same one may work later. */
export const isPassingStatus = (status: number): boolean => status === 408 || status === 429 || status >= 500

/** When to try again, as an answer tells it: `Retry-After` (RFC 9110 section 10.2.3), or Auth0's `X-RateLimit-Reset` (epoch s). */
export function retryAfterOf(headers: Headers, clock: Clock): number | undefined {
  const after = headers.get('Retry-After')
  if (after !== null) {
    const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - clock.now()
    return Number.isFinite(ms) ? Math.max(0, ms) : undefined
  }
  const reset = Number(headers.get('X-RateLimit-Reset') ?? Number.NaN)
  return Number.isFinite(reset) ? Math.max(0, reset * 1000 - clock.now()) : undefined
}

/** The error of an answer that says nothing about the request. */
export function passingProblem(what: string, response: Response, clock: Clock): SessionError {
  const retryAfter = retryAfterOf(response.headers, clock)
  const details: SessionErrorDetails = { status: response.status, ...(retryAfter === undefined ? {} : { retryAfter }) }
  return new SessionError('provider_unavailable', `${what} answered ${response.status}; it is tried again.`, details)
}

/** The text of an answer, to its end. */
export async function readText(what: string, response: Response): Promise<string> {
  return response.text().catch((cause: unknown) => {
    throw cause instanceof DOMException
      ? new SessionError('timeout', `The answer of ${what} did not come to its end in time.`)
      : new SessionError('network', `The answer of ${what} broke off.`, { cause })
  })
}

/** The JSON object of an answer. */
export async function readJson(what: string, response: Response): Promise<Readonly<Record<string, unknown>>> {
  const type = response.headers.get('Content-Type') ?? 'nothing that says its type'
  const text = await readText(what, response)
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>
  } catch {
    // Told below, with what came instead.
  }
  throw new SessionError(
    'invalid_response',
    `${what} answered ${response.status} with ${type}, where a JSON object was expected.`,
    {
      status: response.status,
    },
  )
}
