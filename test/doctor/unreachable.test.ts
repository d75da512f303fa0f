import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createSocketServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createAsk } from '../../doctor/ask.ts'
import { examine } from '../../doctor/examine.ts'
import { certificateFor } from './certificate.ts'

// What stands in the way of the first answer, or comes in its place.

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets = new Set<{ destroy(): void }>()
  for (const event of ['connection', 'secureConnection'])
    server.on(event, (socket: { destroy(): void }) => sockets.add(socket))
  stops.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

async function told(authority: string, { timeout = 10_000, send = fetch } = {}) {
  const origin = 'http://localhost:5173'
  const subject = { authority, clientId: 'app', redirectUri: `${origin}/callback`, origin, scope: 'openid' }
  const { findings, requests } = await examine(createAsk({ fetch: send, timeout }), subject)
  const { id, verdict, seen, set = '' } = findings[0] ?? {}
  return { id, verdict, seen, set, requests }
}

const problem = (seen: unknown, set: unknown, requests = 1) => ({
  ...{ id: 'discovery.document', verdict: 'problem', requests },
  seen: expect.stringContaining(String(seen)),
  set: expect.stringContaining(String(set)),
})

const yesterday = new Date(Date.now() - 86_400_000)
test.each<[string, Parameters<typeof certificateFor>, string, string]>([
  ['nobody else has signed', ['localhost'], 'is signed by nobody whom Node trusts', 'NODE_EXTRA_CA_CERTS'],
  ['has expired', ['localhost', yesterday], 'The TLS certificate of localhost has expired.', 'Renew it at the server'],
])('a certificate that %s is told as that', async (_words, certificate, seen, set) => {
  const port = await portOf(createTlsServer(certificateFor(...certificate)))
  expect(await told(`https://localhost:${port}`)).toEqual(problem(seen, set))
})

test('https where http is spoken, http where TLS is spoken, and something else altogether', async () => {
  const plain = await portOf(createServer())
  expect(await told(`https://127.0.0.1:${plain}`)).toEqual(problem('does not speak TLS', 'begin the address with http'))
  const sealed = await portOf(createTlsServer(certificateFor('localhost')))
  expect(await told(`http://127.0.0.1:${sealed}`)).toEqual(problem('without an answer', 'https where http is meant'))
  const mail = await portOf(
    createSocketServer((socket) => socket.on('error', () => undefined).end('220 mail.example ESMTP\r\n')),
  )
  expect(await told(`http://127.0.0.1:${mail}`)).toEqual(problem('does not speak HTTP', 'Correct the port'))
})

test('a host that is not there', async () => {
  expect(await told('https://provider.invalid')).toMatchObject({
    id: 'discovery.document',
    seen: expect.stringMatching(/provider\.invalid.*\(DNS\)/),
  })
})

async function answering(listener: RequestListener) {
  return `http://127.0.0.1:${await portOf(createServer(listener))}`
}

test('an answer that never ends is left when it is larger than anyone needs, long before the timeout', async () => {
  let [sent, isOver] = [0, false]
  const authority = await answering((_req, res) => {
    res.setHeader('Content-Type', 'application/json')
    const more = () => {
      while (!isOver && res.write(Buffer.alloc(64_000, ' '))) sent += 64_000
    }
    res.on('drain', more).on('close', () => (isOver = true))
    more()
  })
  const started = Date.now()
  expect(await told(authority, { timeout: 60_000 })).toEqual(
    problem('is answered with 200 application/json of more than 1 MB, not with a JSON object', 'Give the issuer'),
  )
  expect(Date.now() - started).toBeLessThan(20_000)
  expect(sent).toBeLessThan(20_000_000)
})

test('an answer that drips is left at the timeout', async () => {
  const authority = await answering((_req, res) => {
    const drip = setInterval(() => res.write(' '), 20)
    res.on('close', () => clearInterval(drip))
  })
  expect(await told(authority, { timeout: 300 })).toEqual(problem('No answer from 127.0.0.1 within 0.3 s', '--timeout'))
})

test.each([
  ['https://alice:looking-glass@id.example', 'It holds a user name or a password.'],
  ['alice:looking-glass@id.example', 'user name'],
  ['https://alice:looking-glass@id.example:99999', 'user name'],
  ['https:/alice:looking-glass@id.example', 'user name'],
  ['https://id.example/?tenant=a', 'holds a query or a fragment'],
  ['http://id.example', 'neither https nor on this machine'],
  ['file:///etc/passwd', 'neither https nor on this machine'],
  ['id.example', 'is no URL'],
])('%s is no address to ask, and nobody is asked', async (authority, seen) => {
  const found = await told(authority)
  expect(found).toMatchObject({ id: 'authority.address', verdict: 'problem', requests: 0 })
  expect(found.seen).toContain(seen)
  expect(JSON.stringify(found)).not.toContain('looking-glass')
})
