import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalProvider } from '../../idp/index.ts'
import { app, signInForUserApi, startProvider, tokenRequest } from './client.ts'

let provider: LocalProvider
let accessToken: string
beforeAll(async () => {
  provider = await startProvider()
  accessToken = (await signInForUserApi(provider)).access_token
})
afterAll(() => provider.stop())

const paths = ['/oauth/token', '/oauth/revoke', '/userinfo', '/api/v2/users/local%7Calice']
const preflight = (path: string, origin: string) =>
  fetch(provider.issuer + path, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' },
  })

describe('CORS', () => {
  test.for(paths)('the preflight of the app is answered at %s', async (path) => {
    const { status, headers } = await preflight(path, app)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(app)
    expect(headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(headers.get('access-control-allow-headers')).toContain('DPoP')
  })

  test.for(paths)('the preflight of another origin is refused at %s', async (path) => {
    for (const origin of ['http://evil.example', 'http://127.0.0.1:4401', 'null']) {
      const { status, headers } = await preflight(path, origin)
      expect(status).toBe(403)
      expect(headers.has('access-control-allow-origin')).toBe(false)
    }
  })

  test('the app may read errors, rate limits and whom to authenticate to', async () => {
    const response = await fetch(`${provider.issuer}/api/v2/users/local%7Calice`, {
      headers: { origin: app, authorization: `Bearer ${accessToken}` },
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe(app)
    for (const name of [
      'X-RateLimit-Limit',
      'X-RateLimit-Remaining',
      'X-RateLimit-Reset',
      'Retry-After',
      'WWW-Authenticate',
    ]) {
      expect(response.headers.get('access-control-expose-headers')).toContain(name)
    }
    const refused = await fetch(`${provider.issuer}/userinfo`, { headers: { origin: app } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, app])
  })

  test('another origin gets no header, and at the token endpoint a 400', async () => {
    const origin = 'http://evil.example'
    const token = await tokenRequest(provider, { grant_type: 'refresh_token', refresh_token: 'x' }, { origin })
    expect(token.status).toBe(400)
    expect(token.headers.has('access-control-allow-origin')).toBe(false)
    const headers = { origin, authorization: `Bearer ${accessToken}` }
    const api = await fetch(`${provider.issuer}/api/v2/users/local%7Calice`, { headers })
    expect(api.headers.has('access-control-allow-origin')).toBe(false)
  })

  test('discovery and keys are open, as everywhere', async () => {
    for (const path of ['openid-configuration', 'jwks.json']) {
      const headers = { origin: 'http://other.example' }
      const response = await fetch(`${provider.issuer}/.well-known/${path}`, { headers })
      expect(response.headers.get('access-control-allow-origin')).toBe('http://other.example')
    }
  })
})
