import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { selectEnding, type Session } from '../../services/index.ts'
import { browse, createCookieJar } from '../support/sign-in-by-http.ts'
import { createWorld, issuedTo, origin, patience, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const hasLoggedOut = (session: Session) => expect.poll(() => session.getSnapshot().value, patience).toBe('loggedOut')
const endingOf = (session: Session) => selectEnding(session.getSnapshot())

/** The revocation endpoint answers this, whatever it is asked. */
function answerRevocations(answer: () => Promise<Response>): void {
  const { fetch } = globalThis
  vi.stubGlobal('fetch', (input: string | URL | Request, init?: RequestInit) =>
    (input instanceof Request ? input.url : String(input)).endsWith('/oauth/revoke') ? answer() : fetch(input, init),
  )
}
const says = (status: number, body: string, type: string) => () =>
  Promise.resolve(new Response(body, { status, headers: { 'Content-Type': type } }))
const refuses = (status: number, error: string) => says(status, JSON.stringify({ error }), 'application/json')

describe('P17 a revocation that is answered with', () => {
  beforeEach(async () => {
    world = await createWorld()
  })
  test.each([
    ['200 and nothing', says(200, '', ''), 'done', undefined],
    ['200 and a text', says(200, 'OK', 'text/plain'), 'done', undefined],
    ['200 and a page', says(200, '<h1>Done</h1>', 'text/html'), 'done', undefined],
    ['204', () => Promise.resolve(new Response(null, { status: 204 })), 'done', undefined],
    ['400 unsupported_token_type', refuses(400, 'unsupported_token_type'), 'unsupported', undefined],
    [
      '400 invalid_request',
      refuses(400, 'invalid_request'),
      'failed',
      { code: 'invalid_response', oauthError: 'invalid_request' },
    ],
    [
      '401, since the client is public',
      refuses(401, 'invalid_client'),
      'failed',
      { code: 'invalid_client', oauthError: 'invalid_client' },
    ],
    ['404 and a page', says(404, '<h1>Not found</h1>', 'text/html'), 'failed', { code: 'invalid_response' }],
    ['503', says(503, '', ''), 'failed', { code: 'provider_unavailable' }],
    [
      'nothing that this origin may see (CORS)',
      () => Promise.reject(new TypeError('Failed to fetch')),
      'failed',
      { code: 'network' },
    ],
  ] as const)('%s has a known outcome, and nobody stays signed in', async (_, answer, outcome, problem) => {
    const session = await world.logIn(world.tab())
    answerRevocations(answer)
    const finished: unknown[] = []
    session.on('logout.finished', ({ ending }) => finished.push(ending))
    session.send({ type: 'logout' })
    await hasLoggedOut(session)
    expect(session.canRenew()).toBe(false)
    expect(finished).toEqual([endingOf(session)])
    expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: outcome, leavingProvider: 'skipped' })
    const { code, oauthError } = endingOf(session)?.problems.revoking ?? {}
    expect({ code, oauthError }).toEqual({ code: undefined, oauthError: undefined, ...problem })
    for (const { value } of world.provider.issuedTokens()) expect(JSON.stringify(finished)).not.toContain(value)
  })
})

test('P17 a logout of which nothing was there revokes nothing, and says so', async () => {
  world = await createWorld()
  const session = world.open(world.tab())
  session.send({ type: 'logout' })
  await hasLoggedOut(session)
  expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: 'skipped', problems: {} })
  expect(world.provider.requests.count({ endpoint: 'revocation' })).toBe(0)
})

describe('P17 at a provider without', () => {
  test('a revocation endpoint that is said, and is no failure', async () => {
    world = await createWorld({ revocation: false })
    const session = await world.logIn(world.tab())
    session.send({ type: 'logout' })
    await hasLoggedOut(session)
    expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: 'unsupported', problems: {} })
    expect(world.provider.requests.count({ endpoint: 'revocation' })).toBe(0)
  })

  test('a logout page the person is logged out here, stays in the app, and is told', async () => {
    world = await createWorld({ endSession: false })
    const tab = world.tab()
    const session = await world.logIn(tab)
    const gone = tab.visited.length
    session.send({ type: 'logout', from: 'provider' })
    await hasLoggedOut(session)
    expect(endingOf(session)).toMatchObject({ revoking: 'done', leavingProvider: 'unsupported', problems: {} })
    expect(tab.visited).toHaveLength(gone)
  })

  test("a logout page in its discovery document, Auth0's own is left for, and comes back", async () => {
    world = await createWorld({ endSession: false })
    const tab = world.tab()
    const session = await world.logIn(tab, { logoutPage: 'auth0' })
    const gone = tab.visited.length
    session.send({ type: 'logout', from: 'provider' })
    await expect.poll(() => tab.visited.length, patience).toBe(gone + 1)
    const address = new URL(tab.visited[gone] ?? '')
    expect(address.origin + address.pathname).toBe(`${world.provider.issuer}/v2/logout`)
    expect([...address.searchParams]).toEqual([
      ['client_id', world.provider.clientId],
      ['returnTo', `${origin}/`],
    ])
    expect((await browse(address, createCookieJar())).callback).toBe(`${origin}/`)
    await world.leave(session)
    const back = world.open(tab, { logoutPage: 'auth0' })
    await hasLoggedOut(back)
  })

  test('a logout page of its own, the one of the app is opened as it is', async () => {
    world = await createWorld({ endSession: false })
    const tab = world.tab()
    const page = 'https://login.example/logout?client_id=app&logout_uri=https%3A%2F%2Fapp.example%2F'
    const session = await world.logIn(tab, { logoutPage: new URL(page) })
    session.send({ type: 'logout', from: 'provider' })
    await expect.poll(() => tab.visited.at(-1), patience).toBe(page)
  })
})

test('P17 a logout page that discovery names comes before the one of the options', async () => {
  world = await createWorld()
  const tab = world.tab()
  const session = await world.logIn(tab, { logoutPage: 'auth0' })
  session.send({ type: 'logout', from: 'provider' })
  await expect.poll(() => tab.visited.at(-1), patience).toContain('/oidc/logout?')
  expect(tab.visited.at(-1)).toContain(issuedTo(world.provider, 'id_token').at(-1))
})
