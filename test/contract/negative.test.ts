import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../../idp/index.ts'
import { selectFacts, type LoginRequest } from '../../services/index.ts'
import { epochSeconds, logInAgain, makeKey, publish, publishedKeys, type Case, type Tampering } from './tampering.ts'
import { createWorld, expectStatus, type World } from './world.ts'
import { report } from '../support/report.ts'

/** Answers of a real provider, tampered with on their way: each is refused with its code, and the session that is there stays. */

let world: World
let generation: string | undefined
beforeAll(async () => {
  world = await createWorld()
})
/** The session that is there, and that no refused login may touch. */
async function signInOnce(): Promise<void> {
  if (generation !== undefined) return
  const session = await world.logIn(world.tab())
  generation = selectFacts(session.getSnapshot())?.generation
  await world.leave(session)
}
afterEach(() => world.provider.faults.clear())

const idToken = (tampering: Tampering) => (): Fault[] => [{ endpoint: 'token', kind: 'id_token', ...tampering }]
const answer =
  (set: Record<string, unknown>, remove: string[] = []) =>
  (): Fault[] => [{ endpoint: 'token', kind: 'rewrite', set, remove }]
/** s */
const day = 86_400
const elsewhere = 'https://evil.example'
const asked: LoginRequest = { maxAge: 600 }

const cases: readonly Case[] = [
  // Who says it, and to whom.
  {
    what: 'iss of another provider',
    module: 'invalid-iss',
    faults: idToken({ set: { iss: elsewhere } }),
    code: 'issuer_mismatch',
  },
  { what: 'no iss', faults: idToken({ remove: ['iss'] }), code: 'issuer_mismatch' },
  {
    what: 'iss with a slash more',
    faults: ({ provider }) => idToken({ set: { iss: `${provider.issuer}/` } })(),
    code: 'issuer_mismatch',
  },
  { what: 'no sub', module: 'missing-sub', faults: idToken({ remove: ['sub'] }), code: 'invalid_id_token' },
  { what: 'an empty sub', faults: idToken({ set: { sub: '' } }), code: 'invalid_id_token' },
  { what: 'sub that is a number', faults: idToken({ set: { sub: 7 } }), code: 'invalid_id_token' },
  {
    what: 'aud of another client',
    module: 'invalid-aud',
    faults: idToken({ set: { aud: 'another' } }),
    code: 'audience_mismatch',
  },
  { what: 'no aud', module: 'missing-aud', faults: idToken({ remove: ['aud'] }), code: 'audience_mismatch' },
  { what: 'an empty list for aud', faults: idToken({ set: { aud: [] } }), code: 'audience_mismatch' },
  {
    what: 'aud with strangers and no azp',
    faults: ({ provider }) => idToken({ set: { aud: [provider.clientId, 'another'] } })(),
    code: 'audience_mismatch',
  },
  { what: 'azp of another client', faults: idToken({ set: { azp: 'another' } }), code: 'audience_mismatch' },
  // When.
  { what: 'exp in the past', faults: idToken({ set: { exp: epochSeconds(-3_600) } }), code: 'id_token_expired' },
  {
    what: 'exp and iat long past',
    faults: idToken({ set: { iat: epochSeconds(-3 * day), exp: epochSeconds(-2 * day) } }),
    code: 'id_token_expired',
  },
  { what: 'no exp', faults: idToken({ remove: ['exp'] }), code: 'invalid_id_token' },
  { what: 'exp that is a text', faults: idToken({ set: { exp: 'never' } }), code: 'invalid_id_token' },
  { what: 'no iat', module: 'missing-iat', faults: idToken({ remove: ['iat'] }), code: 'issued_at_invalid' },
  {
    what: 'iat in the future',
    faults: idToken({ set: { iat: epochSeconds(2 * day), exp: epochSeconds(3 * day) } }),
    code: 'issued_at_invalid',
  },
  {
    what: 'auth_time older than max_age',
    request: asked,
    faults: idToken({ set: { auth_time: epochSeconds(-3_600) } }),
    code: 'authentication_too_old',
  },
  {
    what: 'no auth_time, though max_age asks for it',
    request: asked,
    faults: idToken({ remove: ['auth_time'] }),
    code: 'authentication_too_old',
  },
  // Which request, which tokens.
  {
    what: 'nonce of another request',
    module: 'nonce-invalid',
    faults: idToken({ set: { nonce: 'another' } }),
    code: 'nonce_mismatch',
  },
  { what: 'no nonce', faults: idToken({ remove: ['nonce'] }), code: 'nonce_mismatch' },
  {
    what: 'at_hash of another access token',
    module: 'invalid-athash',
    faults: idToken({ set: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } }),
    code: 'access_token_mismatch',
  },
  // By whom it is signed.
  { what: 'alg none', module: 'idtoken-sig-none', faults: idToken({ key: 'none' }), code: 'algorithm_refused' },
  {
    what: 'alg None, spelt to slip through',
    faults: idToken({ key: 'none', header: { alg: 'nOnE' } }),
    code: 'algorithm_refused',
  },
  {
    what: 'HMAC with the client ID for a key',
    module: 'invalid-sig-hs256',
    faults: ({ provider }) =>
      idToken({
        key: { kty: 'oct', alg: 'HS256', k: Buffer.from(provider.clientId.padEnd(32, '.')).toString('base64url') },
      })(),
    code: 'algorithm_refused',
  },
  {
    what: 'a broken RS256 signature',
    module: 'invalid-sig-rs256',
    faults: idToken({ key: 'broken' }),
    code: 'signature_invalid',
  },
  { what: 'no JWT at all', faults: idToken({ text: 'not a token' }), code: 'invalid_id_token' },
  { what: 'a JWT of two parts', faults: idToken({ text: 'e30.e30' }), code: 'invalid_id_token' },
  // The answer around it.
  { what: 'no ID token', faults: answer({}, ['id_token']), code: 'invalid_id_token' },
  { what: 'a token type that nobody knows', faults: answer({ token_type: 'mac' }), code: 'invalid_response' },
  { what: 'no token type', faults: answer({}, ['token_type']), code: 'invalid_response' },
  { what: 'no access token', faults: answer({}, ['access_token']), code: 'invalid_response' },
  {
    what: 'a discovery document of another issuer',
    module: 'discovery-issuer-mismatch',
    faults: () => [{ endpoint: 'discovery', kind: 'rewrite', set: { issuer: elsewhere } }],
    code: 'issuer_mismatch',
  },
  {
    what: 'a discovery document without jwks_uri',
    module: 'discovery-jwks-uri-keys',
    faults: () => [{ endpoint: 'discovery', kind: 'rewrite', remove: ['jwks_uri'] }],
    code: 'invalid_response',
  },
  {
    what: 'a key set that is none',
    faults: () => [{ endpoint: 'jwks', kind: 'rewrite', set: { keys: 'none' } }],
    code: 'invalid_response',
  },
  {
    what: 'an empty key set',
    faults: () => [{ endpoint: 'jwks', kind: 'rewrite', set: { keys: [] }, count: 'always' }],
    code: 'signature_invalid',
  },
  {
    what: 'an HTML page for a key set',
    faults: () => [{ endpoint: 'jwks', kind: 'invalid_json', body: 'html' }],
    code: 'invalid_response',
  },
  {
    what: 'a login response of another issuer (RFC 9207)',
    faults: () => [],
    response: ({ searchParams }) => searchParams.set('iss', elsewhere),
    code: 'issuer_mismatch',
  },
  {
    what: 'a login response that names no issuer',
    faults: () => [],
    response: ({ searchParams }) => searchParams.delete('iss'),
    code: 'issuer_mismatch',
  },
  {
    what: 'state of another request',
    faults: () => [],
    response: ({ searchParams }) => searchParams.set('state', 'another'),
    code: 'unknown_response',
  },
  {
    what: 'another code',
    faults: () => [],
    response: ({ searchParams }) => searchParams.set('code', 'another'),
    code: 'invalid_grant',
  },
]

