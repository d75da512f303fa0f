import { afterEach, expect, test } from 'vitest'
import { createSessionOn } from '../../services/create-session.ts'
import type { Session } from '../../services/index.ts'
import type { SessionParts } from '../../services/runtime.ts'
import { createWorld, expectStatus, origin, patience, renewalsAt, type World } from './world.ts'

let world: World
const sessions: Session[] = []
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.dispose()))
  await world.close()
})

/** Two tabs of alice's; in the first, the renewal breaks when it looks into the vault in its turn. */
async function breakRenewal() {
  world = await createWorld()
  const other = await world.logIn(world.tab())
  const broken: { count: number } = { count: 0 }
  const parts: SessionParts = {
    keeper: (keeper) => ({
      ...keeper,
      recheck(...args) {
        broken.count += 1
        // What no type of ours allows, as a bug would have it.
        return broken.count === 1 ? Promise.resolve(undefined as never) : keeper.recheck(...args)
      },
    }),
  }
  const session = createSessionOn(
    world.tab(),
    { authority: world.provider.issuer, clientId: world.provider.clientId, redirectUri: `${origin}/callback` },
    parts,
  )
  sessions.push(session)
  session.start()
  await expectStatus(session, 'signedIn')
  const waiting = session.getAccessToken({ forceRenewal: true })
  waiting.catch(() => {})
  await expect.poll(() => session.getSnapshot().matches({ active: { access: 'recovering' } }), patience).toBe(true)
  return { session, other, waiting }
}

test('P10 a renewal that breaks holds no turn: another tab renews at once, and the broken one takes that over', async () => {
  const { session, other, waiting } = await breakRenewal()
  const token = await other.getAccessToken({ forceRenewal: true, timeout: 10_000 })
  expect(renewalsAt(world.provider)).toBe(1)
  await expectStatus(session, 'signedIn')
  expect(await waiting).toBe(token)
})
