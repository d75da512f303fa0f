import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/**
 * A copy of the house without its rooms, to try rules on files that must not be in the repository. Its `node_modules` is a
 * link to ours. Rooms that are named come along as they are.
 */
export function throwawayHouse(
  files: Record<string, string>,
  rooms: readonly string[] = [],
): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'sessionchart-house-'))
  const house = ['package.json', 'tsconfig.json', 'vite.config.ts', 'vitest.config.ts', '.oxlintrc.json']
  for (const name of [...house, 'scripts', 'test/support', ...rooms]) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  // The link is no folder to the linter, which would read all of it.
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  // What a test ended may still be writing its last.
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }) }
}
