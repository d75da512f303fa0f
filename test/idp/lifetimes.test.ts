import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LocalProvider, LocalProviderOptions } from '../../idp/index.ts'
import { browse, completeAuthorization, createCookieJar } from '../support/sign-in-by-http.ts'
import { alice, app, authorizationRequest, renew, renewal, signIn, startProvider, userinfo } from './client.ts'

// Only the date stands still, and the provider counts by dates: no test waits.
let running: LocalProvider[] = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 23) }))
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(running.map((provider) => provider.stop()))
  running = []
})
const start = async (options: Partial<LocalProviderOptions>) => {
  const provider = await startProvider(options)
  running.push(provider)
  return provider
}
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
const now = () => Date.now() / 1000
const tenYears = 10 * 365 * 24 * 60 * 60

describe('access tokens', () => {
  test.for([1, 2, 300, 24 * 60 * 60, tenYears])(
    'of %i s end to the second, and can be renewed after',
    async (lifetime) => {
      const provider = await start({ tokenLifetime: lifetime })
      const { access_token, refresh_token, expires_in } = await signIn(provider)
      expect(expires_in).toBe(lifetime)
      pass(lifetime - 1)
      expect((await userinfo(provider, access_token)).status).toBe(200)
      pass(1)
      expect((await userinfo(provider, access_token)).status).toBe(401)
      const renewed = await renew(provider, refresh_token)
      expect(renewed.expires_in).toBe(lifetime)
      expect((await userinfo(provider, renewed.access_token)).status).toBe(200)
    },
  )

  test.for([0, -1, 0.5, Number.NaN, Infinity, 11 * 366 * 24 * 60 * 60])(
    'of %d s are refused',
    async (tokenLifetime) => {
      await expect(start({ tokenLifetime })).rejects.toThrow('tokenLifetime')
    },
  )
})

describe('session_expiry', () => {
  const expiryIn = ({ id_token }: { id_token: string }) => decodeJwt(id_token)['session_expiry']

  test('is in no ID token unless it was asked for', async () => {
    expect(expiryIn(await signIn(await start({})))).toBeUndefined()
  })

  test('counts from the login and stays the same in renewals, until the next login', async () => {
    const provider = await start({ sessionExpiry: 3600 })
    const first = await signIn(provider)
    const expiry = now() + 3600
    expect(expiryIn(first)).toBe(expiry)
    pass(600)
    const second = await renew(provider, first.refresh_token)
    expect(expiryIn(second)).toBe(expiry)
    pass(600)
    expect(expiryIn(await renew(provider, second.refresh_token))).toBe(expiry)
    expect(expiryIn(await signIn(provider))).toBe(expiry + 1200)
  })

  test('is not in userinfo', async () => {
    const provider = await start({ sessionExpiry: 3600 })
    const { access_token } = await signIn(provider)
    expect(await (await userinfo(provider, access_token)).json()).not.toHaveProperty('session_expiry')
  })

  test('stays the same for a login without a password, and at the end the password is asked for again', async () => {
    const provider = await start({ sessionExpiry: 3600 })
    const jar = createCookieJar()
    const first = await signIn(provider, { jar })
    pass(3599)
    expect(expiryIn(await signIn(provider, { jar, extra: { prompt: 'none' } }))).toBe(expiryIn(first))
    pass(1)
    const silent = authorizationRequest(provider, { prompt: 'none' }).url
    expect(await completeAuthorization(silent, alice, jar)).toContain(`${app}/callback?error=login_required`)
    expect((await browse(authorizationRequest(provider).url, jar)).page?.html).toContain(
      'Please confirm that it is you',
    )
    expect(expiryIn(await signIn(provider, { jar }))).toBe(now() + 3600)
  })

  test('ends no refresh token: it is the app that has to end its session', async () => {
    const provider = await start({ sessionExpiry: 3600 })
    const { refresh_token } = await signIn(provider)
    pass(7200)
    expect((await renewal(provider, refresh_token)).status).toBe(200)
  })

  test('that is no time is refused', async () => {
    for (const sessionExpiry of [0, -1, 1.5]) await expect(start({ sessionExpiry })).rejects.toThrow('sessionExpiry')
  })
})
