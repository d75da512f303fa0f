import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import {
  claimsUserMetadata,
  selectIsWritable,
  selectMetadata,
  selectMetadataProblem,
  selectMetadataStatus,
  selectProfile,
  selectProfileProblem,
  selectProfileStatus,
  selectReadOnlyReason,
  type Session,
} from '../../services/index.ts'
import {
  accountOf,
  createWorld,
  expectAccount,
  expectStatus,
  interfere,
  patience,
  statusOf,
  type World,
} from './world.ts'

let world: World
afterEach(() => world.close())

const isProfile = (session: Session, status: string) =>
  expect.poll(() => selectProfileStatus(accountOf(session)), patience).toBe(status)

describe('a provider that signs its answers of userinfo', () => {
  test('P18 is believed when it signed them for this client', async () => {
    world = await createWorld({ signedUserinfo: true })
    const types: (string | null)[] = []
    interfere((response, url) => {
      if (url.endsWith('/userinfo')) types.push(response.headers.get('Content-Type'))
      return response
    })
    const session = await world.logIn(world.tab())
    await expectAccount(session)
    expect(types).toEqual([expect.stringContaining('application/jwt')])
    expect(selectProfile(accountOf(session))).toMatchObject({ sub: 'local|alice', email: 'alice@example.com' })
    expect(selectProfile(accountOf(session))?.['iss']).toBe(world.provider.issuer)
  })

  /** A key of our own in the place of the provider's, and an answer that is signed by it, or as the test says. */
  async function answering(claims: JWTPayload, signed: 'well' | 'by a stranger' | 'not at all' | 'by a shared secret') {
    world = await createWorld()
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const stranger = await generateKeyPair('ES256')
    const header = { alg: 'ES256', kid: 'ours' }
    const whole = { iss: world.provider.issuer, aud: world.provider.clientId, sub: 'local|alice', ...claims }
    const sign = (): Promise<string> | string => {
      if (signed === 'not at all') return new UnsecuredJWT(whole).encode()
      if (signed === 'by a shared secret')
        return new SignJWT(whole)
          .setProtectedHeader({ alg: 'HS256', kid: 'ours' })
          .sign(new TextEncoder().encode('x'.repeat(32)))
      return new SignJWT(whole).setProtectedHeader(header).sign(signed === 'well' ? privateKey : stranger.privateKey)
    }
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'ours', use: 'sig' }] }
    let isOurs = false
    interfere(async (response, url) => {
      if (isOurs && url.endsWith('/jwks.json')) return Response.json(jwks)
      if (!url.endsWith('/userinfo')) return response
      isOurs = true
      return new Response(await sign(), { headers: { 'Content-Type': 'application/jwt; charset=utf-8' } })
    })
    const session = await world.logIn(world.tab())
    await expect.poll(() => selectProfileStatus(accountOf(session)), patience).not.toBe('loading')
    return session
  }

  const minutes = (count: number) => Math.floor(Date.now() / 1000) + count * 60

  test('P18 is believed with any of its keys', async () => {
    const session = await answering({ name: 'Signed', exp: minutes(5) }, 'well')
    expect(selectProfile(accountOf(session))?.name).toBe('Signed')
  })

  test.each([
    ['signed by a stranger', {}, 'by a stranger', 'signature_invalid'],
    ['not signed', {}, 'not at all', 'algorithm_refused'],
    ['signed by a secret that anyone could have', {}, 'by a shared secret', 'algorithm_refused'],
    ['of another issuer', { iss: 'https://evil.example' }, 'well', 'issuer_mismatch'],
    ['for another client', { aud: 'another-app' }, 'well', 'audience_mismatch'],
    ['for nobody', { aud: '' }, 'well', 'audience_mismatch'],
    ['out of date', { exp: minutes(-3_000) }, 'well', 'id_token_expired'],
    ['about another person', { sub: 'local|bob' }, 'well', 'subject_mismatch'],
  ] as const)(
    'P18 an answer %s is refused, and the session and the last profile stay',
    async (_, claims, signed, code) => {
      const session = await answering({ name: 'Signed', ...claims }, signed)
      expect(selectProfileProblem(accountOf(session))?.code).toBe(code)
      expect(selectProfile(accountOf(session))).toMatchObject({ sub: 'local|alice', given_name: 'Alice' })
      expect(statusOf(session)).toBe('signedIn')
    },
  )

  test('P18 keys that cannot be fetched just now fail the profile alone, and a reload mends it', async () => {
    world = await createWorld({ signedUserinfo: true })
    const tab = world.tab()
    const before = await world.logIn(tab)
    await isProfile(before, 'loaded')
    await world.leave(before)
    // Another page, which has no keys yet.
    world.provider.faults.add({ endpoint: 'jwks', kind: 'status', status: 503, count: 'always' })
    const session = world.open(tab)
    await isProfile(session, 'failed')
    expect(selectProfileProblem(accountOf(session))?.code).toBe('provider_unavailable')
    world.provider.faults.clear()
    session.send({ type: 'profile.reload' })
    await isProfile(session, 'loaded')
  })
})

