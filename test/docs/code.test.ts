import { expect, test } from 'vitest'
import { blocksOf, complaints, pages as all, read } from './code.ts'

const pages = all.filter((page) => page === 'README.md' || (page.startsWith('docs/') && !page.startsWith('docs/api/')))

test('every block of TypeScript on the pages compiles against the entry points', { timeout: 120_000 }, () => {
  const blocks = pages.flatMap((page) => blocksOf(page, read(page)))
  // As many as there are fences: one that the pattern does not see would not be compiled.
  const fences = pages.flatMap((page) => read(page).match(/^\s*(`{3,}|~{3,})\s*(ts|tsx|typescript)\b/gim) ?? [])
  expect(blocks).toHaveLength(fences.length)
  expect(blocks.length).toBeGreaterThan(5)
  const wrong = blocksOf(
    'wrong.md',
    "```ts\nimport { createSession } from 'sessionchart'\ncreateSession({ vualt: 1 })\n```\n",
  )
  const told = complaints([...blocks, ...wrong])
  expect(told.filter((one) => !one.startsWith('wrong.md:1: '))).toEqual([])
  expect(told.join('\n')).toContain("'vualt' does not exist in type 'SessionOptions'")
})
