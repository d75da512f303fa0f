import { describe, expect, it } from 'vitest'
import { checkMetadata, type StandardIssue, type StandardSchemaV1 } from '../../ui/react/standard-schema.ts'

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
