import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createSessionOn } from '../../services/create-session.ts'
import type { Keeper } from '../../services/credentials/types.ts'
import { selectEnding, selectFacts, selectLoginStep, type Session } from '../../services/index.ts'
import { completeAuthorization } from '../support/sign-in-by-http.ts'
import type { Tab } from '../support/tab.ts'
import {
  accountOf,
  alice,
  createWorld,
  expectAccount,
  expectStatus,
  issuedTo,
  keptText,
  meddle,
  origin,
  patience,
  reasonOf,
  renewalsAt,
  spend,
  type World,
} from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const hasLoggedOut = (session: Session) => expect.poll(() => session.getSnapshot().value, patience).toBe('loggedOut')
const endingOf = (session: Session) => selectEnding(session.getSnapshot())

async function expectNothingKept(tab: Tab): Promise<void> {
  const kept = await keptText(tab)
  for (const { value } of world.provider.issuedTokens()) expect(kept).not.toContain(value)
}

async function expectRevoked(refreshToken: string | undefined): Promise<void> {
  expect(refreshToken).toBeDefined()
  expect(await (await spend(world.provider, refreshToken ?? '')).json()).toMatchObject({ error: 'invalid_grant' })
}

describe.each(['encrypted', 'local', 'session'] as const)('P12 P17 a logout with the vault "%s"', (vault) => {
  test('while the vault is still being read removes and revokes what it had not seen', async () => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab, { vault }))
    const session = world.open(tab, { vault })
    expect(session.getSnapshot().value).toEqual({ checkingStorage: 'looking' })
    session.send({ type: 'logout', from: 'provider' })
    await expect.poll(() => tab.visited.at(-1), patience).toContain('/oidc/logout?')
    expect(tab.visited.at(-1), 'the provider is told whose session it is').toContain(
      issuedTo(world.provider, 'id_token').at(-1),
    )
    expect(endingOf(session)).toMatchObject({ generation: null, clearing: 'done', revoking: 'done' })
    await expectRevoked(issuedTo(world.provider, 'refresh_token').at(-1))
    await expectNothingKept(tab)
  })

  test('revokes the last renewal, of which this tab has not heard', async () => {
    const tab = Object.assign(world.tab(), { openChannel: () => null })
    const session = await world.logIn(tab, { vault })
    // A window that the tab opens shares its vault, of whichever kind.
    const otherTab =
      vault === 'session' ? Object.assign(world.tab(), { sessionStorage: tab.sessionStorage }) : world.tab()
    const other = world.open(otherTab, { vault })
    await expectStatus(other, 'signedIn')
    await other.getAccessToken({ forceRenewal: true })
    expect(selectFacts(session.getSnapshot())?.revision).toBe(1)
    await world.leave(other)
    session.send({ type: 'logout' })
    await hasLoggedOut(session)
    expect(issuedTo(world.provider, 'refresh_token')).toHaveLength(2)
    expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: 'done' })
    await expectRevoked(issuedTo(world.provider, 'refresh_token').at(-1))
  })
})

test('P17 what was removed from the browser meanwhile is revoked as this tab knows it', async () => {
  const session = await world.logIn(world.tab())
  await meddle('logins', () => undefined)
  session.send({ type: 'logout' })
  await hasLoggedOut(session)
  expect(endingOf(session)?.revoking).toBe('done')
  await expectRevoked(issuedTo(world.provider, 'refresh_token').at(-1))
})

test('P12 nothing of what was removed is kept in memory, whatever became of the stages', async () => {
  const tab = world.tab()
  await world.leave(await world.logIn(tab))
  const keepers: Keeper[] = []
  const { issuer: authority, clientId } = world.provider
  const options = { authority, clientId, redirectUri: `${origin}/callback` }
  const session = createSessionOn(tab, options, {
    keeper: (keeper) => {
      keepers.push(keeper)
      return keeper
    },
  })
  onTestFinished(() => session.dispose())
  session.start()
  await expectStatus(session, 'signedIn')
  world.provider.faults.add({ endpoint: 'revocation', kind: 'drop' })
  session.send({ type: 'logout' })
  await expect.poll(() => keepers[0]?.removal.entry(), patience).not.toBeNull()
  await hasLoggedOut(session)
  expect(endingOf(session)?.revoking).toBe('failed')
  expect(keepers[0]?.removal.entry()).toBeNull()
  expect(keepers[0]?.current()).toBeNull()
})

