import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { selectFacts, selectMetadata, selectProfile, type Session, type VaultKind } from '../../services/index.ts'
import {
  accountOf,
  createWorld,
  expectAccount,
  expectStatus,
  issuedTo,
  keptText,
  origin,
  patience,
  reasonOf,
  renewalsAt,
  spend,
  statusOf,
  type World,
} from './world.ts'
import type { Tab } from '../support/tab.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const tokenRequests = (): number => world.provider.requests.count({ endpoint: 'token' })

async function patchMetadata(session: Session): Promise<void> {
  await expectAccount(session)
  session.send({ type: 'metadata.patch', patch: { first_name: 'Al', shoe_size: 41 } })
  await expect.poll(() => accountOf(session).context.pending.length, patience).toBe(0)
}

/** What is told, printed or thrown while someone is signed in. */
function watch() {
  const heard: unknown[] = []
  const hear = (...said: unknown[]): void => void heard.push(...said)
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation(hear)
  vi.spyOn(BroadcastChannel.prototype, 'postMessage').mockImplementation(function (this: BroadcastChannel, said) {
    hear(said)
  })
  const inspect = (event: object): void => {
    // Actors and snapshots lead to everything there is; what is of interest is what they tell.
    if ('event' in event) hear(event.event)
    if ('snapshot' in event) hear(plain(event.snapshot))
    if ('action' in event) hear(plain(event.action))
  }
  return { heard, hear, inspect }
}

/** Depth first, each object once; functions and cycles are left out. */
function plain(value: unknown): string {
  const seen = new Set<unknown>()
  return (
    JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner !== 'object' || inner === null) return inner
      if (seen.has(inner)) return '…'
      seen.add(inner)
      return inner instanceof Error ? [inner.name, inner.message, inner.stack, inner.cause] : inner
    }) ?? ''
  )
}

describe.each<{ vault: VaultKind; readable: boolean; survives: boolean }>([
  { vault: 'encrypted', readable: false, survives: true },
  { vault: 'local', readable: true, survives: true },
  { vault: 'session', readable: false, survives: true },
  { vault: 'memory', readable: false, survives: false },
])('with the vault "$vault"', ({ vault, readable, survives }) => {
  const comeBack = async (session: Session, tab: Tab): Promise<Session> => {
    if (!survives) return session
    await world.leave(session)
    const asked = tokenRequests()
    const next = world.open(tab, { vault })
    await next.ready
    expect(statusOf(next)).toBe('signedIn')
    expect(next.hasValid()).toBe(true)
    expect(next.canRenew()).toBe(true)
    expect(tokenRequests()).toBe(asked)
    return next
  }

  test('logs in, comes back without asking for a token, renews, edits, reloads and logs out', async () => {
    const tab = world.tab()
    let session = await world.logIn(tab, { vault })
    expect(tab.address.href()).toBe(`${origin}/callback`)
    await expectAccount(session)
    expect(selectProfile(accountOf(session))).toMatchObject({ sub: 'local|alice', given_name: 'Alice' })

    session = await comeBack(session, tab)
    // The access token expires while nobody looks.
    tab.offset = 310_000
    tab.fire('focus')
    await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
    await expectStatus(session, 'signedIn')
    const [first = '', second = ''] = issuedTo(world.provider, 'refresh_token')
    expect(second).not.toBe(first)

    await patchMetadata(session)
    session = await comeBack(session, tab)
    await expectAccount(session)
    expect(selectMetadata(accountOf(session))).toMatchObject({ first_name: 'Al', shoe_size: 41 })
    const latest = issuedTo(world.provider, 'refresh_token').at(-1) ?? ''
    expect((await keptText(tab)).includes(latest)).toBe(readable)

    session.send({ type: 'logout' })
    await expect.poll(() => session.getSnapshot().value, patience).toBe('loggedOut')
    const kept = await keptText(tab)
    for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
    expect(kept).not.toContain('alice')
    expect((await spend(world.provider, latest)).status).toBe(400)

    await world.leave(session)
    const visit = world.open(tab, { vault })
    await visit.ready
    expect(statusOf(visit)).toBe('signedOut')
    expect(reasonOf(visit)).toBe(survives ? 'logout' : 'never')
  })

  test('P4 the rotated refresh token works, and the one before it is refused', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab, { vault })
    const before = await session.getAccessToken()
    const after = await session.getAccessToken({ forceRenewal: true })
    expect(after).not.toBe(before)
    expect(selectFacts(session.getSnapshot())).toMatchObject({ revision: 2, writtenBy: session.tab })
    await session.getAccessToken({ forceRenewal: true })
    const tokens = issuedTo(world.provider, 'refresh_token')
    expect(new Set(tokens).size).toBe(3)
    // Reuse of a rotated one is refused, and ends the family: that it worked until now is the proof for the latest.
    expect((await spend(world.provider, tokens[0] ?? '')).status).toBe(400)
  })

  test('P21 no token is told, printed, thrown, kept in a snapshot or put into the address', async () => {
    const { heard, hear, inspect } = watch()
    const tab = world.tab()
    const session = await world.logIn(tab, { vault, inspect })
    const facts = ['session.renewed', 'session.ended', 'logout.finished', 'session.troubled', 'profile.loaded'] as const
    for (const type of facts) session.on(type, hear)
    session.subscribe((snapshot) => hear(plain(snapshot), plain(snapshot.children)))
    await patchMetadata(session)
    await session.getAccessToken({ forceRenewal: true })
    // A renewal that fails in every way in which the provider can fail.
    world.provider.faults.add(
      { endpoint: 'token', kind: 'status', status: 503, body: 'oauth' },
      { endpoint: 'token', kind: 'invalid_grant' },
    )
    await session.getAccessToken({ forceRenewal: true }).catch(hear)
    await session.fetch('https://elsewhere.example/').catch(hear)
    hear(tab.address.href(), plain(session.getSnapshot()), JSON.stringify(session.actor.getPersistedSnapshot()))
    await expectStatus(session, 'signedOut')
    const text = heard.map(plain).join('\n')
    expect(text).toContain('session.ended')
    for (const { kind, value } of world.provider.issuedTokens()) {
      expect(text.includes(value), `a value of ${kind} was found`).toBe(false)
    }
    expect(issuedTo(world.provider, 'access_token').length).toBeGreaterThanOrEqual(2)
  })
})

test('a browser in which nobody ever logged in is signed out, without a request', async () => {
  const session = world.open(world.tab())
  await session.ready
  expect(reasonOf(session)).toBe('never')
  expect(session.hasValid()).toBe(false)
  expect(session.canRenew()).toBe(false)
  await expect(session.getAccessToken()).rejects.toMatchObject({ code: 'no_credentials' })
  expect(world.provider.requests.count()).toBe(0)
})

test('P1 P18 the profile of the last visit is shown at once, also while the provider does not answer', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab)
  await expectAccount(session)
  await world.leave(session)
  world.provider.faults.add({ endpoint: 'any', kind: 'status', count: 'always' })
  const next = world.open(tab)
  await next.ready
  expect(selectProfile(accountOf(next))).toMatchObject({ given_name: 'Alice' })
})
