import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import type { LoggedRequest } from './request-log.ts'

export interface Exchange {
  req: IncomingMessage
  res: ServerResponse
  entry: LoggedRequest
  /** Answers the request as if nothing were wrong; whether and when it is called is up to the fault. */
  serve: () => Promise<void>
  /** Rejects when the provider stops. */
  wait: (ms: number) => Promise<void>
}

/** Lets `fault` happen to a request, and says so in its entry in the log. */
export async function applyFault(fault: Fault | undefined, { req, res, entry, serve, wait }: Exchange) {
  if (!fault) return serve()
  entry.fault = fault.kind
  if (fault.kind === 'delay') {
    if (fault.processed) holdAnswer(res, (send) => void wait(fault.delay).then(send, () => {}))
    else await wait(fault.delay)
    return serve()
  }
  if (fault.delay) await wait(fault.delay)
  entry.answered = false
  if (fault.kind === 'invalid_grant') {
    entry.error = 'invalid_grant'
    return answer(res, 400, 'application/json', {
      error: 'invalid_grant',
      error_description: 'grant request is invalid',
    })
  }
  const happen = fault.kind === 'drop' ? () => drop(req, res, fault.partial) : () => answerStatus(res, fault)
  if (!fault.processed) return happen()
  holdAnswer(res, (_send, restore) => {
    restore()
    happen()
  })
  return serve()
}

/** Whatever answers does so by `end`, with the headers still unsent: so holding `end` back holds back the whole answer. */
function holdAnswer(res: ServerResponse, then: (send: () => void, restore: () => void) => void) {
  const end = res.end.bind(res)
  const restore = () => {
    res.end = end
  }
  const held = (...args: unknown[]) => {
    const send = () => {
      restore()
      // The arguments of `end` as they came.
      Reflect.apply(end, undefined, args)
    }
    then(send, restore)
    return res
  }
  res.end = held
}

function drop(req: IncomingMessage, res: ServerResponse, partial = false) {
  if (!partial) return void req.socket.destroy()
  clearHeaders(res)
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 })
  res.write('{"access_token":', () => req.socket.destroy())
}

function answerStatus(res: ServerResponse, fault: Extract<Fault, { kind: 'status' }>) {
  const { status = 503, body = 'json', retryAfter } = fault
  clearHeaders(res)
  if (retryAfter !== undefined) res.setHeader('Retry-After', String(retryAfter))
  switch (body) {
    case 'oauth':
      return answer(res, status, 'application/json', {
        error: 'temporarily_unavailable',
        error_description: 'the provider is overloaded',
      })
    case 'json':
      return answer(res, status, 'application/json', { message: 'Service Unavailable' })
    case 'html':
      return answer(
        res,
        status,
        'text/html; charset=utf-8',
        '<!doctype html><title>Error</title><h1>Service Unavailable</h1>',
      )
    case 'empty':
      return answer(res, status, undefined, '')
  }
}

/** Cookies and content headers of the answer that is not given; those of CORS stay, or no browser would see the status. */
function clearHeaders(res: ServerResponse) {
  for (const name of res.getHeaderNames()) {
    if (!name.startsWith('access-control-') && name !== 'vary' && name !== 'connection') res.removeHeader(name)
  }
}

function answer(res: ServerResponse, status: number, type: string | undefined, body: string | object) {
  res.statusCode = status
  res.setHeader('Cache-Control', 'no-store')
  if (type !== undefined) res.setHeader('Content-Type', type)
  res.end(typeof body === 'string' ? body : JSON.stringify(body))
}
