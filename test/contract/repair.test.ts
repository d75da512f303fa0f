import { afterEach, beforeEach, expect, test } from 'vitest'
import { selectFacts, selectRenewal, type VaultKind } from '../../services/index.ts'
import type { Tab } from '../support/tab.ts'
import { createWorld, expectStatus, meddle, patience, renewalsAt, statusOf, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const loseLocal = (tab: Tab): void => {
  for (let index = (tab.localStorage?.length ?? 0) - 1; index >= 0; index -= 1) {
    const key = tab.localStorage?.key(index) ?? ''
    if (key.startsWith('sessionchart.login')) tab.localStorage?.removeItem(key)
  }
}
const spoil = (): Promise<void> => meddle('logins', (row) => ({ ...(row as object), kept: 'x' }))
const harms: [string, VaultKind, (tab: Tab) => unknown][] = [
  ['foreign contents', 'encrypted', spoil],
  ['foreign contents', 'session', spoil],
  ['missing contents', 'local', loseLocal],
]

test.each(harms)(
  'P20 %s in the vault "%s" of a session that is open cost nothing: it is renewed from memory, and written anew',
  async (_, vault, harm) => {
    const tab = world.tab()
    const session = await world.logIn(tab, { vault })
    await harm(tab)
    await session.getAccessToken({ forceRenewal: true })
    expect(renewalsAt(world.provider)).toBe(1)
    expect(statusOf(session)).toBe('signedIn')
    await world.leave(session)
    const next = world.open(tab, { vault })
    await next.ready
    expect(statusOf(next)).toBe('signedIn')
    expect(selectFacts(next.getSnapshot())?.revision).toBe(2)
  },
)

test('P10 P20 what another tab wrote and cannot be read is not overwritten: nothing is spent twice', async () => {
  const session = await world.logIn(world.tab())
  const deaf = world.tab()
  deaf.openChannel = () => ({ post: () => {}, listen: () => () => {}, close: () => {} })
  const other = world.open(deaf)
  await expectStatus(other, 'signedIn')
  await session.getAccessToken({ forceRenewal: true })
  await spoil()
  const waiting = other.getAccessToken({ forceRenewal: true })
  await expect
    .poll(() => selectRenewal(other.getSnapshot())?.getSnapshot().context.problem?.code, patience)
    .toBe('vault_unreadable')
  expect(renewalsAt(world.provider)).toBe(1)
  // The tab that holds it puts it right, and the other one goes on with that.
  const renewed = await session.getAccessToken({ forceRenewal: true })
  expect(await waiting).toBe(renewed)
  expect(renewalsAt(world.provider)).toBe(2)
})
