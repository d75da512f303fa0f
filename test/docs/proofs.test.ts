import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
/** As the docs name a test: `contract/renewal` “what it is called”. */
const mention = /`([\w-]+(?:\/[\w-]+)+)` “([^”]+)”/g

function isThere(file: string, name: string): boolean {
  const path = [`test/${file}.test.ts`, `test/${file}.test.tsx`].find((one) => existsSync(join(root, one)))
  if (path === undefined) return false
  const source = readFileSync(join(root, path), 'utf8')
  return ["'", '"', '`'].some((quote) =>
    source.includes(`${quote}${name.replaceAll("'", quote === "'" ? "\\'" : "'")}${quote}`),
  )
}

test.each([
  ['docs/reliability.md', 50],
  ['docs/parity.md', 50],
  ['docs/security.md', 1],
  ['docs/doctor.md', 0],
])('every test that %s names exists', (path, least) => {
  const mentions = [...readFileSync(join(root, path), 'utf8').matchAll(mention)]
  const missing = mentions.filter(([, file = '', name = '']) => !isThere(file, name)).map(([text]) => text)
  expect(missing).toEqual([])
  expect(mentions.length).toBeGreaterThan(least)
})

test('every text that the page on reliability says people see is one of the demo’s', () => {
  const demo = readdirSync(join(root, 'ui/app'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(root, 'ui/app', file), 'utf8'))
    .join('\n')
  const rows = readFileSync(join(root, 'docs/reliability.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
  const seen = rows.flatMap((row) =>
    [...(row.split(' | ')[1] ?? '').matchAll(/"([^"]+)"/g)].map(([, text = '']) => text),
  )
  expect(seen.filter((text) => !demo.includes(text))).toEqual([])
  expect(new Set(seen).size).toBeGreaterThan(10)
})
