import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSessionOn } from '../../services/create-session.ts'
import type { Provider } from '../../services/provider.ts'
import { createWorld, expectStatus, origin, renewalsAt, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const unasked = (): Promise<never> => Promise.reject(new Error('The provider was asked, without what that takes.'))

/** A tab whose code for the provider has not come yet. */
function openLoading(load: () => Promise<unknown>) {
  const provider: Provider = {
    prepare: load,
    renew: unasked,
    loadProfile: unasked,
    loadClaims: unasked,
    revoke: unasked,
    leave: unasked,
  }
  const { issuer, clientId } = world.provider
  const options = { authority: issuer, clientId, redirectUri: `${origin}/callback` }
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

test('P8 a tab that cannot load it has the token all the same, when another one has renewed', async () => {
  const other = await world.logIn(world.tab())
  const loading = openLoading(() => Promise.reject(new Error('no such chunk')))
  await expectStatus(loading, 'signedIn')
  const waiting = loading.getAccessToken({ forceRenewal: true })
  const renewed = await other.getAccessToken({ forceRenewal: true })
  expect(await waiting).toBe(renewed)
  await loading.dispose()
})
