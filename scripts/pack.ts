import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, runNode, type Outcome } from './command.ts'

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** npm itself, which a test may be run without. */
function npm(): string {
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  const file = process.env['npm_execpath'] ?? beside
  if (!existsSync(file)) throw new Error('npm was not found: run this by `npm run` or `npm test`')
  return file
}

/** Runs npm, without anybody's install script; throws what it said when it fails. */
export async function runNpm(args: readonly string[], cwd: string): Promise<Outcome> {
  const outcome = await runNode([npm(), ...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
  })
  if (!outcome.ok) throw new Error(`npm ${args.join(' ')} failed:\n${outcome.output}`)
  return outcome
}

/** Runs a command of an installed package by npx, as people type it; asks no registry. */
export const runNpx = (args: readonly string[], cwd: string): Promise<Outcome> =>
  runNode([join(dirname(npm()), 'npx-cli.js'), '--offline', ...args], { cwd })

/** The version of a package that this repository has, under the name by which it has it (an alias is followed). */
function versionHere(name: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}

/** Builds the package and packs it, as publishing would: the path of the tarball, which lies in `folder`. */
export async function pack(folder: string): Promise<string> {
  const built = await runNode(['scripts/run.mjs', 'scripts/build-package.ts'], { cwd: root })
  if (!built.ok) throw new Error(built.output)
  mkdirSync(folder, { recursive: true })
  const { output } = await runNpm(['pack', '--json', '--pack-destination', folder], root)
  const [packed] = JSON.parse(output.slice(output.indexOf('['))) as readonly { readonly filename: string }[]
  if (packed === undefined) throw new Error(`npm pack told no name:\n${output}`)
  return join(folder, packed.filename)
}

/**
 * Installs a tarball into a fresh app, with what the app uses beside it (names of packages that this repository has). The
 * versions are those of this repository, so that the same is tested today and tomorrow; `others`: packages that it has not, with theirs.
 */
export async function install(
  app: string,
  tarball: string,
  beside: readonly string[] = [],
  others: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Manifest
  const here = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, versionHere(name)]))
  const own = { ...here(beside), ...others }
  const through = here(
    [...Object.keys(dependencies), ...Object.keys(peerDependencies)].filter((name) => !(name in own)),
  )
  mkdirSync(app, { recursive: true })
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({
      name: 'app',
      type: 'module',
      private: true,
      dependencies: { sessionchart: `file:${tarball}`, ...own },
      overrides: through,
    }),
  )
  await runNpm(['install', '--prefer-offline'], app)
}
