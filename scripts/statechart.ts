import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { searchForWorkspaceRoot, type InlineConfig, type Plugin } from 'vite'
import { root } from './command.ts'
import { serveDev } from './demo-server.ts'
import { whenAskedToEnd } from './ending.ts'
import { freePort, PortTaken } from './ports.ts'

const usualPort = 4402

const usage = `Shows the charts of XState machines, on this machine only.

Usage: npm run statechart [-- path/to/machine.ts] [-- option…]

  path/to/machine.ts   a module that exports machines (default: Sessionchart's own); the page follows its changes
  --port N             the page's port (default ${usualPort}, or a free one if that is taken)
  --help               shows this`

class UsageError extends Error {}

const place = join(root, 'ui/statechart')

/** Puts the machines of a file into the page, in place of our own. What is wrong with it the page says, and goes on when it is mended. */
export function showMachinesOf(file: string): Plugin {
  const name = JSON.stringify(relative(process.cwd(), file))
  return {
    name: 'sessionchart-machines',
    enforce: 'pre',
    load(id) {
      if (id.split('?')[0] !== join(place, 'machines.ts')) return undefined
      return `
        import { machinesIn } from ${JSON.stringify(join(place, 'machines-in.ts'))}
        import { prepareElk } from ${JSON.stringify(join(root, 'ui/visualizer/layout/running-elk.ts'))}
        prepareElk()
        export let machines = []
        export let problem = null
        export const areOurs = false
        try {
          machines = machinesIn(await import(${JSON.stringify(file)}))
          if (machines.length === 0) problem = ${name} + ' exports no machine: export what createMachine or setup(…).createMachine returns.'
        } catch (reason) {
          problem = ${name} + ' cannot be loaded: ' + (reason instanceof Error ? reason.message : String(reason))
        }`
    },
  }
}

export interface StatechartPage {
  readonly url: string
  stop(): Promise<void>
}

/** The page alone, without app and provider. `file`: whose machines it shows; default: our own. */
export async function startStatechart({
  file,
  port,
  strictPort = false,
}: {
  readonly file?: string | undefined
  readonly port?: number
  readonly strictPort?: boolean
} = {}): Promise<StatechartPage> {
  const at = await freePort(port, strictPort)
  const config: InlineConfig = {
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    clearScreen: false,
    // A cache of its own: another server may be running.
    cacheDir: join(root, 'node_modules/.vite-statechart'),
    // Machines and page have to have the same XState.
    resolve: { dedupe: ['xstate'] },
    ...(file !== undefined && {
      plugins: [showMachinesOf(file)],
      server: { fs: { allow: [root, dirname(file), searchForWorkspaceRoot(dirname(file))] } },
    }),
  }
  const stop = await serveDev(config, at)
  return { url: `http://127.0.0.1:${at}/statechart/`, stop }
}

function readFlags(args: readonly string[]) {
  const options = { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  let parsed
  try {
    parsed = parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const { values, positionals } = parsed
  if (positionals.length > 1) throw new UsageError('It shows the machines of one file at a time')
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
    throw new UsageError(`--port takes a whole number from 1 to 65535, not ${JSON.stringify(values.port)}`)
  const [path] = positionals
  // npm runs scripts in the package's folder, and says where it was called.
  const file = path === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? process.cwd(), path)
  if (file !== undefined && !existsSync(file)) throw new UsageError(`There is no file ${file}`)
  return { file, port, help: values.help ?? false }
}

export async function main(args: readonly string[]): Promise<void> {
  try {
    const { file, port, help } = readFlags(args)
    if (help) return console.log(usage)
    const end = new Promise<void>((done) => whenAskedToEnd(() => done()))
    const page = await startStatechart({ file, port: port ?? usualPort, strictPort: port !== undefined })
    console.log(`
  Statecharts of ${file === undefined ? 'Sessionchart' : relative(process.cwd(), file)}

  Open         ${page.url}

  Ctrl-C ends it.
`)
    await end
    setTimeout(() => process.exit(0), 1500).unref()
    await page.stop()
    process.exit(0)
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof PortTaken)) throw error
    console.error(`${error.message}\n`)
    if (error instanceof UsageError) console.error(usage)
    process.exit(2)
  }
}
