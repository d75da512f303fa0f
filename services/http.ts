import { SessionError } from '../machines/errors.ts'
import type { Clock } from '../machines/facts.ts'

/** What every request of ours needs. */
export interface HttpTools {
  readonly clock: Clock
  /** ms. */
  readonly timeout: number
  isOnline(): boolean
}

/** `fetch` with a timeout, and with errors that have our codes. `what` names the other side in messages. */
export async function request(
  tools: HttpTools,
  what: string,
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<Response> {
  const timeout = AbortSignal.timeout(tools.timeout)
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
  try {
    return await fetch(input, { ...init, signal })
  } catch (error) {
    if (init.signal?.aborted === true) throw new SessionError('aborted', `The request to ${what} was aborted.`)
    if (timeout.aborted) throw new SessionError('timeout', `${what} did not answer within ${tools.timeout / 1000} s.`)
    throw unreachable(tools, what, error)
  }
}

/** Work that has no limit of its own, or one that ends with the first byte of an answer. */
export async function inTime<T>(tools: Pick<HttpTools, 'timeout'>, what: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new SessionError('timeout', `${what} did not answer within ${tools.timeout / 1000} s.`)),
      tools.timeout,
    )
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** No answer at all. */
export function unreachable(tools: Pick<HttpTools, 'isOnline'>, what: string, cause: unknown): SessionError {
  return tools.isOnline()
    ? new SessionError(
        'network',
        `${what} cannot be reached. It may be down, or it does not allow this origin (CORS).`,
        { cause },
      )
    : new SessionError('offline', `This device is offline; ${what} cannot be reached.`, { cause })
}
