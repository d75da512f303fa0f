import { createHash } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LocalProvider } from '../../idp/index.ts'
import { completeAuthorization } from '../support/sign-in-by-http.ts'
import {
  alice,
  authorizationRequest,
  redeem,
  startProvider,
  tokenRequest,
  userApi,
  userApiScope,
  type Tokens,
} from './client.ts'

let provider: LocalProvider
let key: Awaited<ReturnType<typeof generateKeyPair>>
let bound: Required<Tokens>
beforeAll(async () => {
  provider = await startProvider()
  key = await generateKeyPair('ES256')
  const scope = `openid offline_access ${userApiScope}`
  const { url, verifier } = authorizationRequest(provider, { audience: provider.audience, scope })
  const callback = await completeAuthorization(url, alice)
  const response = await redeem(provider, callback, verifier, { dpop: await proof(`${provider.issuer}/oauth/token`) })
  bound = (await response.json()) as Required<Tokens>
})
afterAll(() => provider.stop())

async function proof(target: string, { method = 'POST', token = '', by = key } = {}) {
  const ath = token && createHash('sha256').update(token).digest('base64url')
  return new SignJWT({ htm: method, htu: target, jti: crypto.randomUUID(), ...(ath && { ath }) })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(by.publicKey) })
    .setIssuedAt()
    .sign(by.privateKey)
}

const user = () => `${provider.audience}users/local%7Calice`
const withProof = async (dpop: string) =>
  (await fetch(user(), { headers: { authorization: `DPoP ${bound.access_token}`, dpop } })).status

test('tokens can be bound to a DPoP key, and a renewal needs that key', async () => {
  expect(bound.token_type).toBe('DPoP')
  const parameters = { grant_type: 'refresh_token', refresh_token: bound.refresh_token }
  expect(await (await tokenRequest(provider, parameters)).json()).toMatchObject({ error: 'invalid_grant' })
  const dpop = await proof(`${provider.issuer}/oauth/token`)
  const renewed = await tokenRequest(provider, parameters, { dpop })
  expect(renewed.status).toBe(200)
  bound = (await renewed.json()) as Required<Tokens>
})

test('the user API takes a bound token with a proof for this request', async () => {
  expect(await withProof(await proof(user(), { method: 'GET', token: bound.access_token }))).toBe(200)
})

test('the user API takes a bound token neither as Bearer nor with a proof for something else', async () => {
  expect((await userApi(provider, bound.access_token)).status).toBe(401)
  expect((await userApi(provider, bound.access_token, { scheme: 'DPoP' })).status).toBe(401)
  const token = bound.access_token
  expect(await withProof(await proof(user(), { method: 'PATCH', token }))).toBe(401)
  expect(await withProof(await proof(user(), { method: 'GET' }))).toBe(401)
  expect(await withProof(await proof(`${provider.issuer}/userinfo`, { method: 'GET', token }))).toBe(401)
  const by = await generateKeyPair('ES256')
  expect(await withProof(await proof(user(), { method: 'GET', token, by }))).toBe(401)
  expect(await withProof('no proof')).toBe(401)
})
