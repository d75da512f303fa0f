import type { JWK } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../idp/index.ts'
import { selectFacts, selectRenewal, selectRenewalProblem, type Session } from '../../services/index.ts'
import { completeAuthorization } from '../support/sign-in-by-http.ts'
import { logInAgain, makeKey, publish, publishedKeys, type Tampering } from './tampering.ts'
import { alice, createWorld, expectStatus, patience, renewalsAt, statusOf, type World } from './world.ts'

let world: World
beforeEach(async () => {
  // So that a renewal whose answer was refused can be tried again.
  world = await createWorld({ reuseWindow: 60 })
})
afterEach(() => world.close())

const tampered = (tampering: Tampering): Fault => ({ endpoint: 'token', kind: 'id_token', ...tampering })
/** What a key set holds from now on. */
const published = (keys: JWK[]): Fault => ({ endpoint: 'jwks', kind: 'rewrite', set: { keys }, count: 'always' })

describe('P14 what the standard allows is accepted', () => {
  test.each(['RS256', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'])('a signature by %s', async (alg) => {
    const key = await makeKey(alg, 'own')
    await world.leave(await world.logIn(world.tab()))
    const faults = [published([publish(key)]), tampered({ key: { ...key } })]
    expect(await logInAgain(world, { faults })).toMatchObject({ ended: 'completed' })
  })

  test('a key without a name, alone in its set, or among several (kid-absent-single-jwks, kid-absent-multiple-jwks)', async () => {
    const key = await makeKey('RS256')
    await world.leave(await world.logIn(world.tab()))
    const others = await Promise.all(['RS256', 'RS256', 'ES256'].map((alg) => makeKey(alg)))
    for (const keys of [[key], [...others, key]]) {
      world.provider.faults.clear()
      const faults = [published(keys.map(publish)), tampered({ key: { ...key }, header: { kid: null } })]
      expect(await logInAgain(world, { faults })).toMatchObject({ ended: 'completed' })
    }
  })

  test('an audience of several with this client as the authorized party, a list of one, and a clock of another time zone', async () => {
    await world.leave(await world.logIn(world.tab()))
    const { clientId } = world.provider
    const later = Math.floor(Date.now() / 1000) + 12 * 3_600
    for (const set of [
      { aud: [clientId, 'another'], azp: clientId },
      { aud: [clientId] },
      { iat: later, exp: later + 60 },
    ]) {
      expect(await logInAgain(world, { faults: [tampered({ set })] })).toMatchObject({ ended: 'completed' })
    }
  })

  test('an ID token without at_hash, which is optional from the token endpoint', async () => {
    await world.leave(await world.logIn(world.tab()))
    expect(await logInAgain(world, { faults: [tampered({ remove: ['at_hash'] })] })).toMatchObject({
      ended: 'completed',
    })
  })

  test('keys that the provider changed a moment before it signed (signing-key-rotation-just-before-signing)', async () => {
    const tab = world.tab()
    const session = await world.logIn(tab)
    const [old] = await publishedKeys(world)
    const next = await makeKey('RS256', 'next')
    // The keys of before were loaded with this answer's own login; from now on there is another.
    world.provider.faults.add(
      { endpoint: 'jwks', kind: 'rewrite', set: { keys: [old] }, count: 1 },
      published([publish(next)]),
      tampered({ key: { ...next } }),
    )
    session.send({ type: 'login' })
    const gone = tab.visited.length
    await expect.poll(() => tab.visited.length, patience).toBe(gone + 1)
    const callback = await completeAuthorization(tab.visited[gone] ?? '', alice)
    await world.leave(session)
    tab.arrive(callback)
    const after = world.open(tab)
    const told: string[] = []
    after.on('login.completed', () => told.push('completed'))
    after.on('login.failed', ({ problem }) => told.push(problem.code))
    await expect.poll(() => told, patience).toEqual(['completed'])
    expect(world.provider.requests.count({ endpoint: 'jwks' })).toBeGreaterThanOrEqual(3)
  })
})

