import { expect, test } from 'vitest'
import { apiNames, apiPages } from '../../scripts/api.ts'
import { read } from './code.ts'

// The compiler takes seconds; once for both.
const names = apiNames()

test('the API reference is that of the declarations as they are', () => {
  const stale = apiPages(names).filter(({ path, text }) => read(path) !== text)
  expect(stale.map(({ path }) => `${path} is stale: npm run api`)).toEqual([])
})

test('every name that apps import from the package and its bindings has a docstring', () => {
  const own = names.filter(({ entry }) => entry === 'sessionchart' || entry === 'sessionchart/react')
  expect(own.length).toBeGreaterThan(80)
  expect(own.filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([])
})
