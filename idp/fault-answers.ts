import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { InvalidJsonFault, StatusFault } from './faults.ts'

const page = 'text/html; charset=utf-8'
const json = 'application/json'

/** Answers at a time of need: instead of another answer, of which nothing but the headers of CORS may be left. */
export function answerInvalidGrant(res: ServerResponse) {
  answer(res, 400, json, { error: 'invalid_grant', error_description: 'grant request is invalid' })
}

export function answerStatus(res: ServerResponse, fault: StatusFault) {
  const { status = 503, body = 'json', error = overloaded, retryAfter, cors = true } = fault
  const reason = STATUS_CODES[status] ?? 'Unknown'
  clearHeaders(res)
  if (!cors) hideFromBrowsers(res)
  if (retryAfter !== undefined) res.setHeader('Retry-After', retryAfterHeader(retryAfter))
  switch (body) {
    case 'oauth':
      return answer(res, status, json, { error, error_description: `the provider says: ${reason}` })
    case 'json':
      return answer(res, status, json, { message: reason })
    case 'html':
      return answer(res, status, page, `<!doctype html><title>Error</title><h1>${reason}</h1>`)
    case 'empty':
      return answer(res, status, undefined, '')
  }
}
export const overloaded = 'temporarily_unavailable'

export function answerInvalidJson(res: ServerResponse, { body = 'broken' }: InvalidJsonFault) {
  clearHeaders(res)
  switch (body) {
    case 'broken':
      return answer(res, 200, json, '{"access_token":"abc","expires_in":')
    case 'html':
      return answer(
        res,
        200,
        page,
        '<!doctype html><title>Welcome</title><h1>Please accept the terms of this network</h1>',
      )
    case 'empty':
      return answer(res, 200, json, '')
    case 'null':
      return answer(res, 200, json, 'null')
  }
}

export function drop(req: IncomingMessage, res: ServerResponse, partial = false) {
  if (!partial) return void req.socket.destroy()
  clearHeaders(res)
  res.writeHead(200, { 'Content-Type': json, 'Content-Length': 1000 })
  res.write('{"access_token":', () => req.socket.destroy())
}

export function hideFromBrowsers(res: ServerResponse) {
  for (const name of res.getHeaderNames()) if (name.startsWith('access-control-')) res.removeHeader(name)
}

/** Cookies and content headers of the answer that is not given; those of CORS stay, or no browser would see the status. */
function clearHeaders(res: ServerResponse) {
  for (const name of res.getHeaderNames()) {
    if (!name.startsWith('access-control-') && name !== 'vary' && name !== 'connection') res.removeHeader(name)
  }
}

function retryAfterHeader(value: NonNullable<StatusFault['retryAfter']>): string {
  if (typeof value !== 'object') return String(value)
  // An HTTP date knows no fractions; rounded up, so that nobody comes back early.
  return new Date(Math.ceil(Date.now() / 1000 + value.dateIn) * 1000).toUTCString()
}

function answer(res: ServerResponse, status: number, type: string | undefined, body: string | object) {
  res.statusCode = status
  res.setHeader('Cache-Control', 'no-store')
  if (type !== undefined) res.setHeader('Content-Type', type)
  res.end(typeof body === 'string' ? body : JSON.stringify(body))
}
