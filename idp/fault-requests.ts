import type { IncomingMessage, ServerResponse } from 'node:http'
import { problemWith, type Fault, type FaultQueue } from './faults.ts'

export const faultsPath = '/__faults'

/** `POST` adds one fault or a list of them, `GET` tells what is left, `DELETE` clears: for tests that run in a browser. */
export function handleFaults(faults: FaultQueue, req: IncomingMessage, res: ServerResponse, body: Buffer) {
  switch (req.method) {
    case 'GET':
      return send(res, 200, faults.list())
    case 'DELETE':
      faults.clear()
      return send(res, 200, [])
    case 'POST': {
      const wanted = parse(body)
      const problem = wanted === undefined ? 'The body is not JSON' : wanted.map(problemWith).find((text) => text)
      if (problem) return send(res, 400, { error: problem })
      // problemWith has looked at each of them.
      faults.add(...(wanted as Fault[]))
      return send(res, 200, faults.list())
    }
    default:
      return send(res, 405, { error: 'Use GET, POST or DELETE' })
  }
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