describe('P14 a renewal brings an ID token of the same person, for this client, from this provider', () => {
  const problemOfRenewal = (session: Session) => {
    const renewal = selectRenewal(session.getSnapshot())
    return renewal === undefined ? undefined : selectRenewalProblem(renewal.getSnapshot())?.code
  }

  test.each<[string, Tampering, string]>([
    ['another issuer (refresh-token-invalid-issuer)', { set: { iss: 'https://evil.example' } }, 'issuer_mismatch'],
    ['another person (refresh-token-invalid-sub)', { set: { sub: 'mallory' } }, 'subject_mismatch'],
    ['another client', { set: { aud: 'another' } }, 'audience_mismatch'],
    ['another authorized party', { set: { azp: 'another' } }, 'audience_mismatch'],
    ['no expiry', { remove: ['exp'] }, 'invalid_id_token'],
    ['no time of issue', { remove: ['iat'] }, 'issued_at_invalid'],
    ['another access token', { set: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } }, 'access_token_mismatch'],
    ['alg none', { key: 'none' }, 'algorithm_refused'],
    ['a broken signature', { key: 'broken' }, 'signature_invalid'],
  ])('%s is refused, the old tokens stay, and the next renewal is taken', async (_, tampering, code) => {
    const session = await world.logIn(world.tab())
    const before = selectFacts(session.getSnapshot())
    world.provider.faults.add(tampered(tampering))
    const renewed = session.getAccessToken({ forceRenewal: true })
    await expect.poll(() => problemOfRenewal(session), patience).toBe(code)
    expect(statusOf(session)).toBe('signedIn')
    expect(session.hasValid()).toBe(true)
    expect(selectFacts(session.getSnapshot())).toEqual(before)
    await expect(renewed).resolves.toBeTypeOf('string')
    expect(selectFacts(session.getSnapshot())).toMatchObject({ subject: before?.subject, revision: 2 })
  })

  test('one that brings none at all is taken, with the old one kept', async () => {
    const session = await world.logIn(world.tab())
    world.provider.faults.add({ endpoint: 'token', kind: 'rewrite', remove: ['id_token'] })
    await session.getAccessToken({ forceRenewal: true })
    expect(selectFacts(session.getSnapshot())).toMatchObject({ revision: 2 })
  })

  test.each<[string, Fault]>([
    ['answers 503', { endpoint: 'jwks', kind: 'status', count: 'always' }],
    ['is cut off', { endpoint: 'jwks', kind: 'drop', count: 'always' }],
    ['answers with HTML', { endpoint: 'jwks', kind: 'invalid_json', body: 'html', count: 'always' }],
  ])('P8 a key set that %s costs no renewal: the claims alone decide', async (_, fault) => {
    const tab = world.tab()
    await world.leave(await world.logIn(tab))
    world.provider.faults.add(fault)
    const session = world.open(tab)
    await expectStatus(session, 'signedIn')
    await session.getAccessToken({ forceRenewal: true })
    expect(selectFacts(session.getSnapshot())).toMatchObject({ revision: 2 })
    expect(renewalsAt(world.provider)).toBe(1)
    // And decide they do.
    world.provider.faults.add(tampered({ set: { iss: 'https://evil.example' } }))
    const next = session.getAccessToken({ forceRenewal: true })
    await expect.poll(() => problemOfRenewal(session), patience).toBe('issuer_mismatch')
    await next
  })
})

describe('a code exchange that is cut', () => {
  const back = async (fault: Fault) => {
    const tab = world.tab()
    const before = world.open(tab)
    await before.ready
    before.send({ type: 'login' })
    await expect.poll(() => tab.visited.length, patience).toBe(1)
    const callback = await completeAuthorization(tab.visited[0] ?? '', alice)
    await world.leave(before)
    world.provider.faults.add(fault)
    tab.arrive(callback)
    return world.open(tab)
  }

  test.each<[string, Fault]>([
    ['before it got there', { endpoint: 'token', kind: 'drop' }],
    ['in the middle of a refusal for now', { endpoint: 'token', kind: 'status', status: 503, body: 'html' }],
    ['twice', { endpoint: 'token', kind: 'drop', count: 2 }],
  ])('P8 %s is sent again, and the person is signed in', async (_, fault) => {
    const session = await back(fault)
    await expectStatus(session, 'signedIn')
    await expect(session.getAccessToken({ forceRenewal: true })).resolves.toBeTypeOf('string')
  })

  test('P15 after the provider had given tokens is refused the second time, and a new login works', async () => {
    const session = await back({ endpoint: 'token', kind: 'drop', processed: true })
    await expectStatus(session, 'signedOut')
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(2)
    await world.leave(session)
    await world.logIn(world.tab())
  })

  test('P16 that waits for keys in vain is not begun, so that the code is unspent', async () => {
    const session = await back({ endpoint: 'jwks', kind: 'status', count: 'always' })
    await expectStatus(session, 'signedOut')
    expect(world.provider.requests.count({ endpoint: 'token' })).toBe(0)
  })
})
