import { createServer, IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

export interface HttpServer {
  port: number
  /** Cuts every connection and waits until the port is free and nothing is processed any more. */
  stop(): Promise<void>
}

/** On 127.0.0.1 only. The handler is made when the port is known, and before a request can arrive. */
export async function listen(port: number, makeHandler: (port: number) => Handler): Promise<HttpServer> {
  const sockets = new Set<Socket>()
  const underWay = new Set<Promise<void>>()
  const server = createServer()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
    // What is processed already still writes, and a next provider may be about to read the same files.
    await Promise.all(underWay)
  }
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or give the provider another port.`
      reject(cause.code === 'EADDRINUSE' ? new Error(taken, { cause }) : cause)
    })
    server.listen(port, '127.0.0.1', () => {
      // An AddressInfo, since it listens on a port and not on a pipe.
      const actual = (server.address() as AddressInfo).port
      try {
        const handle = makeHandler(actual)
        server.on('request', (req, res) => {
          const answered = handle(req, res)
            .catch((error: unknown) => failed(error, res))
            .finally(() => underWay.delete(answered))
          underWay.add(answered)
        })
        resolve({ port: actual, stop })
      } catch (error) {
        server.close()
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    })
  })
}

function failed(error: unknown, res: ServerResponse) {
  // Nobody is there to be answered: the sender went away, or the provider was stopped.
  if (res.destroyed || !res.socket || res.socket.destroyed) return
  console.error('The local provider failed to answer:', error)
  if (res.headersSent) return void res.socket.destroy()
  res.statusCode = 500
  res.end()
}

const bodyLimit = 256 * 1024

/** The whole body; undefined when it is larger than anyone needs here. Rejects when the connection ends before it does. */
export async function readBody(req: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req) {
    // Without an encoding set, what a request yields is a Buffer.
    const bytes = chunk as Buffer
    size += bytes.length
    if (size <= bodyLimit) chunks.push(bytes)
  }
  return size <= bodyLimit ? Buffer.concat(chunks) : undefined
}

/**
 * The same request with its body still to be read. We read a body first (to know the grant type, and to be able to process
 * a request whose sender is gone), and oidc-provider wants to read it as well.
 */
export function replay(req: IncomingMessage, body: Buffer): IncomingMessage {
  const copy = new IncomingMessage(req.socket)
  copy.method = req.method
  copy.url = req.url
  copy.headers = req.headers
  copy.rawHeaders = req.rawHeaders
  copy.httpVersion = req.httpVersion
  copy.complete = true
  copy.push(body)
  copy.push(null)
  return copy
}
