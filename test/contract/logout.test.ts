import { afterEach, beforeEach, expect, test } from 'vitest'
import { selectEnding, type Session } from '../../services/index.ts'
import { browse, createCookieJar } from '../support/sign-in-by-http.ts'
import {
  createWorld,
  expectStatus,
  issuedTo,
  keptText,
  origin,
  patience,
  reasonOf,
  spend,
  statusOf,
  type World,
} from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const isLoggedOut = (session: Session) => expect.poll(() => session.getSnapshot().value, patience).toBe('loggedOut')

test('P17 first the session ends here, then it is revoked; how each stage went is told', async () => {
  const session = await world.logIn(world.tab())
  const order: string[] = []
  session.on('session.ended', ({ reason }) => {
    order.push(`ended: ${reason}`, `revocations: ${world.provider.requests.count({ endpoint: 'revocation' })}`)
  })
  session.on('logout.finished', ({ ending }) => {
    order.push(`${ending.clearing}, ${ending.revoking}, ${ending.leavingProvider}`)
  })
  session.send({ type: 'logout' })
  expect(session.hasValid()).toBe(false)
  await isLoggedOut(session)
  expect(order).toEqual(['ended: logout', 'revocations: 0', 'done, done, skipped'])
  expect(await (await spend(world.provider, issuedTo(world.provider, 'refresh_token')[0] ?? '')).json()).toMatchObject({
    error: 'invalid_grant',
  })
})

test('P17 who leaves the provider as well is sent to its logout page, which knows whose session it is', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab)
  const gone = tab.visited.length
  session.send({ type: 'logout', from: 'provider' })
  await expect.poll(() => tab.visited.length, patience).toBe(gone + 1)
  const address = new URL(tab.visited[gone] ?? '')
  expect(address.origin).toBe(world.provider.issuer)
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    id_token_hint: issuedTo(world.provider, 'id_token').at(-1),
    post_logout_redirect_uri: `${origin}/`,
    client_id: world.provider.clientId,
  })
  expect((await browse(address, createCookieJar())).page?.status ?? 200).toBe(200)
  expect(selectEnding(session.getSnapshot())).toMatchObject({ clearing: 'done', revoking: 'done' })
  // The person comes back with the back button.
  tab.fire('pageshow', { persisted: true })
  await isLoggedOut(session)
})

test('P17 offline the person is logged out here all the same, and the page stays', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab)
  const gone = tab.visited.length
  await world.provider.stop()
  tab.online = false
  session.send({ type: 'logout', from: 'provider' })
  await isLoggedOut(session)
  expect(selectEnding(session.getSnapshot())).toMatchObject({
    clearing: 'done',
    revoking: 'failed',
    leavingProvider: 'failed',
  })
  expect(tab.visited).toHaveLength(gone)
  const kept = await keptText(tab)
  for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
})

test.each([
  ['answers 503', { kind: 'status' }],
  ['answers with HTML', { kind: 'status', status: 200, body: 'html' }],
  ['cuts the connection', { kind: 'drop' }],
] as const)('P17 a revocation endpoint that %s does not keep anyone signed in', async (_, fault) => {
  const session = await world.logIn(world.tab())
  world.provider.faults.add({ endpoint: 'revocation', ...fault })
  session.send({ type: 'logout' })
  await isLoggedOut(session)
  expect(session.canRenew()).toBe(false)
})

test('P12 a page that closes in the moment of the logout has logged out', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab, { vault: 'local' })
  session.send({ type: 'logout' })
  // Nothing that takes time happens any more: only what was done at once counts.
  const atOnce = tab.localStorage?.getItem(keyOfMark(tab.localStorage)) ?? ''
  expect(atOnce).toContain('logout')
  await world.leave(session)
  const next = world.open(tab, { vault: 'local' })
  await next.ready
  expect(next.getSnapshot().value).toBe('loggedOut')
})

test('P12 what a page left behind that closed in the moment of the logout is removed by the next one', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab, { vault: 'local' })
  const { generation } = session.getSnapshot().context.facts ?? {}
  await world.leave(session)
  const scope = `local|${world.provider.issuer}|${world.provider.clientId}`
  tab.localStorage?.setItem(`sessionchart.ended.${scope}`, JSON.stringify({ generation, reason: 'logout' }))
  expect(await keptText(tab)).toContain(issuedTo(world.provider, 'refresh_token')[0])
  const next = world.open(tab, { vault: 'local' })
  await next.ready
  expect(next.getSnapshot().value).toBe('loggedOut')
  const kept = await keptText(tab)
  for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
})

test('a session without a refresh token ends when its access token does, and says why', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab, { scope: 'openid profile' })
  expect(session.canRenew()).toBe(false)
  const ends: string[] = []
  session.on('session.ended', ({ reason }) => ends.push(reason))
  tab.offset = 310_000
  tab.fire('focus')
  await expectStatus(session, 'signedOut')
  expect(reasonOf(session)).toBe('expired')
  expect(ends).toEqual(['expired'])
})

test('P6 a clock that was set back ends a session without a refresh token: what is left of it cannot be known', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab, { scope: 'openid profile' })
  // Set right by a little: no harm.
  tab.offset = -1_000
  tab.fire('focus')
  expect(session.hasValid()).toBe(true)
  tab.offset = -3_600_000
  tab.fire('focus')
  expect(session.hasValid()).toBe(false)
  await expectStatus(session, 'signedOut')
  expect(reasonOf(session)).toBe('expired')
  await world.leave(session)
  await expectStatus(await world.logIn(tab, { scope: 'openid profile' }), 'signedIn')
})

test('P9 a session ends with its greatest age, while the page is closed too', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab, { maxSessionAge: 60_000 }))
  tab.offset = 61_000
  const session = world.open(tab, { maxSessionAge: 60_000 })
  await expect.poll(() => reasonOf(session), patience).toBe('ceiling')
  await world.leave(session)
  await expect.poll(() => world.provider.requests.count({ endpoint: 'revocation' }), patience).toBe(1)
})

test('P9 idleness counts from the login, not from an earlier session, and ends this one', async () => {
  const tab = world.tab()
  const options = { idleTimeout: 60_000 }
  const first = await world.logIn(tab, options)
  world.provider.faults.add({ endpoint: 'token', kind: 'invalid_grant' })
  await first.getAccessToken({ forceRenewal: true }).catch(() => {})
  expect(statusOf(first)).toBe('signedOut')
  await world.leave(first)
  tab.offset = 70_000
  await world.leave(await world.logIn(tab, options))
  const session = world.open(tab, options)
  await session.ready
  expect(statusOf(session)).toBe('signedIn')
  await world.leave(session)
  tab.offset = 140_000
  const idle = world.open(tab, options)
  await expect.poll(() => reasonOf(idle), patience).toBe('idle')
})

function keyOfMark(storage: Storage): string {
  return (
    Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').find((key) =>
      key.startsWith('sessionchart.ended'),
    ) ?? ''
  )
}
