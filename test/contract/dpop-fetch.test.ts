import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Session } from '../../services/index.ts'
import { watchRequests, type SentRequest } from '../support/proofs.ts'
import { createWorld, renewalsAt, statusOf, type World } from './world.ts'

/** A resource server that wants the nonce it gave last. */
let server: Server
let api: string
let nonce: string | null
let bodies: string[]
/** Tokens that it takes no more, as they come in `Authorization`. */
let isRefused: (authorization: string) => boolean
let world: World
let session: Session
let sent: SentRequest[]

beforeEach(async () => {
  world = await createWorld()
  bodies = []
  nonce = 'n1'
  isRefused = () => false
  server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString())
      const { dpop = '', authorization = '' } = incoming.headers
      const [, payload = ''] = String(dpop).split('.')
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as { readonly nonce?: string }
      const isFine = !isRefused(authorization) && (nonce === null || claims.nonce === nonce)
      response.writeHead(isFine ? 200 : 401, nonce === null ? {} : { 'DPoP-Nonce': nonce })
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Node's types cannot know that it listens on a port.
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  session = await world.logIn(world.tab(), { dpop: true, allowedOrigins: [api], metadata: null })
  sent = watchRequests()
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await world.close()
})

const post = (body = 'one lamp') => session.fetch(`${api}/orders?x=1`, { method: 'POST', body })
const toApi = () => sent.filter(({ url }) => url.startsWith(api)).map(({ status, proof }) => [status, proof?.['nonce']])

test('a nonce that is asked for is sent, with the body, and kept for the next request', async () => {
  expect((await post()).status).toBe(200)
  expect((await post()).status).toBe(200)
  expect(toApi()).toEqual([
    [401, undefined],
    [200, 'n1'],
    [200, 'n1'],
  ])
  expect(bodies).toEqual(['one lamp', 'one lamp', 'one lamp'])
  expect(renewalsAt(world.provider)).toBe(0)
})

test('a new nonce in a good answer is used from then on', async () => {
  await post()
  nonce = 'n2'
  await post()
  expect(toApi().slice(2)).toEqual([
    [401, 'n1'],
    [200, 'n2'],
  ])
  expect(renewalsAt(world.provider)).toBe(0)
})

test('a token that is refused is renewed after that, once, and the body is sent again', async () => {
  await post()
  const first = sent.at(-1)?.authorization ?? ''
  expect(first).toMatch(/^DPoP /)
  isRefused = (authorization) => authorization === first
  expect((await post('two lamps')).status).toBe(200)
  expect(renewalsAt(world.provider)).toBe(1)
  expect(bodies.slice(2)).toEqual(['two lamps', 'two lamps'])
})

test('an API that refuses whatever comes, with ever new nonces, is asked four times, and its 401 is the answer', async () => {
  let count = 0
  isRefused = () => {
    count += 1
    nonce = `n${count + 1}`
    return true
  }
  expect((await post()).status).toBe(401)
  expect(toApi()).toHaveLength(4)
  expect(renewalsAt(world.provider)).toBe(1)
  expect(statusOf(session)).toBe('signedIn')
})

test('an API without nonces is asked once', async () => {
  nonce = null
  expect((await post()).status).toBe(200)
  expect(toApi()).toEqual([[200, undefined]])
})

test('nonces are of one origin each', async () => {
  await post()
  const other = api.replace('127.0.0.1', 'localhost')
  await expect(session.fetch(`${other}/x`)).rejects.toMatchObject({ code: 'origin_refused' })
  await session.getAccessToken({ forceRenewal: true })
  expect(sent.find(({ url }) => url.endsWith('/oauth/token'))?.proof?.['nonce']).toBeUndefined()
})
