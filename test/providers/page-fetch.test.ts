import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { listen, type HttpServer } from '../../idp/http-server.ts'
import { becomePage, type PageFetch } from './page-fetch.ts'
import { app } from './types.ts'

// These journeys run in Node, whose `fetch` knows no CORS: what a browser would refuse must be refused here, too.
let server: HttpServer | null = null
let page: PageFetch | null = null
afterEach(async () => {
  page?.restore()
  await server?.stop()
})

async function serve(answer: (req: IncomingMessage, res: ServerResponse) => void): Promise<string> {
  server = await listen(0, () => (req, res) => Promise.resolve(answer(req, res)))
  page = becomePage(app)
  return `http://127.0.0.1:${server.port}`
}

const refused = { name: 'TypeError', message: expect.stringContaining('CORS') as string }

test('an answer of another origin is for those whom it allows', async () => {
  const url = await serve((req, res) => {
    if (req.url === '/open') res.setHeader('Access-Control-Allow-Origin', req.headers.origin ?? '')
    if (req.url === '/other') res.setHeader('Access-Control-Allow-Origin', 'http://127.0.0.1:1')
    res.end('{}')
  })
  await expect(fetch(`${url}/open`)).resolves.toMatchObject({ status: 200 })
  await expect(fetch(`${url}/other`)).rejects.toMatchObject(refused)
  await expect(fetch(`${url}/closed`)).rejects.toMatchObject(refused)
})

test('a header beyond the simple ones is asked for ahead', async () => {
  const seen: string[] = []
  const url = await serve((req, res) => {
    seen.push(`${req.method} ${req.url}`)
    res.setHeader('Access-Control-Allow-Origin', app)
    if (req.url === '/open') res.setHeader('Access-Control-Allow-Headers', 'authorization')
    res.end('{}')
  })
  const init = { headers: { Authorization: 'Bearer token' } }
  await expect(fetch(`${url}/open`, init)).resolves.toMatchObject({ status: 200 })
  await expect(fetch(`${url}/closed`, init)).rejects.toMatchObject(refused)
  expect(seen).toEqual(['OPTIONS /open', 'GET /open', 'OPTIONS /closed'])
})

test('a redirect is followed where it allows the page, too', async () => {
  const url = await serve((req, res) => {
    if (req.url !== '/closed') res.setHeader('Access-Control-Allow-Origin', app)
    if (req.url === '/there') res.end('{"here":true}')
    else res.writeHead(301, { Location: '/there' }).end()
  })
  expect(await (await fetch(`${url}/open`)).json()).toEqual({ here: true })
  await expect(fetch(`${url}/closed`)).rejects.toMatchObject(refused)
})

test('of an answer only the headers that are exposed can be read', async () => {
  const url = await serve((_req, res) => {
    res.setHeader('Access-Control-Allow-Origin', app)
    res.setHeader('Access-Control-Expose-Headers', 'DPoP-Nonce')
    res.setHeader('DPoP-Nonce', 'shown')
    res.setHeader('Retry-After', '5')
    res.setHeader('Content-Type', 'application/json')
    res.end('{}')
  })
  const { headers } = await fetch(url)
  expect([headers.get('DPoP-Nonce'), headers.get('Retry-After')]).toEqual(['shown', null])
  expect(headers.get('Content-Type')).toBe('application/json')
})