describe('P12 P17 a logout in the middle of a login', () => {
  test('in a window closes it, and ends the session that was there before', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    let isClosed = false
    let address = ''
    tab.openWindow = () => ({ isClosed: false, go: (url) => (address = url), close: () => (isClosed = true) })
    session.send({ type: 'login', via: 'popup' })
    await expect.poll(() => address, patience).not.toBe('')
    session.send({ type: 'logout' })
    await hasLoggedOut(session)
    expect(isClosed).toBe(true)
    expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: 'done' })
    await expectRevoked(issuedTo(world.provider, 'refresh_token').at(-1))
    // The person logs in there all the same: nobody takes the answer.
    const popup = world.tab()
    popup.arrive(await completeAuthorization(address, alice))
    await expectStatus(world.open(popup), 'signedOut')
    expect(world.provider.requests.count({ endpoint: 'token', grantType: 'authorization_code' })).toBe(1)
    await expectNothingKept(tab)
  })

  test('whose code is being exchanged leaves nothing of either', async () => {
    const tab = world.tab()
    const before = await world.logIn(tab)
    const gone = tab.visited.length
    before.send({ type: 'login', prompt: 'login' })
    await expect.poll(() => tab.visited.length, patience).toBe(gone + 1)
    const callback = await completeAuthorization(tab.visited[gone] ?? '', alice)
    await world.leave(before)
    tab.arrive(callback)
    world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 300, processed: true })
    const session = world.open(tab)
    await expect.poll(() => selectLoginStep(session.getSnapshot()), patience).toBe('completing')
    await expect.poll(() => issuedTo(world.provider, 'refresh_token').length, patience).toBe(2)
    session.send({ type: 'logout' })
    await hasLoggedOut(session)
    expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: 'done' })
    await expectRevoked(issuedTo(world.provider, 'refresh_token')[0])
    const answered = { endpoint: 'token', grantType: 'authorization_code', status: 200 } as const
    await expect.poll(() => world.provider.requests.count(answered), patience).toBe(2)
    await world.leave(session)
    await expectNothingKept(tab)
    const next = world.open(tab)
    await next.ready
    expect(next.getSnapshot().value).toBe('loggedOut')
  })
})

test('P12 P17 a logout in the middle of a renewal leaves no token that works, here or at the provider', async () => {
  const tab = world.tab()
  const session = await world.logIn(tab)
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 300, processed: true })
  const waiting = session.getAccessToken({ forceRenewal: true })
  waiting.catch(() => {})
  await expect.poll(() => issuedTo(world.provider, 'refresh_token').length, patience).toBe(2)
  session.send({ type: 'logout' })
  await expect(waiting).rejects.toMatchObject({ code: 'session_ended' })
  await hasLoggedOut(session)
  await expect.poll(() => world.provider.requests.count({ endpoint: 'token', status: 200 }), patience).toBe(2)
  await world.leave(session)
  expect(renewalsAt(world.provider)).toBe(1)
  for (const token of issuedTo(world.provider, 'refresh_token')) await expectRevoked(token)
  await expectNothingKept(tab)
})

test.each(['on its way', 'waiting for another try'])(
  'P17 a save that is %s does not hold a logout up',
  async (moment) => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    await expectAccount(session)
    world.provider.faults.add({
      endpoint: 'api',
      ...(moment === 'on its way' ? { kind: 'hang' } : { kind: 'status', status: 503, count: 'always' }),
    })
    session.send({ type: 'metadata.patch', patch: { first_name: 'Alicia' } })
    const step = moment === 'on its way' ? 'saving' : 'waiting'
    await expect.poll(() => accountOf(session).value, patience).toMatchObject({ metadata: step })
    session.send({ type: 'logout' })
    await hasLoggedOut(session)
    expect(endingOf(session)).toMatchObject({ clearing: 'done', revoking: 'done' })
    world.provider.faults.clear()
    await world.leave(session)
    expect(await keptText(tab)).not.toContain('Alicia')
  },
)

describe('P12 a logout in the middle of another end', () => {
  test('is what is found after a reload, so that nobody is logged in again by itself', async () => {
    const tab = world.tab()
    const options = { scope: 'openid profile' }
    const session = await world.logIn(tab, options)
    world.provider.faults.add({ endpoint: 'revocation', kind: 'hang' })
    const ends: string[] = []
    session.on('session.ended', ({ reason }) => ends.push(reason))
    tab.offset = 310_000
    tab.fire('focus')
    await expect.poll(() => session.getSnapshot().value, patience).toEqual({ ending: 'revoking' })
    session.send({ type: 'logout' })
    world.provider.faults.clear()
    await hasLoggedOut(session)
    expect(ends).toEqual(['expired'])
    await world.leave(session)
    const next = world.open(tab, options)
    await next.ready
    expect(next.getSnapshot().value).toBe('loggedOut')
    expect(reasonOf(next)).toBe('logout')
  })
})
