import { expect, test } from 'vitest'
import { apiNames, apiPages } from '../../scripts/api.ts'
import { read } from './code.ts'

// The compiler takes seconds; once for both.
const names = apiNames()

test('the API reference is that of the declarations as they are', () => {
  const stale = apiPages(names).filter(({ path, text }) => read(path) !== text)
  expect(stale.map(({ path }) => `${path} is stale: npm run api`)).toEqual([])
})

test('every name that apps import has a docstring', () => {
  const { exports } = JSON.parse(read('package.json')) as {
    readonly exports: Readonly<Record<string, object | string>>
  }
  const entries = Object.keys(exports).filter((entry) => typeof exports[entry] === 'object')
  expect([...new Set(names.map(({ entry }) => entry))]).toEqual(
    entries.map((entry) => entry.replace('.', 'sessionchart')),
  )
  expect(names.filter(({ doc }) => doc === '').map(({ entry, name }) => `${entry}: ${name}`)).toEqual([])
})
