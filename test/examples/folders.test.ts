import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, runNode } from '../../scripts/command.ts'
import { exampleNames, manifestOf } from '../../scripts/examples.ts'

// What can be said of the folders as they lie there.

const fileOf = (name: string, file: string) => join(root, 'docs/examples', name, file)
const textOf = (name: string, file: string) => readFileSync(fileOf(name, file), 'utf8')

function versionHere(name: string): string {
  const file = join(root, 'node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

describe.each(exampleNames)('%s', (name) => {
  test('asks for the versions that it is tested with', () => {
    const { dependencies, devDependencies } = manifestOf(name)
    const { sessionchart, ...others } = { ...dependencies, ...devDependencies }
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(sessionchart).toBe(`^${version}`)
    for (const [used, range] of Object.entries(others)) {
      // This house knows the compiler by another name.
      expect(range, used).toBe(`^${versionHere(used === 'typescript' ? '@typescript/native' : used)}`)
    }
  })

  test('is named in the index, and says of itself how to see it', () => {
    expect(textOf('', 'README.md')).toContain(`[${name}](${name})`)
    expect(textOf(name, 'README.md')).toContain(`npm run example -- ${name}`)
  })
})

test.each(['src/style.css', 'src/env.d.ts', '.env', 'server/who-asks.ts'])(
  'what one example has from another stays the same in both: %s',
  (file) => {
    const texts = exampleNames.filter((name) => existsSync(fileOf(name, file))).map((name) => textOf(name, file))
    expect(texts.length).toBeGreaterThan(1)
    expect(new Set(texts).size).toBe(1)
  },
)

test('all are compiled as strictly', () => {
  const strictness = exampleNames.map((name) => textOf(name, 'tsconfig.json').match(/"(strict|noUn|exact)\w*": \w+/g))
  for (const flags of strictness)
    expect(flags).toEqual(['"strict": true', '"noUncheckedIndexedAccess": true', '"exactOptionalPropertyTypes": true'])
})

test('npm run example refuses a name that is none, with the names that are', async () => {
  const { ok, output } = await runNode(['scripts/run.mjs', 'scripts/example.ts', 'recat-router'])
  expect(ok).toBe(false)
  expect(output).toContain('There is no example "recat-router"')
  expect(output).toContain(exampleNames.join(', '))
})
