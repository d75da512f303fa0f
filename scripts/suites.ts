import { existsSync, readdirSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'

/** Folders under test/ that hold what suites share. */
const shared = ['support', 'fixtures', 'mutants']

/** Every other folder under test/ is a suite, so a new one needs no line anywhere. */
export function suitesIn(root: string): string[] {
  const folder = join(root, 'test')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !shared.includes(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .toSorted()
}

/** Every test file of the project, as a path from the root, wherever it lies. */
export function testFilesIn(root: string, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'dist') return []
    const path = join(folder, entry.name)
    // The tests of an example run where the package is installed: test/examples takes them there.
    if (relative(root, path) === join('docs', 'examples')) return []
    if (entry.isDirectory()) return testFilesIn(root, path)
    return /\.(test|spec)(-d)?\.[mc]?[jt]sx?$/.test(entry.name) ? [relative(root, path).split(sep).join(posix.sep)] : []
  })
}
