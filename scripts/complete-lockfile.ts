import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './command.ts'

// A tool with a native part names one optional package for each platform. A registry that mirrors only some of them makes
// `npm install` leave the others out of the lock file without a word, and then `npm ci` refuses the lock file, everywhere.
// Run `npm run lock:complete` after a change of dependencies; a registry that has them all leaves nothing to do.

interface Locked {
  version?: string | undefined
  dev?: boolean
  optionalDependencies?: Record<string, string>
}
type Packages = Record<string, Locked & Record<string, unknown>>

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64']

/** The platform in a name such as `@oxlint/binding-linux-arm-gnueabihf`. */
function platformOf(name: string): Record<string, string[]> {
  const words = (name.split('/').at(-1) ?? '').split('-')
  const os = words.filter((word) => systems.includes(word))
  const cpu = words.filter((word) => processors.includes(word))
  if (os.length !== 1 || cpu.length !== 1)
    throw new Error(`${name}: for which platform? Correct scripts/complete-lockfile.ts`)
  const libc = words.flatMap((word) => (word.startsWith('gnu') ? ['glibc'] : word.startsWith('musl') ? ['musl'] : []))
  return { cpu, os, ...(libc.length > 0 ? { libc } : {}) }
}

/** The order in which npm writes them, so that its next change of the file shows as nothing else. */
const inOrder = (entry: Locked & Record<string, unknown>) => {
  const { version, ...rest } = entry
  return { version, ...Object.fromEntries(Object.entries(rest).toSorted(([a], [b]) => a.localeCompare(b, 'en'))) }
}

/** Optional packages that a locked package names and the lock file lacks. */
export function missingFrom(packages: Packages): Packages {
  const missing: Packages = {}
  for (const [path, { dev, optionalDependencies }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      const place = `node_modules/${name}`
      if (packages[place] ?? packages[`${path}/${place}`]) continue
      // No integrity is known for what the registry does not have; npm takes it without, on the platform that needs it.
      missing[place] = inOrder({ version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) })
    }
  }
  return missing
}

export function readLockfile(): { packages: Packages } {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Packages }
}

export function main(): void {
  const lock = readLockfile()
  const missing = missingFrom(lock.packages)
  const all = Object.entries({ ...lock.packages, ...missing })
  const packages = Object.fromEntries(all.toSorted(([a], [b]) => a.localeCompare(b, 'en')))
  writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify({ ...lock, packages }, null, 2)}\n`)
  console.log(`${Object.keys(missing).length} optional packages added to package-lock.json`)
}
