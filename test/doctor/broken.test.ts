import { createServer } from 'node:http'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAsk } from '../../doctor/ask.ts'
import { examine } from '../../doctor/examine.ts'
import { betterAuthProvider } from '../providers/better-auth.ts'
import { app } from '../providers/types.ts'

const scope = 'openid profile email offline_access'
const ask = createAsk({ fetch, timeout: 10_000 })

async function verdicts(answer: (issuer: string) => string, { status = 200, date = new Date() } = {}) {
  const server = createServer((req, res) => {
    const discovery = req.url?.includes('.well-known') === true
    res.writeHead(discovery ? status : 401, { Date: date.toUTCString() })
    res.end(discovery ? answer(issuer) : '{"error":"invalid_client"}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  try {
    const { findings } = await examine(ask, {
      scope,
      authority: issuer,
      clientId: 'app',
      redirectUri: `${app}/callback`,
      origin: app,
    })
    return Object.fromEntries(findings.map(({ id, verdict }) => [id, verdict]))
  } finally {
    server.close()
  }
}

const good = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  code_challenge_methods_supported: ['plain'],
})

test('discovery that is missing, or a web page, is a problem', async () => {
  expect(await verdicts(() => '{}', { status: 404 })).toMatchObject({ 'discovery.document': 'problem' })
  expect(await verdicts(() => '<html>')).toMatchObject({ 'discovery.document': 'problem' })
})

test('another issuer is a problem', async () => {
  const found = await verdicts((issuer) => JSON.stringify({ ...good(issuer), issuer: 'https://other.example' }))
  expect(found).toMatchObject({ 'discovery.issuer': 'problem' })
})

test("a slash at the issuer's end, as Auth0 writes it, is none: the session takes both", async () => {
  const found = await verdicts((issuer) => JSON.stringify({ ...good(issuer), issuer: `${issuer}/` }))
  expect(found).toMatchObject({ 'discovery.issuer': 'ok' })
})

test('no S256, no CORS, no keys, a confidential client and a wrong clock are each told', async () => {
  const date = new Date(Date.now() - 600_000)
  expect(await verdicts((issuer) => JSON.stringify(good(issuer)), { date })).toMatchObject({
    'discovery.issuer': 'ok',
    'pkce.supported': 'problem',
    'cors.discovery': 'problem',
    'keys.set': 'problem',
    'client.public': 'problem',
    'clock.difference': 'warning',
  })
})

describe('better-auth', () => {
  let provider: Awaited<ReturnType<typeof betterAuthProvider.start>>
  beforeAll(async () => {
    provider = await betterAuthProvider.start(() => undefined)
  }, 30_000)
  afterAll(() => provider.stop())

  test('has nothing to mend; that it answers scripts with JSON in place of redirects is understood', async () => {
    const subject = { scope, ...provider.options, redirectUri: `${app}/callback`, origin: app }
    const { findings, provider: name } = await examine(ask, subject)
    expect(name).toBe('better-auth')
    const seen = Object.fromEntries(findings.map(({ id, verdict }) => [id, verdict]))
    expect(seen).toMatchObject({
      'discovery.issuer': 'ok',
      'keys.set': 'ok',
      'pkce.supported': 'ok',
      'cors.token': 'ok',
      'client.known': 'ok',
      'client.redirect': 'ok',
      'pkce.demanded': 'ok',
      'login.issuer': 'ok',
      // It looks at the code first, and says the same of an invented client ID.
      'client.public': 'unknown',
      'logout.revocation': 'ok',
      'cors.revocation': 'ok',
      'dpop.supported': 'ok',
    })
  })
})
