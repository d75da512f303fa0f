import { describe, expect, test } from 'vitest'
import { auth0UserMetadata } from '../../services/index.ts'
import { answering } from './adapters.ts'
import { codeOf } from './samples.ts'

const adapter = auth0UserMetadata({ domain: 'tenant.auth0.example' })

describe("Auth0's user API", () => {
  test('is asked for the metadata of the own user only, percent-encoded', async () => {
    const { asked, tools } = answering(() => Response.json({ user_metadata: { a: 1 } }))
    expect(await adapter.load(tools)).toEqual({ metadata: { a: 1 }, writable: true })
    expect(asked).toMatchObject([
      {
        url: 'https://tenant.auth0.example/api/v2/users/auth0%7C5f%2F7?fields=user_metadata&include_fields=true',
        method: 'GET',
        body: undefined,
      },
    ])
  })

  test('gives nothing for a user who never had any', async () => {
    const { tools } = answering(() => Response.json({}))
    expect(await adapter.load(tools)).toMatchObject({ metadata: {} })
  })

  test('gets a patch as it is, and tells the whole', async () => {
    const { asked, tools } = answering(
      () => Response.json({ user_metadata: { a: 1, c: 3 } }),
      () => Response.json({ user_metadata: { a: 1, b: 2 } }),
    )
    expect(await adapter.save({ b: 2, c: null }, tools)).toEqual({ metadata: { a: 1, b: 2 }, before: { a: 1, c: 3 } })
    expect(asked).toMatchObject([{ method: 'GET' }, { method: 'PATCH', body: '{"user_metadata":{"b":2,"c":null}}' }])
  })

  test('P19 is not sent what is there already, because an answer was lost', async () => {
    const { asked, tools } = answering(() => Response.json({ user_metadata: { a: 1, b: { c: [2] } } }))
    const there = { a: 1, b: { c: [2] } }
    expect(await adapter.save({ b: { c: [2] }, d: null }, tools)).toEqual({ metadata: there, before: there })
    expect(asked.map(({ method }) => method)).toEqual(['GET'])
  })

  test.each([
    [400, 'metadata_invalid'],
    [401, 'unauthorized'],
    [403, 'metadata_refused'],
    [404, 'metadata_refused'],
    [408, 'provider_unavailable'],
    [429, 'provider_unavailable'],
    [500, 'provider_unavailable'],
  ])('%i becomes %s', async (status, code) => {
    const { tools } = answering(() => Response.json({ message: 'in its words' }, { status }))
    expect(await codeOf(adapter.load(tools))).toBe(code)
  })

  test.each([400, 401, 403, 404])('what %i says is told', async (status) => {
    const { tools } = answering(() => Response.json({ message: 'in its words' }, { status }))
    await expect(adapter.load(tools)).rejects.toThrow('in its words')
  })

  test('an error that is no JSON is an error all the same', async () => {
    const { tools } = answering(() => new Response('<html>', { status: 403 }))
    expect(await codeOf(adapter.load(tools))).toBe('metadata_refused')
    expect(await codeOf(adapter.load(answering(() => new Response('<html>')).tools))).toBe('invalid_response')
  })
})

describe('a patch is checked before it is sent', () => {
  test.each([
    ['a.b', { 'a.b': 1 }],
    ['$set', { $set: 1 }],
    ['empty', { ' ': 1 }],
    ['"street.no" (in "address")', { address: { 'street.no': 1 } }],
    ['"$in" (in "list")', { list: [{ $in: 1 }] }],
    ['"text" is too long: it has 10003 bytes', { short: 'x', text: 'x'.repeat(10_001) }],
  ])('P19 %s', async (word, patch) => {
    expect(() => adapter.check?.(patch, null)).toThrow(word)
    const { asked, tools } = answering(() => Response.json({}))
    await expect(adapter.save(patch, tools)).rejects.toMatchObject({ code: 'metadata_invalid' })
    expect(asked.map(({ method }) => method)).not.toContain('PATCH')
  })

  test('P19 the limit is for all that the person keeps, and making less of it is always fine', () => {
    const known = { text: 'x'.repeat(9_000), other: 'y'.repeat(3_000) }
    expect(() => adapter.check?.({ more: 'z'.repeat(990) }, { text: known.text })).toThrow('"more" is too long')
    expect(() => adapter.check?.({ more: 'z'.repeat(900) }, { text: known.text })).not.toThrow()
    expect(() => adapter.check?.({ text: null }, known)).not.toThrow()
    expect(() => adapter.check?.({ other: 'y'.repeat(2_999) }, known)).not.toThrow()
    expect(() => adapter.check?.({}, known)).not.toThrow()
  })

  test('null, {} and numbers in lists are fine', () => {
    for (const patch of [{ a: null }, {}, { list: ['a.b', { b: 1 }] }])
      expect(() => adapter.check?.(patch, null)).not.toThrow()
  })
})

test('the domain may be an origin, and anything else is named', () => {
  expect(auth0UserMetadata({ domain: 'http://127.0.0.1:4000' }).origins).toEqual(['http://127.0.0.1:4000'])
  expect(auth0UserMetadata({ domain: 'tenant.auth0.example' }).audience).toBe('https://tenant.auth0.example/api/v2/')
  expect(() => auth0UserMetadata({ domain: 'not a domain' })).toThrow(/domain/)
})
