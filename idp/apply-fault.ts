import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JWK } from 'jose'
import {
  answerInvalidGrant,
  answerInvalidJson,
  answerStatus,
  drop,
  hideFromBrowsers,
  overloaded,
} from './fault-answers.ts'
import type { FaultQueue } from './fault-queue.ts'
import type { Fault, IdTokenFault, RewriteFault } from './faults.ts'
import { withOtherIdToken } from './id-token-fault.ts'
import { isRecord } from './json.ts'
import type { LoggedRequest } from './request-log.ts'

export interface Exchange {
  req: IncomingMessage
  res: ServerResponse
  entry: LoggedRequest
  faults: FaultQueue
  /** The provider's own, of its ID tokens. */
  signing: JWK
  /** Answers the request as if nothing were wrong; whether and when it is called is up to the fault. */
  serve: () => Promise<void>
  /** Rejects when the provider stops. */
  wait: (ms: number) => Promise<void>
}

/** Lets `fault` happen to a request, and says so in its entry in the log. */
export async function applyFault(fault: Fault | undefined, exchange: Exchange): Promise<void> {
  const { req, res, entry, faults, serve, wait } = exchange
  if (!fault) return serve()
  entry.fault = fault.kind
  if (fault.delay && !(fault.kind === 'delay' && fault.processed)) await wait(fault.delay)
  switch (fault.kind) {
    case 'delay':
      if (fault.processed) holdAnswer(res, ({ send }) => void wait(fault.delay).then(send, () => {}))
      return serve()
    case 'hang': {
      const released = Promise.race([faults.untilCleared(), ended(res)])
      if (fault.processed) holdAnswer(res, ({ send }) => void released.then(send))
      else await released
      return hasEnded(res) ? undefined : serve()
    }
    case 'noCors':
      // Only a browser heeds them.
      if (req.headers.origin !== undefined) entry.answered = false
      holdAnswer(res, ({ send }) => {
        hideFromBrowsers(res)
        send()
      })
      return serve()
    case 'rewrite':
      if (fault.rotate === false) faults.unrotated.add(res)
      holdAnswer(res, (held) => held.send(rewritten(fault, res, entry, held.body)))
      return serve()
    case 'id_token':
      holdAnswer(res, ({ body, send }) => void otherIdToken(fault, exchange, body).then(send))
      return serve()
    case 'invalid_grant':
      entry.answered = false
      entry.error = 'invalid_grant'
      return answerInvalidGrant(res)
    case 'status':
      return instead(exchange, fault.processed, () => {
        if (fault.body === 'oauth') entry.error = fault.error ?? overloaded
        answerStatus(res, fault)
      })
    case 'invalid_json':
      return instead(exchange, fault.processed, () => answerInvalidJson(res, fault))
    case 'drop':
      return instead(exchange, fault.processed, () => drop(req, res, fault.partial))
  }
}

async function instead({ res, entry, serve }: Exchange, processed: boolean | undefined, happen: () => void) {
  entry.answered = false
  if (!processed) return happen()
  holdAnswer(res, ({ discard }) => {
    discard()
    happen()
  })
  await serve()
}

interface HeldAnswer {
  /** What `end` was called with: all of the body, since nothing here writes it in pieces. */
  body: unknown
  send: (body?: unknown) => void
  discard: () => void
}

/** Whatever answers does so by `end`, with the headers still unsent: so holding `end` back holds back the whole answer. */
function holdAnswer(res: ServerResponse, then: (held: HeldAnswer) => void) {
  const end = res.end.bind(res)
  const discard = () => {
    res.end = end
  }
  const held = (body: unknown, ...rest: unknown[]) => {
    const send = (other = body) => {
      discard()
      // The arguments of `end` as they came.
      Reflect.apply(end, undefined, [other, ...rest])
    }
    then({ body, send, discard })
    return res
  }
  res.end = held
}

function rewritten({ set = {}, remove = [] }: RewriteFault, res: ServerResponse, entry: LoggedRequest, body: unknown) {
  if (res.statusCode >= 300 || (typeof body !== 'string' && !Buffer.isBuffer(body))) return body
  const before = parse(body.toString())
  if (!isRecord(before)) return body
  const left = Object.entries({ ...before, ...set }).filter(([name]) => !remove.includes(name))
  const after: Record<string, unknown> = Object.fromEntries(left)
  // Then nobody has the refresh token that was made.
  if (entry.rotated && after['refresh_token'] !== before['refresh_token']) entry.answered = false
  const text = JSON.stringify(after)
  res.setHeader('Content-Length', Buffer.byteLength(text))
  return text
}

async function otherIdToken(fault: IdTokenFault, { res, signing }: Exchange, body: unknown): Promise<unknown> {
  if (res.statusCode >= 300 || (typeof body !== 'string' && !Buffer.isBuffer(body))) return body
  const text = await withOtherIdToken(body.toString(), fault, signing)
  res.setHeader('Content-Length', Buffer.byteLength(text))
  return text
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const hasEnded = (res: ServerResponse) => res.destroyed || !res.socket || res.socket.destroyed

function ended(res: ServerResponse): Promise<void> {
  return hasEnded(res) ? Promise.resolve() : new Promise((resolve) => res.once('close', () => resolve()))
}