describe('metadata in a claim', () => {
  const claim = 'https://sessionchart.example/user_metadata'

  /** By another app, which may write. */
  async function writtenBefore(): Promise<void> {
    world = await createWorld({ metadataClaim: claim })
    const writer = await world.logIn(world.tab())
    await expectAccount(writer)
    writer.send({ type: 'metadata.patch', patch: { first_name: 'Al', country: 'Canada' } })
    await expect.poll(() => selectMetadataStatus(accountOf(writer)), patience).toBe('ready')
    await world.leave(writer)
  }

  test('P19 is shown, cannot be changed, and the reason is told', async () => {
    await writtenBefore()
    const tab = world.tab()
    const session = world.open(tab, { metadata: claimsUserMetadata({ claim }) })
    await expectStatus(session, 'signedIn')
    await expectAccount(session)
    expect(selectMetadata(accountOf(session))).toEqual({ first_name: 'Al', country: 'Canada' })
    expect(selectIsWritable(accountOf(session))).toBe(false)
    expect(selectReadOnlyReason(accountOf(session))).toContain('can only be changed there')
    session.send({ type: 'metadata.patch', patch: { first_name: 'Bo' } })
    expect(selectMetadata(accountOf(session))).toEqual({ first_name: 'Al', country: 'Canada' })
    expect(session.getSnapshot().can({ type: 'metadata.patch', patch: { a: 1 } })).toBe(false)
    expect(world.provider.requests.count({ method: 'PATCH' })).toBe(1)
  })

  test('P19 is taken from the ID token where userinfo does not hold it', async () => {
    await writtenBefore()
    interfere(async (response, url) => {
      if (!url.endsWith('/userinfo') || !response.ok) return response
      const { [claim]: _, ...rest } = (await response.json()) as Readonly<Record<string, unknown>>
      return Response.json(rest)
    })
    const session = await world.logIn(world.tab(), { metadata: claimsUserMetadata({ claim }) })
    await expectAccount(session)
    expect(selectMetadata(accountOf(session))).toEqual({ first_name: 'Al', country: 'Canada' })
    expect(selectProfile(accountOf(session))).not.toHaveProperty([claim])
  })

  test('P19 that cannot be fetched is told to the app', async () => {
    world = await createWorld({ metadataClaim: claim })
    world.provider.faults.add({ endpoint: 'userinfo', kind: 'status', count: 'always' })
    const tab = world.tab()
    const session = await world.logIn(tab, { metadata: claimsUserMetadata({ claim }) })
    const told: string[] = []
    session.on('metadata.failed', ({ problem }) => told.push(problem.code))
    await expect.poll(() => selectMetadataStatus(accountOf(session)), patience).toBe('failed')
    expect(selectMetadataProblem(accountOf(session))?.code).toBe('provider_unavailable')
    await expect.poll(() => told, patience).toContain('provider_unavailable')
    world.provider.faults.clear()
    await expect.poll(() => selectMetadataStatus(accountOf(session)), patience).toBe('ready')
  })
})
