import { createServer } from 'node:net'

export class PortTaken extends Error {}

/** A port of 127.0.0.1 that nobody listens on: the preferred one if it is free, else any; only that one if `strict`. */
export async function freePort(preferred = 0, strict = false): Promise<number> {
  const bound = await tryPort(preferred)
  if (bound !== undefined) return bound
  if (strict) throw new PortTaken(`Port ${preferred} is taken by another program: choose another one with --port`)
  const any = await tryPort(0)
  if (any === undefined) throw new PortTaken('No port of 127.0.0.1 is free')
  return any
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') done(undefined)
      else fail(error)
    })
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}
