import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { BenchConfig } from '../clients/client.ts'

const kinds: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** For clients that look for a session in a hidden frame: the page that hands the answer to its parent. */
const silent = `<script>parent.postMessage(location.href, location.origin)</script>`

export interface AppServer {
  /** Without a slash at its end. */
  readonly origin: string
  stop(): Promise<void>
}

/** One app on 127.0.0.1, as a host serves it: gzipped, hashed files for ever, its page anew each time and at every path. */
export async function serveApp(folder: string, config: (origin: string) => BenchConfig): Promise<AppServer> {
  let origin = ''
  const answer = async ({ url = '/', headers }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(url, origin)
    if (headers['sec-fetch-dest'] === 'iframe') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(silent)
      return
    }
    const isFile = extname(pathname) !== ''
    const path = join(folder, isFile ? normalize(pathname) : 'index.html')
    const content = await readFile(path).catch(() => null)
    if (content === null) {
      response.writeHead(404).end()
      return
    }
    const script = `<script>window.benchConfig = ${JSON.stringify(config(origin))}</script>`
    const body = isFile ? content : Buffer.from(content.toString().replace('<!-- config -->', script))
    response.writeHead(200, {
      'content-type': kinds[extname(path)] ?? 'application/octet-stream',
      'content-encoding': 'gzip',
      'cache-control': isFile ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
    response.end(gzipSync(body))
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the app has no port')
  origin = `http://127.0.0.1:${address.port}`
  return {
    origin,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
