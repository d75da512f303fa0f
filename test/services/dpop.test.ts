import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createDpop } from '../../services/dpop/dpop.ts'
import { openProofKeys } from '../../services/dpop/keys.ts'
import { makeKeyPair, makeProof, readKey, thumbprintOf } from '../../services/dpop/proof.ts'
import { clockAt, codeOf } from './samples.ts'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

const failing = () =>
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError')
  })

test('a proof is a JWT as RFC 9449 has it, and the thumbprint is that of RFC 7638', async () => {
  const key = await readKey(await makeKeyPair())
  const proof = await makeProof(key, {
    url: 'https://api.example:8443/a%20b/?q=1#part',
    method: 'PATCH',
    id: 'id-1',
    issuedAt: 1_000,
    accessToken: 'abc',
    nonce: 'n',
  })
  const options = { typ: 'dpop+jwt', algorithms: ['ES256'], currentDate: new Date(1_000_000) }
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, options)
  expect(payload).toEqual({
    jti: 'id-1',
    htm: 'PATCH',
    htu: 'https://api.example:8443/a%20b/',
    iat: 1_000,
    ath: 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0',
    nonce: 'n',
  })
  expect(Object.keys(protectedHeader).toSorted()).toEqual(['alg', 'jwk', 'typ'])
  expect(await thumbprintOf(key)).toBe(await calculateJwkThumbprint(protectedHeader.jwk ?? {}))
})

describe('the key', () => {
  test('is the same for all tabs, and for each page that comes later', async () => {
    const pages = Array.from({ length: 5 }, () => openProofKeys('k'))
    const first = await Promise.all(pages.map((keys) => keys.load(false)))
    expect(new Set(await Promise.all(first.map(thumbprintOf))).size).toBe(1)
    expect(pages.every((keys) => keys.outlivesPage())).toBe(true)
  })

  test('in memory is one for each page, whoever asks first', async () => {
    const keys = openProofKeys(null)
    const all = await Promise.all([keys.known(), keys.load(true), keys.load(false), keys.known()])
    expect(new Set(await Promise.all(all.map(thumbprintOf))).size).toBe(1)
    expect(keys.outlivesPage()).toBe(false)
  })

  test('that cannot be read just now is not replaced by another one, but for a login', async () => {
    const stored = await thumbprintOf(await openProofKeys('k').load(false))
    const broken = failing()
    const keys = openProofKeys('k')
    expect(await codeOf(keys.known())).toBe('vault_unavailable')
    expect(await codeOf(keys.load(false))).toBe('vault_unavailable')
    expect(await thumbprintOf(await keys.load(true))).not.toBe(stored)
    expect(keys.outlivesPage()).toBe(false)
    broken.mockRestore()
    expect(await thumbprintOf(await keys.load(false))).toBe(stored)
  })

  test('that was read once is used while the storage fails', async () => {
    const keys = openProofKeys('k')
    const stored = await thumbprintOf(await keys.load(false))
    failing()
    expect(await thumbprintOf(await keys.load(false))).toBe(stored)
  })

  test('does not last until a redirect comes back where nothing can be stored', async () => {
    const parts = { clock: clockAt(0), randomId: () => 'id' }
    failing()
    const dpop = createDpop({ keys: openProofKeys('k'), ...parts })
    expect(await dpop.thumbprint('redirect')).toBeUndefined()
    expect(await dpop.thumbprint('popup')).toMatch(/^[\w-]{43}$/)
  })
})

describe('at the token endpoint', () => {
  const refusal =
    (error: string, headers: HeadersInit = {}) =>
    () =>
      Response.json({ error }, { status: 400, headers })
  const send = async (answer: () => Response) => {
    const dpop = createDpop({
      keys: openProofKeys(null),
      clock: clockAt(1_000_000),
      randomId: () => crypto.randomUUID(),
    })
    const transmit = vi.fn<() => Promise<Response>>(() => Promise.resolve(answer()))
    const request = { url: 'https://op.example/token', method: 'POST', purpose: 'renewal' } as const
    const response = await dpop.send(request, transmit)
    expect(await response.json()).toHaveProperty('error')
    return transmit.mock.calls.length
  }
  const nonce = { 'DPoP-Nonce': 'n' }
  const soon = { Date: new Date(1_001_000).toUTCString() }
  const later = { Date: new Date(1_002_000).toUTCString() }

  test.each<[string, HeadersInit, number]>([
    ['use_dpop_nonce', nonce, 2],
    ['use_dpop_nonce', {}, 1],
    ['invalid_dpop_proof', later, 2],
    ['invalid_dpop_proof', soon, 1],
    ['invalid_dpop_proof', { Date: 'soon' }, 1],
    // The refresh token was looked at: sent again it may count as a reuse.
    ['invalid_grant', { ...nonce, ...later }, 1],
    ['invalid_request', { ...nonce, ...later }, 1],
  ])('%s with %j is asked %d times', async (error, headers, times) => {
    expect(await send(refusal(error, headers))).toBe(times)
  })

  test('what has no JSON is asked once', async () => {
    const dpop = createDpop({ keys: openProofKeys(null), clock: clockAt(0), randomId: () => 'id' })
    const transmit = vi.fn<() => Promise<Response>>(() =>
      Promise.resolve(new Response('<p>', { status: 400, headers: { ...nonce, ...later } })),
    )
    await dpop.send({ url: 'https://op.example/token', method: 'POST', purpose: 'login' }, transmit)
    expect(transmit).toHaveBeenCalledTimes(1)
  })
})
