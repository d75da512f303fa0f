import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './command.ts'
import { runNpm } from './pack.ts'

/** Where what we are compared with is installed when it is asked for, so that this repository's own install stays light. */
export const bench = join(root, 'bench')

export async function installPeers(): Promise<void> {
  if (existsSync(join(bench, 'node_modules/@auth0/auth0-spa-js'))) return
  console.error('Installing what is compared (bench/package.json)…')
  await runNpm(['ci'], bench)
}
