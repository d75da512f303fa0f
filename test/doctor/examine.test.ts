import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAsk } from '../../doctor/ask.ts'
import { examine } from '../../doctor/examine.ts'
import { listen } from '../../idp/http-server.ts'
import { startLocalProvider, type LocalProvider } from '../../idp/index.ts'

const origin = 'http://localhost:5173'
const scope = 'openid profile email offline_access'
let provider: LocalProvider
beforeAll(async () => {
  provider = await startLocalProvider({ apps: [origin], dpopNonce: true })
}, 30_000)
afterAll(() => provider.stop())

async function verdicts(change: { origin?: string; redirectUri?: string; authority?: string; clientId?: string } = {}) {
  const { issuer, clientId } = provider
  const subject = { authority: issuer, clientId, redirectUri: `${origin}/callback`, origin, scope, ...change }
  const { findings } = await examine(createAsk({ fetch, timeout: 10_000 }), subject)
  return Object.fromEntries(findings.map(({ id, verdict }) => [id, verdict]))
}

test('a provider that is set up has no problem, though its DPoP wants a nonce', async () => {
  const found = await verdicts()
  expect(new Set(Object.values(found))).toEqual(new Set(['ok']))
  expect(found).toMatchObject({ 'client.public': 'ok', 'client.redirect': 'ok', 'cors.token': 'ok' })
})

test('a redirect URI that is not registered is a problem', async () => {
  expect(await verdicts({ redirectUri: `${origin}/elsewhere` })).toMatchObject({ 'client.redirect': 'problem' })
})

test('an origin that is not allowed is a problem', async () => {
  expect(await verdicts({ origin: 'http://localhost:9999' })).toMatchObject({ 'cors.token': 'problem' })
})

test('a client that nobody registered is a problem', async () => {
  expect(await verdicts({ clientId: 'nobody' })).toMatchObject({
    'client.public': 'problem',
    'client.redirect': 'problem',
  })
})

test('a port where nothing listens ends the examination with a problem', async () => {
  const gone = await listen(0, () => () => Promise.resolve())
  await gone.stop()
  const found = await verdicts({ authority: `http://127.0.0.1:${gone.port}` })
  expect(found).toEqual({ 'authority.address': 'ok', 'discovery.document': 'problem' })
})
