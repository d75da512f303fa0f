import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadConfig, parseConfig, StartProblem } from '../../ui/app/config.ts'

const config = {
  authority: 'http://127.0.0.1:4401',
  clientId: 'demo',
  redirectUri: 'http://127.0.0.1:4400/callback',
  audience: 'http://127.0.0.1:4401/api/v2/',
  tokenLifetime: 300,
}

const answer = (body: BodyInit, status = 200, type = 'application/json') =>
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status, headers: { 'Content-Type': type } })))

const problem = async (): Promise<StartProblem> => {
  const error: unknown = await loadConfig().then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof StartProblem)) throw new Error('loadConfig was expected to fail with a StartProblem')
  return error
}

afterEach(() => vi.unstubAllGlobals())

describe('the demo’s configuration', () => {
  it('is taken as the server tells it, and nothing else with it', async () => {
    answer(JSON.stringify({ ...config, more: 1 }))
    expect(await loadConfig()).toEqual({ ...config, vault: 'encrypted', dpop: false, idleTimeout: 1_800 })
    expect(parseConfig({ ...config, idleTimeout: 60 }).idleTimeout).toBe(60)
  })

  it('takes a vault and DPoP where they are told', () => {
    expect(parseConfig({ ...config, vault: 'local', dpop: true })).toMatchObject({ vault: 'local', dpop: true })
  })

  it('may say how the provider is asked silently', () => {
    expect(parseConfig({ ...config, silentLogin: 'iframe' })).toMatchObject({ ...config, silentLogin: 'iframe' })
  })

  it.each([
    [{ ...config, vault: 'toString', dpop: 'yes' }, /vault, dpop/],
    [{ ...config, silentLogin: 'loud' }, /silentLogin/],
    [{ ...config, authority: undefined }, /authority/],
    [{ ...config, clientId: '', tokenLifetime: 0 }, /clientId, tokenLifetime/],
    [{ ...config, idleTimeout: '60' }, /idleTimeout/],
    [null, /authority, clientId, redirectUri, audience, tokenLifetime/],
    [[config], /authority/],
  ])('names what is missing: %j', (told, words) => {
    expect(() => parseConfig(told)).toThrow(words)
  })

  it('says what to do when a page comes instead', async () => {
    answer('<!doctype html>', 200, 'text/html')
    const { message, advice } = await problem()
    expect(message).toMatch(/page instead of JSON/)
    expect(advice).toMatch(/npm start/)
  })

  it('says so when it is not there, broken, or nobody answers', async () => {
    answer('{}', 404)
    expect((await problem()).message).toMatch(/404/)
    answer('{"authority":')
    expect((await problem()).title).toMatch(/broken/)
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    expect((await problem()).title).toMatch(/does not answer/)
  })

  it('tells that the provider is still starting', async () => {
    answer('{"error":"starting"}', 503)
    expect((await problem()).title).toMatch(/still starting/)
  })
})
