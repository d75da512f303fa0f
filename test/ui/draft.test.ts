import { describe, expect, it } from 'vitest'
import {
  change,
  changedKeys,
  emptyDraft,
  fieldOf,
  flagOf,
  nameProblem,
  ownKeys,
  patchFrom,
  remove,
  restore,
  type Draft,
} from '../../ui/app/metadata/draft.ts'
import { isSameValue } from '../../machines/index.ts'
import type { UserMetadata } from '../../machines/index.ts'

const saved: UserMetadata = { first_name: 'Alice', country: 'Norway', active: true, tea: 'green', plan: { seats: 2 } }

const typed = (key: string, text: string, draft: Draft = emptyDraft, metadata = saved) =>
  change(draft, metadata, key, { as: 'text', text })

describe('what is sent', () => {
  it('is only what was changed', () => {
    const draft = typed('country', 'Iceland', typed('first_name', 'Alicia'))
    expect(patchFrom(draft, saved)).toEqual({ first_name: 'Alicia', country: 'Iceland' })
  })

  it('is nothing at all for an untouched draft, never the empty patch that would remove everything', () => {
    expect(patchFrom(emptyDraft, saved)).toBeNull()
  })

  it('leaves out what was typed and typed back', () => {
    expect(patchFrom(typed('first_name', 'Alice', typed('first_name', 'Ali')), saved)).toBeNull()
  })

  it('removes the key of a field that was emptied, and says nothing of one that was never there', () => {
    expect(patchFrom(typed('first_name', ''), saved)).toEqual({ first_name: null })
    expect(patchFrom(typed('last_name', ''), saved)).toBeNull()
  })

  it('keeps an entry of one’s own whose text is empty', () => {
    expect(patchFrom(typed('tea', ''), saved)).toEqual({ tea: '' })
  })

  it('removes an own key with null', () => {
    expect(patchFrom(remove(emptyDraft, saved, 'tea'), saved)).toEqual({ tea: null })
  })

  it('replaces a nested value as a whole, and only when it differs', () => {
    const same = change(emptyDraft, saved, 'plan', { as: 'json', text: '{ "seats" : 2 }' })
    expect(patchFrom(same, saved)).toBeNull()
    const other = change(emptyDraft, saved, 'plan', { as: 'json', text: '{"seats":3}' })
    expect(patchFrom(other, saved)).toEqual({ plan: { seats: 3 } })
  })

  it('is nothing while something cannot be read, so that no half is saved', () => {
    const draft = change(typed('first_name', 'Alicia'), saved, 'plan', { as: 'json', text: '{"seats":' })
    expect(changedKeys(draft, saved)).toEqual(['first_name', 'plan'])
    expect(patchFrom(draft, saved)).toBeNull()
    expect(fieldOf(draft, saved, 'plan').problem).toMatch(/not valid JSON/)
  })

  it('does not take null for a value, because null removes', () => {
    const draft = change(emptyDraft, saved, 'plan', { as: 'json', text: 'null' })
    expect(fieldOf(draft, saved, 'plan').problem).toMatch(/Remove/)
  })

  it('holds false for a box that was switched off, and nothing for one that was never on', () => {
    const off = change(emptyDraft, saved, 'active', { as: 'flag', on: false })
    expect(patchFrom(off, saved)).toEqual({ active: false })
    expect(flagOf(off, saved)).toBe(false)
    expect(patchFrom(change(emptyDraft, {}, 'active', { as: 'flag', on: false }), {})).toBeNull()
  })

  it('takes names that objects have of themselves for what they are', () => {
    const draft = typed('constructor', 'me', typed('__proto__', 'you'))
    expect(nameProblem('toString', emptyDraft, saved)).toBeNull()
    expect(JSON.stringify(patchFrom(draft, saved))).toBe('{"__proto__":"you","constructor":"me"}')
  })
})

describe('what is typed', () => {
  it('survives whatever arrives meanwhile', () => {
    const draft = typed('first_name', 'Alicia')
    const arrived = { ...saved, country: 'Sweden' }
    expect(fieldOf(draft, arrived, 'first_name')).toMatchObject({ text: 'Alicia', changed: true, movedOn: false })
    expect(fieldOf(draft, arrived, 'country')).toMatchObject({ text: 'Sweden', changed: false })
    expect(patchFrom(draft, arrived)).toEqual({ first_name: 'Alicia' })
  })

  it('is no change any more once the same value has arrived', () => {
    const draft = typed('first_name', 'Alicia')
    expect(changedKeys(draft, { ...saved, first_name: 'Alicia' })).toEqual([])
  })

  it('says when the value below it was changed elsewhere', () => {
    const draft = typed('first_name', 'Alicia')
    expect(fieldOf(draft, { ...saved, first_name: 'Alison' }, 'first_name')).toMatchObject({
      text: 'Alicia',
      movedOn: true,
    })
  })

  it('counts as moved on from what stood there at the first keystroke, not the last', () => {
    const moved = { ...saved, first_name: 'Alison' }
    const draft = typed('first_name', 'Alicia', typed('first_name', 'Alic'), moved)
    expect(fieldOf(draft, moved, 'first_name').movedOn).toBe(true)
  })

  it('comes back when a removal is taken back', () => {
    const draft = restore(remove(emptyDraft, saved, 'tea'), 'tea')
    expect(fieldOf(draft, saved, 'tea')).toMatchObject({ text: 'green', removed: false, changed: false })
  })

  it('shows a removed entry until it is saved', () => {
    const draft = remove(emptyDraft, saved, 'tea')
    expect(ownKeys(draft, saved)).toEqual(['tea', 'plan'])
    expect(fieldOf(draft, saved, 'tea')).toMatchObject({ text: 'green', removed: true, changed: true })
  })

  it('forgets a new entry that is removed before it was saved', () => {
    const draft = typed('cake', 'lemon')
    expect(ownKeys(draft, saved)).toEqual(['tea', 'plan', 'cake'])
    expect(ownKeys(remove(draft, saved, 'cake'), saved)).toEqual(['tea', 'plan'])
  })
})

describe('the name of a new entry', () => {
  it.each([
    ['', /name/],
    ['  ', /name/],
    ['a.b', /dot/],
    ['a$b', /dollar/],
    ['first_name', /field of its own/],
    ['active', /field of its own/],
    ['tea', /already/],
  ])('refuses %j', (name, words) => {
    expect(nameProblem(name, emptyDraft, saved)).toMatch(words)
  })

  it('refuses one that is typed already or about to be removed', () => {
    expect(nameProblem('cake', typed('cake', 'lemon'), saved)).toMatch(/already/)
    expect(nameProblem('tea', remove(emptyDraft, saved, 'tea'), saved)).toMatch(/being removed/)
  })

  it('takes any other', () => {
    expect(nameProblem('favourite cake', emptyDraft, saved)).toBeNull()
  })
})

it('compares values as JSON does', () => {
  expect(isSameValue({ a: [1, { b: 2 }], c: 3 }, { c: 3, a: [1, { b: 2 }] })).toBe(true)
  expect(isSameValue([1], { 0: 1 })).toBe(false)
  expect(isSameValue({ a: undefined }, {})).toBe(false)
  expect(isSameValue(null, {})).toBe(false)
})
