import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalProvider } from '../../idp/index.ts'
import { browse, completeAuthorization, createCookieJar } from '../support/sign-in-by-http.ts'
import { alice, app, authorizationRequest, renewal, signIn, startProvider } from './client.ts'

let provider: LocalProvider
beforeAll(async () => {
  provider = await startProvider({ endSession: false, revocation: false })
})
afterAll(() => provider.stop())

const logoutUrl = (parameters: Record<string, string>) =>
  `${provider.issuer}/v2/logout?${new URLSearchParams(parameters).toString()}`
const back = () => ({ client_id: provider.clientId, returnTo: `${app}/` })
const isSignedIn = async (jar: ReturnType<typeof createCookieJar>) => {
  const { url } = authorizationRequest(provider, { prompt: 'none' })
  return !(await completeAuthorization(url, alice, jar)).includes('login_required')
}

test('endpoints that are left out are in no discovery document, and not there', async () => {
  const discovered = await fetch(`${provider.issuer}/.well-known/openid-configuration`)
  expect(Object.keys((await discovered.json()) as object).filter((key) => /revocation|end_session/.test(key))).toEqual(
    [],
  )
  const { page } = await browse(`${provider.issuer}/oidc/logout`, createCookieJar())
  expect(page?.status).toBe(404)
  expect((await fetch(`${provider.issuer}/oauth/revoke`, { method: 'POST' })).status).toBe(404)
})

describe("Auth0's /v2/logout", () => {
  test('ends the session of this browser and no other, comes back to the app, and revokes nothing', async () => {
    const jar = createCookieJar()
    const other = createCookieJar()
    const { refresh_token } = await signIn(provider, { jar })
    await signIn(provider, { jar: other })
    expect(await isSignedIn(jar)).toBe(true)
    expect((await browse(logoutUrl(back()), jar)).callback).toBe(`${app}/`)
    expect(await isSignedIn(jar)).toBe(false)
    expect(await isSignedIn(other)).toBe(true)
    expect((await renewal(provider, refresh_token)).status).toBe(200)
  })

  test('comes back to the first registered address when none is asked for, and without a session as well', async () => {
    expect((await browse(logoutUrl({ client_id: provider.clientId }), createCookieJar())).callback).toBe(`${app}/`)
    expect((await browse(logoutUrl({ returnTo: `${app}/` }), createCookieJar())).callback).toBe(`${app}/`)
  })

  test.each([
    ['an address that is not registered', { returnTo: 'http://evil.example/' }],
    ['a path that is not registered', { returnTo: `${app}/callback` }],
    ['an app that is not known', { client_id: 'someone-else' }],
  ])('with %s goes nowhere, and the session stays', async (_, asked) => {
    const jar = createCookieJar()
    await signIn(provider, { jar })
    expect((await browse(logoutUrl({ ...back(), ...asked }), jar)).page?.status).toBe(400)
    expect(await isSignedIn(jar)).toBe(true)
  })
})
