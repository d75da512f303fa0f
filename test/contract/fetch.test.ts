import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, expectStatus, issuedTo, patience, renewalsAt, statusOf, type World } from './world.ts'

interface Heard {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

let world: World
let server: Server
let api: string
let heard: Heard[]
/** Access tokens that the resource server does not take. */
let refused: Set<string>

beforeEach(async () => {
  world = await createWorld()
  heard = []
  refused = new Set()
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { authorization } = request.headers
      heard.push({ path: request.url ?? '', authorization, body })
      response.writeHead(refused.has(authorization ?? '') ? 401 : 200, { 'Content-Type': 'application/json' })
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Node's types cannot know that it listens on a port.
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await world.close()
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
const bearer = (index: number): string => `Bearer ${issuedTo(world.provider, 'access_token').at(index) ?? ''}`

test('the token goes to an origin that the app allows, whatever form the request has', async () => {
  const session = await world.logIn(world.tab(), { allowedOrigins: [api] })
  await session.fetch(`${api}/text`)
  await session.fetch(new URL(`${api}/url`))
  await session.fetch(new Request(`${api}/request`, { headers: { Authorization: 'Basic abc' } }))
  expect(heard.map(({ path, authorization }) => [path, authorization])).toEqual([
    ['/text', bearer(0)],
    ['/url', bearer(0)],
    ['/request', bearer(0)],
  ])
})

test('the token goes nowhere else, and the request neither', async () => {
  const session = await world.logIn(world.tab())
  for (const address of [api, `${api.replace('127.0.0.1', 'localhost')}/x`, 'https://evil.example/', 'data:,x'])
    await expect(session.fetch(address)).rejects.toMatchObject({ code: 'origin_refused' })
  await expect(session.fetch(`${api}/x`)).rejects.toThrow(/allowedOrigins/)
  expect(heard).toEqual([])
})

test('a relative address is of the page as it is now', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab)
  const asked: string[] = []
  const { fetch } = globalThis
  globalThis.fetch = (input) => {
    asked.push(input instanceof Request ? input.url : String(input))
    return Promise.resolve(new Response())
  }
  try {
    await session.fetch('/api/orders')
    tab.address.replace('/shop/cart/')
    await session.fetch('items')
  } finally {
    globalThis.fetch = fetch
  }
  expect(asked).toEqual(['http://127.0.0.1:4999/api/orders', 'http://127.0.0.1:4999/shop/cart/items'])
})

test('on 401 the token is renewed once, and the request is sent again with its body', async () => {
  const session = await world.logIn(world.tab(), { allowedOrigins: [api] })
  refused.add(bearer(0))
  const response = await session.fetch(`${api}/orders`, { method: 'POST', body: 'one lamp' })
  expect(response.status).toBe(200)
  expect(heard).toEqual([
    { path: '/orders', authorization: bearer(0), body: 'one lamp' },
    { path: '/orders', authorization: bearer(1), body: 'one lamp' },
  ])
  expect(bearer(1)).not.toBe(bearer(0))
  expect(renewalsAt(world.provider)).toBe(1)
  await expectStatus(session, 'signedIn')
})

test('many that are refused at once share one renewal', async () => {
  const session = await world.logIn(world.tab(), { allowedOrigins: [api] })
  refused.add(bearer(0))
  const responses = await Promise.all(Array.from({ length: 20 }, (_, index) => session.fetch(`${api}/${index}`)))
  expect(responses.every(({ status }) => status === 200)).toBe(true)
  expect(renewalsAt(world.provider)).toBe(1)
})

test('an answer that stays 401 is the answer', async () => {
  const session = await world.logIn(world.tab(), { allowedOrigins: [api] })
  const always = { has: () => true } as unknown as Set<string>
  refused = always
  const response = await session.fetch(`${api}/orders`)
  expect(response.status).toBe(401)
  expect(await response.text()).toBe('{}')
  expect(heard).toHaveLength(2)
  expect(statusOf(session)).toBe('signedIn')
})

test('without a refresh token the 401 is the answer, and the session stays', async () => {
  const session = await world.logIn(world.tab(), { scope: 'openid', allowedOrigins: [api] })
  refused.add(bearer(0))
  expect((await session.fetch(`${api}/orders`)).status).toBe(401)
  expect(statusOf(session)).toBe('signedIn')
})

test('nobody signed in: no request', async () => {
  const session = world.open(world.tab(), { allowedOrigins: [api] })
  await expect(session.fetch(`${api}/orders`)).rejects.toMatchObject({ code: 'no_credentials' })
  expect(heard).toEqual([])
})

test('a caller who gives up while the token is renewed sends nothing', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab, { allowedOrigins: [api] })
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 100 })
  tab.offset = 310_000
  const giving = new AbortController()
  const response = session.fetch(`${api}/orders`, { signal: giving.signal })
  await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
  giving.abort()
  await expect(response).rejects.toMatchObject({ code: 'aborted' })
  await session.getAccessToken()
  expect(heard).toEqual([])
})
