import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { DataFolderProblem } from '../idp/index.ts'
import type { VaultKind } from '../services/index.ts'
import { root } from './command.ts'
import { startDemo, type Demo } from './demo-server.ts'
import { whenAskedToEnd } from './ending.ts'
import { PortTaken } from './ports.ts'

const appPort = 4400
const providerPort = 4401
const dataFolder = join(root, '.sessionchart')

const usage = `Starts the demo app and a local OpenID provider for it, both on this machine only.

Usage: npm start [-- option…]

  --token-lifetime N   seconds until an access token expires (default 300); 20 lets you watch renewals
  --vault KIND         where the app keeps tokens: encrypted (default), memory, or, readable by every script, local, session
  --dpop               binds tokens to a key of the browser (RFC 9449); the provider then demands its nonces
  --port N             the app's port (default ${appPort}, or a free one if that is taken)
  --faults             lets tests make the provider slow, failing or silent
  --help               shows this`

class UsageError extends Error {}

function wholeNumber(name: string, value: string | undefined, least: number, most: number): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < least || number > most) {
    throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`)
  }
  return number
}

const vaultKinds: readonly VaultKind[] = ['encrypted', 'local', 'session', 'memory']

function vaultKind(value: string | undefined): VaultKind | undefined {
  const kind = vaultKinds.find((one) => one === value)
  if (value !== undefined && kind === undefined)
    throw new UsageError(`--vault takes one of ${vaultKinds.join(', ')}, not ${JSON.stringify(value)}`)
  return kind
}

function readFlags(args: readonly string[]) {
  const options = {
    'token-lifetime': { type: 'string' },
    vault: { type: 'string' },
    dpop: { type: 'boolean' },
    port: { type: 'string' },
    faults: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  let values
  try {
    values = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  return {
    tokenLifetime: wholeNumber('token-lifetime', values['token-lifetime'], 1, 86_400),
    vault: vaultKind(values.vault),
    dpop: values.dpop ?? false,
    port: wholeNumber('port', values.port, 1, 65_535),
    faults: values.faults ?? false,
    help: values.help ?? false,
  }
}

function greeting(demo: Demo, wanted: number): string {
  const port = Number(new URL(demo.url).port)
  const { people, issuer } = demo.provider
  const logins = people.map(({ username, password }) => `${username.padEnd(8)} password  ${password}`)
  return `
  Sessionchart demo

  Open         ${demo.url}${port === wanted ? '' : `    (port ${wanted} was taken)`}
  Log in as    ${logins.join('\n               ')}

  Provider     ${issuer}, access tokens live ${demo.config.tokenLifetime} s
  Tokens       in the vault “${demo.config.vault}”${demo.config.dpop ? ', bound to a key of the browser (DPoP)' : ''}
  Kept in      ${relative(process.cwd(), dataFolder)}, so a restart loses nothing

  Ctrl-C ends both.
`
}

async function serve(flags: ReturnType<typeof readFlags>): Promise<void> {
  const end = new Promise<void>((done) => whenAskedToEnd(() => done()))
  const starting = startDemo({
    mode: 'dev',
    port: flags.port ?? appPort,
    strictPort: flags.port !== undefined,
    providerPort,
    dataFolder,
    dpop: flags.dpop,
    faults: flags.faults,
    ...(flags.vault === undefined ? {} : { vault: flags.vault }),
    ...(flags.tokenLifetime === undefined ? {} : { tokenLifetime: flags.tokenLifetime }),
  })
  const demo = await Promise.race([starting, end])
  if (!demo) return process.exit(0)
  console.log(greeting(demo, flags.port ?? appPort))
  await end
  // An open connection is not worth waiting for.
  setTimeout(() => process.exit(0), 1500).unref()
  await demo.stop()
  process.exit(0)
}

export async function main(args: readonly string[]): Promise<void> {
  try {
    const flags = readFlags(args)
    if (flags.help) console.log(usage)
    else await serve(flags)
  } catch (error) {
    const isKnown = [UsageError, PortTaken, DataFolderProblem].some((kind) => error instanceof kind)
    if (!(error instanceof Error) || !isKnown) throw error
    console.error(`${error.message}\n`)
    if (error instanceof UsageError) console.error(usage)
    process.exit(2)
  }
}
