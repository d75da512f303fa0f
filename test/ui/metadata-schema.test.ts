import { describe, expect, it } from 'vitest'
import type { UseUserMetadata } from '../../ui/react/index.ts'
import { checkMetadata, checkPatch, type StandardIssue, type StandardSchemaV1 } from '../../ui/react/standard-schema.ts'

interface Person {
  readonly country: string
}

function schemaOf<TOutput>(validate: StandardSchemaV1<TOutput>['~standard']['validate']): StandardSchemaV1<TOutput> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

const refusing = (...issues: StandardIssue[]) => schemaOf<Person>(() => ({ issues }))

describe('a schema for the metadata', () => {
  it('gives its own type and value', () => {
    const schema = schemaOf<Person>(() => ({ value: { country: 'Norway' } }))
    expect(checkMetadata(schema, { country: 'norway' })).toEqual({ value: { country: 'Norway' }, error: null })
  })

  it('names the keys that do not fit', () => {
    const schema = refusing(
      { message: 'Expected a text', path: ['country'] },
      { message: 'Expected a number', path: [{ key: 'plan' }, 'seats', 0] },
      { message: 'Too much' },
    )
    const { value, error } = checkMetadata(schema, { country: 5 })
    expect(value).toBeNull()
    expect(error?.code).toBe('metadata_invalid')
    expect(error?.message).toBe('country: Expected a text; plan.seats.0: Expected a number; Too much')
  })

  it('has to answer at once', () => {
    const schema = schemaOf<Person>(() => Promise.resolve({ value: { country: 'Norway' } }))
    expect(() => checkMetadata(schema, {})).toThrow(/asynchronously/)
  })
})

describe('a patch under a schema', () => {
  /** Texts only; `country` has to be there, and no more than two keys. */
  const schema = schemaOf<Readonly<Record<string, string>>>((value) => {
    const entries = Object.entries(value as object)
    const issues: StandardIssue[] = entries
      .filter(([, one]) => typeof one !== 'string')
      .map(([key]) => ({ message: 'Expected a text', path: [{ key }] }))
    if (!entries.some(([key]) => key === 'country')) issues.push({ message: 'Missing', path: ['country'] })
    if (entries.length > 2) issues.push({ message: 'Too many keys' })
    return issues.length === 0 ? { value: Object.fromEntries(entries) } : { issues }
  })
  const before = { country: 'Norway' }

  it.each([{ country: 'Sweden' }, { town: 'Oslo' }])('P19 takes %j', (patch) => {
    expect(() => checkPatch(schema, patch, before)).not.toThrow()
  })

  it.each([
    [{ town: 5 }, 'town: Expected a text'],
    [{ country: null }, 'country: Missing'],
    [{}, 'country: Missing'],
    [{ town: 'Oslo', street: 'Karl Johan' }, 'Too many keys'],
  ])('P19 refuses %j, naming the key', (patch, message) => {
    expect(() => checkPatch(schema, patch, before)).toThrow(
      expect.objectContaining({ code: 'metadata_invalid', message }),
    )
  })

  it('P19 minds only its own keys where something did not fit before', () => {
    const broken = { country: 5, one: 'a', two: 'b' }
    expect(() => checkPatch(schema, { one: 'c' }, broken)).not.toThrow()
    expect(() => checkPatch(schema, { one: 6 }, broken)).toThrow('one: Expected a text')
    expect(() => checkPatch(schema, { one: 6 }, broken)).not.toThrow('country')
  })

  it('P19 is typed by it', () => {
    const write = (details: UseUserMetadata<{ readonly country: string; readonly age?: number }>) => {
      details.patch({ country: 'Norway' })
      details.patch({ age: null })
      details.patch({})
      // @ts-expect-error a number is no country
      details.patch({ country: 5 })
      // @ts-expect-error there is no such key
      details.patch({ planet: 'Mars' })
    }
    expect(write).toBeTypeOf('function')
  })
})
