import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startLocalProvider, type LocalProvider } from '../idp/index.ts'
import { root } from './command.ts'
import { serveDev } from './demo-server.ts'
import { install, pack } from './pack.ts'
import { freePort } from './ports.ts'

const examples = join(root, 'docs/examples')

/** The folders under docs/examples. */
export const exampleNames: readonly string[] = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .toSorted()

export interface ExampleManifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

export const manifestOf = (name: string): ExampleManifest =>
  JSON.parse(readFileSync(join(examples, name, 'package.json'), 'utf8')) as ExampleManifest

/** A tool that this repository has is shared with the examples, because installing it takes longer than all they do with it. */
function linkTool(name: string, modules: string): void {
  const [here, there] = [join(root, 'node_modules', name), join(modules, name)]
  if (existsSync(there) || !existsSync(here)) return
  mkdirSync(dirname(there), { recursive: true })
  symlinkSync(here, there)
}

/**
 * Copies of these examples as somebody has them who copied them out of this repository, each in a folder of its name under
 * `folder`: with the packed package installed, and nothing of this tree in reach.
 */
export async function copyExamples(folder: string, names: readonly string[]): Promise<void> {
  const manifests = names.map(manifestOf)
  const keysOf = (key: keyof ExampleManifest) => new Set(manifests.flatMap((manifest) => Object.keys(manifest[key])))
  const used = [...keysOf('dependencies')].filter((name) => name !== 'sessionchart')
  await install(folder, await pack(folder), used)
  for (const tool of keysOf('devDependencies')) linkTool(tool, join(folder, 'node_modules'))
  for (const name of names)
    cpSync(join(examples, name), join(folder, name), {
      recursive: true,
      filter: (path) => !/[\\/](node_modules|dist)$/.test(path),
    })
}

/** What the examples ask their environment for: see their `.env`. */
export const environmentFor = ({ issuer, clientId }: LocalProvider) => ({
  VITE_AUTHORITY: issuer,
  VITE_CLIENT_ID: clientId,
})

export interface ServedExample {
  /** Without a slash at its end. */
  readonly url: string
  readonly provider: LocalProvider
  stop(): Promise<void>
}

/** Vite's development server with an example that was copied into this folder, and a provider of its own, on free ports. */
export async function serveExample(folder: string, name: string): Promise<ServedExample> {
  const port = await freePort(5173)
  const url = `http://127.0.0.1:${port}`
  const provider = await startLocalProvider({ port: await freePort(4401), apps: [url] })
  Object.assign(process.env, environmentFor(provider))
  try {
    const close = await serveDev(
      // What is installed lies beside the examples.
      { root: join(folder, name), logLevel: 'warn', clearScreen: false, server: { fs: { allow: [folder, root] } } },
      port,
    )
    return {
      url,
      provider,
      stop: async () => {
        await Promise.all([close(), provider.stop()])
      },
    }
  } catch (error) {
    await provider.stop()
    throw error
  }
}