const printed: string[] = []
/** With what a login was refused that met this, the session that was there untouched. */
const refusalOf = async ({ what, module, faults, ...rest }: Omit<Case, 'code'>): Promise<string> => {
  await signInOnce()
  const { ended, message, session } = await logInAgain(world, { ...rest, faults: faults(world) })
  printed.push(`  ${ended.padEnd(24)}${what}${module === undefined ? '' : `  [oidcc-client-test-${module}]`}`)
  expect(ended).not.toBe('completed')
  // People read what was wrong; nobody reads a token.
  expect(message.length).toBeGreaterThan(20)
  expect(message).not.toMatch(/eyJ/)
  await expectStatus(session, 'signedIn')
  expect(selectFacts(session.getSnapshot())?.generation, 'the session that was there').toBe(generation)
  await expect(session.getAccessToken()).resolves.toBeTypeOf('string')
  await world.leave(session)
  return ended
}

describe('P14 a login is refused, and the session that was there stays', () => {
  test.each(cases)('$what: $code', async ({ code, ...tampered }) => {
    expect(await refusalOf(tampered)).toBe(code)
  })

  test('signed by a stranger who borrows the name of a key: signature_invalid', async () => {
    const [{ kid = '' } = {}] = await publishedKeys(world)
    const key = { ...(await makeKey('RS256', kid)) }
    expect(
      await refusalOf({
        what: 'a stranger with the kid of the provider',
        faults: idToken({ key }),
      }),
    ).toBe('signature_invalid')
  })

  test.each(['RS256', 'ES256', 'PS256'])('signed by a stranger, %s: signature_invalid', async (alg) => {
    const key = { ...(await makeKey(alg, 'stranger')) }
    const module = alg === 'ES256' ? { module: 'invalid-sig-es256' } : {}
    expect(await refusalOf({ what: `a stranger with ${alg}`, ...module, faults: idToken({ key }) })).toBe(
      'signature_invalid',
    )
  })

  test('signed by a key that came along in the JWT itself: signature_invalid', async () => {
    const key = await makeKey('ES256')
    expect(
      await refusalOf({
        what: 'a key of its own in the header (jwk)',
        faults: idToken({ key: { ...key }, header: { kid: null, jwk: publish(key) } }),
      }),
    ).toBe('signature_invalid')
  })

  test('signed by a key that the provider has withdrawn: signature_invalid', async () => {
    const next = publish(await makeKey('RS256', 'next'))
    expect(
      await refusalOf({
        what: 'a key that was withdrawn',
        faults: () => [{ endpoint: 'jwks', kind: 'rewrite', set: { keys: [next] }, count: 'always' }],
      }),
    ).toBe('signature_invalid')
  })
})

afterAll(async () => {
  report(`${printed.length} tampered logins, and what each was refused with:\n${printed.join('\n')}`)
  await world.close()
})

test('every case was there and none passed silently', () => {
  expect(printed.length).toBe(cases.length + 6)
  expect(new Set(cases.map(({ what }) => what)).size).toBe(cases.length)
})
