import { expect, test } from 'vitest'
import { apiNames, apiPages } from '../../scripts/api.ts'
import { read } from './code.ts'

test('the API reference is that of the declarations as they are', { timeout: 120_000 }, () => {
  const stale = apiPages().filter(({ path, text }) => read(path) !== text)
  expect(stale.map(({ path }) => `${path} is stale: npm run api`)).toEqual([])
})

test('every name that apps import from the package and its bindings has a docstring', { timeout: 120_000 }, () => {
  const names = apiNames().filter(({ entry }) => entry === 'sessionchart' || entry === 'sessionchart/react')
  expect(names.length).toBeGreaterThan(80)
  expect(names.filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([])
})
