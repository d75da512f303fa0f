import { describe, expect, it } from 'vitest'
import { selectStatus } from '../../machines/index.ts'
import { charts } from './charts/index.ts'
import { nodesOf } from '../../ui/visualizer/model/nodes.ts'
import { sessionIn, type SessionPlace } from './session-in.ts'

/** States in which a chart rests; it only passes through those that go on by themselves. */
const restsOf = () =>
  nodesOf(charts.session.machine())
    .filter(({ type, always = [] }) => type === 'atomic' && always.length === 0)
    .map(({ path }) => path.join('.') as SessionPlace)

describe('a session for tests', () => {
  it('can be put into every state in one line, on the real chart', async () => {
    const places = restsOf()
    expect(places.length).toBeGreaterThan(20)
    for (const place of places) {
      const silentLogin = place === 'askingProvider.redirecting' ? 'redirect' : 'iframe'
      const session = await sessionIn(place, place.startsWith('askingProvider') ? { policy: { silentLogin } } : {})
      const nodes: readonly { readonly id: string }[] = session.getSnapshot()._nodes
      expect(nodes.map(({ id }) => id)).toContain(`session.${place}`)
      await session.dispose()
    }
  }, 120_000)

  it('can be put into states of several regions at once', async () => {
    const session = await sessionIn(['active.access.refreshing.late', 'active.limits.warned', 'active.stepUp.inPopup'])
    expect(session.getSnapshot().value).toEqual({
      active: { access: { refreshing: 'late' }, limits: 'warned', stepUp: 'inPopup' },
    })
    expect(selectStatus(session.getSnapshot())).toBe('reconnecting')
  })

  it('goes on from there by its script', async () => {
    const session = await sessionIn('active.access.refreshing.late')
    const token = session.getAccessToken({ minTtl: 0 })
    session.script.grantTurn()
    await session.rest()
    session.script.settle('recheckVault', { outcome: 'same' })
    await session.rest()
    session.script.fail('requestTokens', new Error('The provider is down.'))
    await session.rest()
    expect(selectStatus(session.getSnapshot())).toBe('reconnecting')
    session.send({ type: 'logout' })
    await expect(token).rejects.toMatchObject({ code: 'session_ended' })
  })

  it('gives a token at once while it is signed in, and none when it is not', async () => {
    const session = await sessionIn('active.access.authenticated')
    expect(session.hasValid()).toBe(true)
    await expect(session.getAccessToken({ minTtl: 0 })).resolves.toBe('access-token-login-1-1')
    const signedOut = await sessionIn('loggedOut')
    await expect(signedOut.getAccessToken()).rejects.toMatchObject({ code: 'no_credentials' })
  })

  it('says so when no way leads there', async () => {
    await expect(sessionIn('askingProvider.inFrame')).rejects.toThrow(
      'No way leads to session.askingProvider.inFrame. Is the path right, and does the policy allow it?',
    )
  })

  it('is asked for by paths that the compiler knows', async () => {
    // @ts-expect-error There is no such state.
    await expect(sessionIn('active.access.refreshed')).rejects.toThrow('No way leads to')
  })
})
