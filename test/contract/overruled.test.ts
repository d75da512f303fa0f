import { afterEach, expect, test } from 'vitest'
import { selectFacts } from '../../services/index.ts'
import type { Session } from '../../services/index.ts'
import type { Tab } from '../support/tab.ts'
import { createWorld, expectStatus, patience, renewalsAt, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const renewalOf = (session: Session) => session.actor.getSnapshot().children.renewal?.getSnapshot().value

/** Takes the turn away from this tab and gives it back at once. */
async function steal(tab: Tab): Promise<void> {
  const name = `sessionchart|encrypted|${world.provider.issuer}|${world.provider.clientId}`
  await tab.locks?.request(name, { steal: true }, () => {})
}

/** Two tabs; the turn of the first is taken away as soon as the provider has spent its refresh token. */
async function overruled(options: Parameters<typeof createWorld>[0] = {}) {
  world = await createWorld(options)
  const tab = world.tab()
  const session = await world.logIn(tab)
  const other = world.open(world.tab())
  await expectStatus(other, 'signedIn')
  world.provider.faults.add({ endpoint: 'token', kind: 'delay', delay: 600, processed: true })
  const waiting = session.getAccessToken({ forceRenewal: true })
  await expect.poll(() => renewalsAt(world.provider), patience).toBe(1)
  await steal(tab)
  await expect.poll(() => renewalOf(session), patience).toBe('backingOff')
  return { session, other, waiting }
}

test('P10 P12 a tab whose turn was taken away writes the answer that comes later, and nobody spends anything twice', async () => {
  const { session, other, waiting } = await overruled()
  await expect.poll(() => selectFacts(other.getSnapshot())?.revision, patience).toBe(2)
  expect(await waiting).toBe(await other.getAccessToken())
  await expectStatus(session, 'signedIn')
  expect(renewalsAt(world.provider)).toBe(1)
})

test('P10 P12 an answer that comes after another tab has renewed in its place changes nothing', async () => {
  const { session, other, waiting } = await overruled({ reuseWindow: 60 })
  const renewed = await other.getAccessToken({ forceRenewal: true })
  expect(await waiting).toBe(renewed)
  // The late answer has come by now, too.
  await world.leave(session)
  const again = world.open(world.tab())
  await expectStatus(again, 'signedIn')
  expect(selectFacts(again.getSnapshot())?.revision).toBe(2)
  expect(await again.getAccessToken()).toBe(renewed)
  expect(renewalsAt(world.provider)).toBe(2)
})

/** Two tabs; the one that has the turn has looked into the vault, and still waits for the discovery document. */
async function aboutToSpend() {
  world = await createWorld()
  const other = await world.logIn(world.tab())
  const tab = world.tab()
  world.provider.faults.add({ endpoint: 'discovery', kind: 'hang', count: 5 })
  const session = world.open(tab)
  await expectStatus(session, 'signedIn')
  const waiting = session.getAccessToken({ forceRenewal: true })
  await expect.poll(() => renewalOf(session), patience).toEqual({ takingTurn: 'requesting' })
  return { session, other, tab, waiting }
}

test('P10 a tab whose turn was taken away before it spent its refresh token does not spend it any more', async () => {
  const { session, other, tab, waiting } = await aboutToSpend()
  await steal(tab)
  const renewed = await other.getAccessToken({ forceRenewal: true })
  world.provider.faults.clear()
  expect(await waiting).toBe(renewed)
  await world.leave(session)
  expect(renewalsAt(world.provider)).toBe(1)
  await expectStatus(other, 'signedIn')
})

test('P10 a tab that stood still between its look into the vault and spending looks again, however late it hears that it was overruled', async () => {
  const { session, other, tab, waiting } = await aboutToSpend()
  const failures = () => session.actor.getSnapshot().children.renewal?.getSnapshot().context.attempts
  expect(failures()).toBe(0)
  tab.offset += 5_500
  world.provider.faults.clear()
  await expect.poll(failures, patience).toBe(1)
  expect(renewalsAt(world.provider)).toBe(0)
  await waiting
  expect(renewalsAt(world.provider)).toBe(1)
  await expectStatus(other, 'signedIn')
})
