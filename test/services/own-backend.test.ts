import { describe, expect, test } from 'vitest'
import { claimsUserMetadata, ownBackendUserMetadata, type AdapterTools } from '../../services/index.ts'
import { answering } from './adapters.ts'
import { codeOf } from './samples.ts'

const url = 'https://app.example/api/me/metadata'
const having =
  (metadata: object, etag: string, status = 200) =>
  () =>
    Response.json(metadata, { status, headers: { ETag: etag } })
const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    Response.json({ message: 'in its words' }, { status: code, headers })

describe("a backend of the app's own", () => {
  test('is asked for the metadata, and told what it is to be compared with', async () => {
    const adapter = ownBackendUserMetadata({ url })
    const { asked, tools } = answering(having({ a: 1 }, '"1"'), having({ a: 1, b: 2 }, '"2"'), having({ b: 2 }, '"3"'))
    expect(await adapter.load(tools)).toEqual({ metadata: { a: 1 }, writable: true })
    expect(await adapter.save({ b: 2 }, tools)).toEqual({ metadata: { a: 1, b: 2 }, before: { a: 1 } })
    expect(await adapter.save({ a: null }, tools)).toEqual({ metadata: { b: 2 }, before: { a: 1, b: 2 } })
    expect(asked.map(({ method, body, headers }) => [method, body, headers.get('If-Match')])).toEqual([
      ['GET', undefined, null],
      ['PATCH', '{"b":2}', '"1"'],
      ['PATCH', '{"a":null}', '"2"'],
    ])
    expect(asked.map((request) => request.url)).toEqual([url, url, url])
  })

  test('P19 a change made elsewhere is read, this one applied to it and sent anew, and both are known', async () => {
    const adapter = ownBackendUserMetadata({ url })
    const { asked, tools } = answering(
      having({ a: 1 }, '"1"'),
      status(412),
      having({ a: 9 }, '"5"'),
      having({ a: 9, b: 2 }, '"6"'),
    )
    await adapter.load(tools)
    expect(await adapter.save({ b: 2 }, tools)).toEqual({ metadata: { a: 9, b: 2 }, before: { a: 9 } })
    expect(asked.map(({ method, headers }) => [method, headers.get('If-Match')])).toEqual([
      ['GET', null],
      ['PATCH', '"1"'],
      ['GET', null],
      ['PATCH', '"5"'],
    ])
  })

  test('P19 a change that had arrived although its answer was lost is not sent a third time', async () => {
    const adapter = ownBackendUserMetadata({ url })
    const { asked, tools } = answering(having({ a: 1 }, '"1"'), status(412), having({ a: 1, b: 2 }, '"2"'))
    await adapter.load(tools)
    expect(await adapter.save({ b: 2 }, tools)).toMatchObject({ metadata: { a: 1, b: 2 } })
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET'])
  })

  test('P19 one that is changed again and again is tried later', async () => {
    const adapter = ownBackendUserMetadata({ url })
    const steps = [status(412), having({ a: 2 }, '"2"')]
    const { asked, tools } = answering(having({ a: 1 }, '"1"'), ...steps, ...steps, ...steps, ...steps)
    expect(await codeOf(adapter.save({ b: 2 }, tools))).toBe('provider_unavailable')
    expect(asked.filter(({ method }) => method === 'PATCH')).toHaveLength(3)
  })

  test('one without ETags is sent changes without a precondition', async () => {
    const adapter = ownBackendUserMetadata({ url })
    const { asked, tools } = answering(() => Response.json({ a: 1 }))
    expect(await adapter.save({ a: 1 }, tools)).toEqual({ metadata: { a: 1 } })
    expect(asked.at(-1)?.headers.has('If-Match')).toBe(false)
  })

  test.each([
    [400, 'metadata_invalid'],
    [413, 'metadata_invalid'],
    [422, 'metadata_invalid'],
    [401, 'unauthorized'],
    [403, 'metadata_refused'],
    [428, 'metadata_refused'],
    [503, 'provider_unavailable'],
  ])('P19 %i becomes %s', async (code, ours) => {
    const adapter = ownBackendUserMetadata({ url })
    const { tools } = answering(having({}, '"1"'), status(code))
    expect(await codeOf(adapter.save({ a: 1 }, tools))).toBe(ours)
  })

  test.each([400, 401, 403])('P19 what %i says is told', async (code) => {
    const { tools } = answering(status(code))
    await expect(ownBackendUserMetadata({ url }).load(tools)).rejects.toThrow('in its words')
  })

  test('P19 says how long to wait, by either header', async () => {
    const adapter = ownBackendUserMetadata({ url })
    const after = answering(status(429, { 'Retry-After': '7' })).tools
    await expect(adapter.load(after)).rejects.toMatchObject({ retryAfter: 7_000 })
    const reset = answering(status(429, { 'X-RateLimit-Reset': '1800000012' })).tools
    await expect(adapter.load(reset)).rejects.toMatchObject({ retryAfter: 12_000 })
  })

  test('takes any names, and as many bytes as it is said to', () => {
    const adapter = ownBackendUserMetadata({ url, mostBytes: 20 })
    expect(() => adapter.check?.({ 'a.b': 1 }, null)).not.toThrow()
    expect(() => adapter.check?.({ a: 'x'.repeat(20) }, null)).toThrow('"a" is too long')
  })

  test('gets the token at its own origin, and says what a login must ask for', () => {
    expect(ownBackendUserMetadata({ url, audience: 'api', scope: 'metadata' })).toMatchObject({
      origins: ['https://app.example'],
      audience: 'api',
      scope: 'metadata',
    })
    expect(() => ownBackendUserMetadata({ url: '/api/me' })).toThrow(/"url" is not an absolute URL/)
  })
})

describe('metadata in a claim', () => {
  const claim = 'https://app.example/user_metadata'
  const adapter = claimsUserMetadata({ claim })
  const telling = (claims: object): AdapterTools => ({
    ...answering().tools,
    loadClaims: () => Promise.resolve({ ...claims }),
  })

  test('P19 is read, and cannot be changed', async () => {
    expect(await adapter.load(telling({ sub: 'a', [claim]: { country: 'PT' } }))).toEqual({
      metadata: { country: 'PT' },
      writable: false,
    })
    expect(adapter.readOnlyBecause).toContain('can only be changed there')
    expect(await codeOf(adapter.save({ a: 1 }, telling({})))).toBe('metadata_refused')
    expect(claimsUserMetadata({ claim, readOnlyBecause: 'Ask us.' }).readOnlyBecause).toBe('Ask us.')
  })

  test('that is not there is none; one that is no object is an error that names the claim, not its value', async () => {
    expect(await adapter.load(telling({ sub: 'a' }))).toMatchObject({ metadata: {} })
    await expect(adapter.load(telling({ [claim]: 'secret' }))).rejects.toThrow(
      `The claim "${claim}" holds no JSON object, but a string.`,
    )
    expect(await codeOf(adapter.load(telling({ [claim]: ['a'] })))).toBe('invalid_response')
  })

  test('needs a name', () => {
    expect(() => claimsUserMetadata({ claim: '' })).toThrow(/"claim" is missing/)
  })
})
