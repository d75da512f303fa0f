import { afterEach, expect, test } from 'vitest'
import { selectFacts } from '../../services/index.ts'
import { createWorld, expectStatus, patience, renewalsAt, type World } from './world.ts'

let world: World
afterEach(() => world.close())

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
  const name = `sessionchart|encrypted|${world.provider.issuer}|${world.provider.clientId}`
  await tab.locks?.request(name, { steal: true }, () => {})
  await expect
    .poll(() => session.actor.getSnapshot().children.renewal?.getSnapshot().value, patience)
    .toBe('backingOff')
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
