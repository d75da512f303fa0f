import type { IncomingMessage, ServerResponse } from 'node:http'
import { problemWith } from './fault-check.ts'
import type { FaultQueue } from './fault-queue.ts'
import type { Fault } from './faults.ts'
import type { RequestLog } from './request-log.ts'

export const controlPaths: readonly string[] = ['/__faults', '/__grants', '/__requests']

export interface ControlParts {
  faults: FaultQueue
  requests: RequestLog
  endGrants: (username: string) => Promise<number>
}

/** What `LocalProvider` offers in this process, by HTTP: for tests that run in a browser or in another process. */
export async function handleControl(parts: ControlParts, req: IncomingMessage, res: ServerResponse, body: Buffer) {
  const { pathname, searchParams } = new URL(req.url ?? '', 'http://localhost')
  switch (`${req.method} ${pathname}`) {
    case 'GET /__faults':
      return send(res, 200, parts.faults.list())
    case 'POST /__faults':
      return addFaults(parts.faults, res, body)
    case 'DELETE /__faults':
      parts.faults.clear()
      return send(res, 200, [])
    case 'DELETE /__grants':
      return parts.endGrants(searchParams.get('username') ?? '').then(
        (ended) => send(res, 200, { ended }),
        (error: unknown) => send(res, 400, { error: error instanceof Error ? error.message : String(error) }),
      )
    case 'GET /__requests':
      return send(res, 200, parts.requests.list())
    case 'DELETE /__requests':
      parts.requests.clear()
      return send(res, 200, [])
    default:
      return send(res, 405, { error: 'Use GET, POST or DELETE /__faults, DELETE /__grants, GET or DELETE /__requests' })
  }
}

function addFaults(faults: FaultQueue, res: ServerResponse, body: Buffer) {
  const wanted = parse(body)
  const problem = wanted === undefined ? 'The body is not JSON' : wanted.map(problemWith).find((text) => text)
  if (problem) return send(res, 400, { error: problem })
  // problemWith has looked at each of them.
  faults.add(...(wanted as Fault[]))
  send(res, 200, faults.list())
}

function parse(body: Buffer): unknown[] | undefined {
  try {
    const content: unknown = JSON.parse(body.toString('utf8'))
    return Array.isArray(content) ? Array.from<unknown>(content) : [content]
  } catch {
    return undefined
  }
}

function send(res: ServerResponse, status: number, content: object) {
  res.statusCode = status
  res.setHeader('Content-Type', 'application/json')
  res.setHeader('Cache-Control', 'no-store')
  res.end(JSON.stringify(content))
}
