import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LoginRequest, Session } from '../../services/index.ts'
import { cancelAuthorization, completeAuthorization } from '../support/sign-in-by-http.ts'
import type { Tab } from '../support/tab.ts'
import {
  alice,
  createWorld,
  expectStatus,
  failedLogin,
  origin,
  patience,
  problemOf,
  reasonOf,
  statusOf,
  type Options,
  type World,
} from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** Starts a login by redirect and stops before the provider's page. */
async function setOut(tab: Tab, request: LoginRequest = {}, options: Options = {}): Promise<string> {
  const session = world.open(tab, options)
  await session.ready
  const gone = tab.visited.length
  session.send({ type: 'login', ...request })
  await expect.poll(() => tab.visited.length, patience).toBe(gone + 1)
  await world.leave(session)
  return tab.visited[gone] ?? ''
}

async function arrive(tab: Tab, callback: string): Promise<Session> {
  tab.arrive(callback)
  const session = world.open(tab)
  await expect.poll(() => statusOf(session), patience).toMatch(/signedOut|signedIn/)
  return session
}

describe('a login by redirect', () => {
  test('P14 what the app asks of the provider is in the address, with PKCE, state and nonce', async () => {
    const address = await setOut(world.tab(), {
      prompt: 'login',
      loginHint: 'alice',
      uiLocales: 'de',
      acrValues: 'urn:mfa',
      maxAge: 60,
      extraParams: { connection: 'staff' },
    })
    const { searchParams: asked } = new URL(address)
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      prompt: 'login',
      login_hint: 'alice',
      ui_locales: 'de',
      acr_values: 'urn:mfa',
      max_age: '60',
      connection: 'staff',
      audience: world.provider.audience,
      code_challenge_method: 'S256',
    })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThan(20)
  })

  test.each(['login.cancel', 'logout'] as const)(
    'that ended by %s before it left does not take the page away later',
    async (type) => {
      const tab = world.tab()
      world.provider.faults.add({ endpoint: 'discovery', kind: 'delay', delay: 1_000 })
      const session = world.open(tab, { metadata: null })
      await session.ready
      session.send({ type: 'login' })
      await expect.poll(() => world.provider.requests.count({ endpoint: 'discovery' }), patience).toBe(1)
      session.send({ type })
      await expectStatus(session, 'signedOut')
      const answered = () => world.provider.requests.count({ endpoint: 'discovery', status: 200 })
      await expect.poll(answered, patience).toBe(1)
      // The request is ready, and the page would leave in the next moment.
      const isReady = () => [...entriesOf(tab.localStorage)].some(([key]) => key.startsWith('sessionchart.signin.'))
      await expect.poll(isReady, patience).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(tab.visited).toEqual([])
    },
  )

  test('P16 the app hears where the person wanted to go', async () => {
    const tab = world.tab()
    const callback = await completeAuthorization(await setOut(tab, { returnTo: '/orders?page=2#last' }), alice)
    tab.arrive(callback)
    const session = world.open(tab)
    const went: unknown[] = []
    session.on('login.completed', (fact) => went.push(fact.returnTo))
    await expect.poll(() => went, patience).toEqual(['/orders?page=2#last'])
  })

  test('P16 a place outside of this origin is refused before anyone leaves', async () => {
    for (const returnTo of ['https://evil.example/', '//evil.example/', 'javascript:alert(1)', '\\\\evil.example']) {
      const session = await failedLogin(world, { returnTo })
      expect(problemOf(session)).toMatchObject({ code: 'invalid_option' })
      expect(problemOf(session)?.message).toContain('returnTo')
    }
  })

  // A path that begins with two slashes names another host to whoever goes there.
  test.each(['/.//evil.example/', `${origin}//evil.example/`])(
    'P16 a place of this origin stays one on the way back: %s',
    async (returnTo) => {
      const tab = world.tab()
      tab.arrive(await completeAuthorization(await setOut(tab, { returnTo }), alice))
      const session = world.open(tab)
      const went: string[] = []
      session.on('login.completed', (fact) => went.push(new URL(fact.returnTo ?? '', origin).href))
      await expect.poll(() => went, patience).toEqual([`${origin}//evil.example/`])
    },
  )

  test('P15 the address is cleaned of the answer alone, whatever else the app keeps there', async () => {
    const tab = world.tab()
    const callback = await completeAuthorization(await setOut(tab), alice)
    const session = await arrive(tab, `${callback}&tenant=north#top`)
    expect(statusOf(session)).toBe('signedIn')
    expect(tab.address.href()).toBe(`${origin}/callback?tenant=north#top`)
  })

  test('P15 a response that was used is an error one can go on from, and does not touch the session', async () => {
    const tab = world.tab()
    const callback = await completeAuthorization(await setOut(tab), alice)
    const session = await arrive(tab, callback)
    expect(statusOf(session)).toBe('signedIn')
    await world.leave(session)
    const asked = world.provider.requests.count({ endpoint: 'token' })
    tab.arrive(callback)
    const again = world.open(tab)
    const failed: string[] = []
    again.on('login.failed', ({ problem }) => failed.push(problem.code))
    await expect.poll(() => failed, patience).toEqual(['unknown_response'])
    await expectStatus(again, 'signedIn')
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(asked)
    await expect(again.getAccessToken({ forceRenewal: true })).resolves.toBeTypeOf('string')
  })

  test('P15 a page that is opened and thrown away at once does not use up the response', async () => {
    const tab = world.tab()
    tab.arrive(await completeAuthorization(await setOut(tab), alice))
    await world.leave(world.open(tab))
    const next = world.open(tab)
    await expectStatus(next, 'signedIn')
    expect(problemOf(next)).toBeNull()
  })

  test('P15 P22 a page that goes away in the middle of the exchange leaves the login to the next one', async () => {
    const tab = world.tab()
    tab.arrive(await completeAuthorization(await setOut(tab), alice))
    world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 150 })
    const first = world.open(tab)
    await expect.poll(() => world.provider.requests.count({ endpoint: 'token' }), patience).toBe(1)
    await world.leave(first)
    await expectStatus(world.open(tab), 'signedIn')
  })

  test('a person who presses Cancel is signed out, with a message, and may try again', async () => {
    const tab = world.tab()
    const session = await arrive(tab, await cancelAuthorization(await setOut(tab)))
    expect(problemOf(session)?.code).toBe('login_denied')
    expect(tab.address.href()).toBe(`${origin}/callback`)
    await world.leave(session)
    await world.logIn(tab)
  })

  test('P15 a response that nobody asked for is refused', async () => {
    const session = await arrive(world.tab(), `${origin}/callback?code=abc&state=xyz&iss=${world.provider.issuer}`)
    expect(problemOf(session)?.code).toBe('unknown_response')
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(0)
  })

  test('P15 an answer whose login this browser remembers in a way that makes no sense is an error one can go on from', async () => {
    const tab = world.tab()
    const callback = await completeAuthorization(await setOut(tab), alice)
    for (const [key] of entriesOf(tab.localStorage)) tab.localStorage?.setItem(key, '{')
    const session = await arrive(tab, callback)
    expect(reasonOf(session)).toBe('never')
    expect(problemOf(session)?.code).toBe('invalid_response')
    await world.leave(session)
    await world.logIn(tab)
  })

  test.each([
    ['of another issuer', (callback: URL) => callback.searchParams.set('iss', 'https://evil.example')],
    ['that does not name its issuer', (callback: URL) => callback.searchParams.delete('iss')],
  ])('P14 a response %s is refused, its code unspent', async (_, change) => {
    const tab = world.tab()
    const callback = new URL(await completeAuthorization(await setOut(tab), alice))
    change(callback)
    const session = await arrive(tab, callback.href)
    expect(problemOf(session)?.code).toBe('issuer_mismatch')
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(0)
  })

  test.each([
    ['answers 503', { kind: 'status', body: 'oauth' }, 'provider_unavailable'],
    ['answers with HTML', { kind: 'status', status: 200, body: 'html' }, 'invalid_response'],
    ['cuts the connection', { kind: 'drop' }, 'network'],
    ['breaks off', { kind: 'drop', partial: true }, 'network'],
    ['refuses the code', { kind: 'invalid_grant' }, 'invalid_grant'],
  ] as const)('a token endpoint that %s at the exchange leads back, with a message', async (_, fault, code) => {
    const tab = world.tab()
    const callback = await completeAuthorization(await setOut(tab), alice)
    // It is sent again a few times; see id-tokens.test.ts.
    world.provider.faults.add({ endpoint: 'token', ...fault, count: 'always' })
    const session = await arrive(tab, callback)
    world.provider.faults.clear()
    expect(statusOf(session)).toBe('signedOut')
    expect(problemOf(session)?.code).toBe(code)
    await world.leave(session)
    await world.logIn(tab)
  })

  test('abandoned logins do not pile up in the storage', async () => {
    const tab = world.tab()
    await setOut(tab)
    const kept = (): string[] => Object.keys(Object.fromEntries(entriesOf(tab.localStorage)))
    const [first = ''] = kept()
    expect(first).toContain('signin')
    const old = JSON.parse(tab.localStorage?.getItem(first) ?? '{}') as { created: number }
    const age = (seconds: number): void =>
      tab.localStorage?.setItem(first, JSON.stringify({ ...old, created: old.created - seconds }))
    age(3_500)
    await setOut(tab)
    expect(kept(), 'somebody may still be at the login page').toHaveLength(2)
    age(3_601)
    await setOut(tab)
    expect(kept()).toHaveLength(2)
    expect(kept()).not.toContain(first)
  })
})

function entriesOf(storage: Storage | null): [string, string][] {
  return Array.from({ length: storage?.length ?? 0 }, (_, index) => {
    const key = storage?.key(index) ?? ''
    return [key, storage?.getItem(key) ?? '']
  })
}
