import { afterEach, beforeEach, expect, test } from 'vitest'
import { SessionError } from '../../machines/errors.ts'
import { createSessionOn } from '../../services/create-session.ts'
import { selectRenewal, selectRenewalProblem } from '../../services/index.ts'
import { providerOnDemand } from '../../services/provider.ts'
import { createWorld, expectStatus, origin, patience, renewalsAt, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** A tab whose code for the provider has not come yet. */
function openLoading(load: () => Promise<never>) {
  const { issuer, clientId } = world.provider
  const options = { authority: issuer, clientId, redirectUri: `${origin}/callback` }
  const provider = providerOnDemand({ loaded: () => null, load, close: () => Promise.resolve() })
  const session = createSessionOn(world.tab(), options, { provider })
  session.start()
  return session
}

test('P10 a tab that still loads what a renewal takes holds no turn: another one renews, and both have the token', async () => {
  const other = await world.logIn(world.tab())
  const loading = openLoading(() => new Promise(() => {}))
  await expectStatus(loading, 'signedIn')
  const waiting = loading.getAccessToken({ forceRenewal: true })
  const renewed = await other.getAccessToken({ forceRenewal: true })
  expect(await waiting).toBe(renewed)
  expect(renewalsAt(world.provider)).toBe(1)
  await loading.dispose()
})

test('P8 a tab that cannot load it says why, and has the token all the same when another one has renewed', async () => {
  const other = await world.logIn(world.tab())
  const loading = openLoading(() => Promise.reject(new SessionError('network', 'It cannot be loaded.')))
  await expectStatus(loading, 'signedIn')
  const waiting = loading.getAccessToken({ forceRenewal: true })
  const why = () => {
    const renewal = selectRenewal(loading.getSnapshot())
    return renewal && selectRenewalProblem(renewal.getSnapshot())?.code
  }
  await expect.poll(why, patience).toBe('network')
  const renewed = await other.getAccessToken({ forceRenewal: true })
  expect(await waiting).toBe(renewed)
  await loading.dispose()
})
