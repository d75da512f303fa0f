import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import type { LocalProvider } from '../../idp/index.ts'
import { completeAuthorization, createCookieJar } from '../support/sign-in-by-http.ts'
import {
  alice,
  authorizationRequest,
  redeem,
  renew,
  renewal,
  revoke,
  signIn,
  startProvider,
  tokenRequest,
  userinfo,
} from './client.ts'

let provider: LocalProvider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.stop())

describe('login with code and PKCE', () => {
  test('answers the app with code, state and its own name (RFC 9207)', async () => {
    const callback = new URL(await completeAuthorization(authorizationRequest(provider).url, alice))
    expect(callback.origin + callback.pathname).toBe('http://127.0.0.1:4400/callback')
    expect(callback.searchParams.get('code')).toBeTruthy()
    expect(callback.searchParams.get('state')).toBe('some-state')
    expect(callback.searchParams.get('iss')).toBe(provider.issuer)
  })

  test('gives an access token, a refresh token without consent page, and an ID token that holds the profile', async () => {
    const tokens = await signIn(provider)
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'openid profile email offline_access',
    })
    expect(tokens.refresh_token).toBeTruthy()
    const keys = createRemoteJWKSet(new URL(`${provider.issuer}/.well-known/jwks.json`))
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token, keys, {
      issuer: provider.issuer,
      audience: provider.clientId,
    })
    expect(protectedHeader.alg).toBe('RS256')
    expect(payload).toMatchObject({
      sub: 'local|alice',
      nonce: 'some-nonce',
      name: 'Alice Appleton',
      email: 'alice@example.com',
    })
  })

  test('gives the whole profile at userinfo, with a picture that can be fetched', async () => {
    const { access_token } = await signIn(provider)
    const claims = (await (await userinfo(provider, access_token)).json()) as Record<string, string>
    expect(claims).toEqual({
      sub: 'local|alice',
      name: 'Alice Appleton',
      given_name: 'Alice',
      family_name: 'Appleton',
      nickname: 'alice',
      email: 'alice@example.com',
      email_verified: true,
      locale: 'en-GB',
      picture: `${provider.issuer}/pictures/alice.svg`,
      updated_at: expect.any(Number),
    })
    const picture = await fetch(claims['picture'] ?? '')
    expect(picture.headers.get('content-type')).toBe('image/svg+xml')
  })

  test('gives no refresh token to a login without offline_access', async () => {
    const tokens = await signIn(provider, { extra: { scope: 'openid' } })
    expect(tokens.refresh_token).toBeUndefined()
  })

  test('refuses a request without PKCE, and a code with another verifier', async () => {
    const { url } = authorizationRequest(provider)
    url.searchParams.delete('code_challenge')
    url.searchParams.delete('code_challenge_method')
    const callback = new URL(await completeAuthorization(url, alice))
    expect(callback.searchParams.get('error')).toBe('invalid_request')
    const request = authorizationRequest(provider)
    const response = await redeem(provider, await completeAuthorization(request.url, alice), `${request.verifier}x`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('ends what a code gave when the code is redeemed again', async () => {
    const { url, verifier } = authorizationRequest(provider)
    const callback = await completeAuthorization(url, alice)
    const first = (await (await redeem(provider, callback, verifier)).json()) as { refresh_token: string }
    expect(await (await redeem(provider, callback, verifier)).json()).toMatchObject({ error: 'invalid_grant' })
    expect((await renewal(provider, first.refresh_token)).status).toBe(400)
  })
})

describe('renewal', () => {
  test('rotates the refresh token and keeps who it is for', async () => {
    const first = await signIn(provider)
    const second = await renew(provider, first.refresh_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(second.access_token).not.toBe(first.access_token)
    expect(decodeJwt(second.id_token).sub).toBe('local|alice')
    expect((await userinfo(provider, second.access_token)).status).toBe(200)
  })

  test('a replayed refresh token is an invalid_grant and ends its whole family', async () => {
    const first = await signIn(provider)
    const second = await renew(provider, first.refresh_token)
    const replayed = await renewal(provider, first.refresh_token)
    expect(replayed.status).toBe(400)
    expect(await replayed.json()).toMatchObject({ error: 'invalid_grant' })
    expect((await userinfo(provider, second.access_token)).status).toBe(401)
    expect(await (await renewal(provider, second.refresh_token)).json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('of two renewals at the same moment one wins, and then both are lost', async () => {
    const { refresh_token } = await signIn(provider)
    const responses = await Promise.all([renewal(provider, refresh_token), renewal(provider, refresh_token)])
    expect(responses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400])
    const winner = responses.find(({ ok }) => ok)
    const tokens = (await winner?.json()) as { refresh_token: string }
    expect((await renewal(provider, tokens.refresh_token)).status).toBe(400)
  })

  test('a replay ends a later login of the same provider session too, and spares that of another', async () => {
    const jar = createCookieJar()
    const first = await signIn(provider, { jar })
    const later = await signIn(provider, { jar })
    const elsewhere = await signIn(provider)
    await renew(provider, first.refresh_token)
    await renewal(provider, first.refresh_token)
    expect((await renewal(provider, later.refresh_token)).status).toBe(400)
    expect((await renewal(provider, elsewhere.refresh_token)).status).toBe(200)
  })

  test('refuses a refresh token of nobody, and an unknown client', async () => {
    expect(await (await renewal(provider, 'unheard-of')).json()).toMatchObject({ error: 'invalid_grant' })
    const response = await tokenRequest(provider, {
      grant_type: 'refresh_token',
      refresh_token: 'x',
      client_id: 'nobody',
    })
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })
})

describe('access tokens', () => {
  test('end when they say, to the second', async () => {
    const brief = await startProvider({ tokenLifetime: 1 })
    try {
      const { access_token, expires_in, refresh_token } = await signIn(brief)
      expect(expires_in).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      expect((await userinfo(brief, access_token)).status).toBe(401)
      expect((await renewal(brief, refresh_token)).status).toBe(200)
    } finally {
      await brief.stop()
    }
  })
})

describe('revocation', () => {
  test('of a refresh token answers 200 with an empty text body and ends the tokens', async () => {
    const tokens = await signIn(provider)
    const response = await revoke(provider, tokens.refresh_token)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).toBe('')
    expect((await renewal(provider, tokens.refresh_token)).status).toBe(400)
    expect((await userinfo(provider, tokens.access_token)).status).toBe(401)
  })

  test('of an unknown token answers 200 as well', async () => {
    expect((await revoke(provider, 'unheard-of')).status).toBe(200)
  })
})
