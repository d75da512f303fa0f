import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { DataFolderProblem } from '../idp/index.ts'
import type { VaultKind } from '../services/index.ts'
import { root } from './command.ts'
import type { MetadataPlace } from './demo-config.ts'
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
  --metadata KIND      where the details are kept: auth0 (default: the provider's user API), own-backend (a small REST
                       API with ETags) or claims (in the profile, to be looked at only)
  --app ORIGIN         lets an app of your own log in at the provider, e.g. http://localhost:5173 (Vite's); can be given often.
                       It is to come back to ORIGIN/callback after a login, and to ORIGIN/ after a logout
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

function metadataKind(value = 'auth0'): MetadataPlace['kind'] {
  const kind = (['auth0', 'own-backend', 'claims'] as const).find((known) => known === value)
  if (kind === undefined)
    throw new UsageError(`--metadata takes auth0, own-backend or claims, not ${JSON.stringify(value)}`)
  return kind
}

const vaultKinds: readonly VaultKind[] = ['encrypted', 'local', 'session', 'memory']

function vaultKind(value: string | undefined): VaultKind | undefined {
  const kind = vaultKinds.find((one) => one === value)
  if (value !== undefined && kind === undefined)
    throw new UsageError(`--vault takes one of ${vaultKinds.join(', ')}, not ${JSON.stringify(value)}`)
  return kind
}

/** An app at any other place could not be reached by the provider's page, or not without being overheard. */
function appOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null
  const isHere = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (!isHere || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new UsageError(
      `--app takes the origin of an app on this machine, e.g. http://localhost:5173, not ${JSON.stringify(value)}`,
    )
  return url.origin
}

function readFlags(args: readonly string[]) {
  const options = {
    'token-lifetime': { type: 'string' },
    vault: { type: 'string' },
    dpop: { type: 'boolean' },
    port: { type: 'string' },
    metadata: { type: 'string' },
    app: { type: 'string', multiple: true },
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
    metadata: metadataKind(values.metadata),
    apps: (values.app ?? []).map(appOrigin),
    faults: values.faults ?? false,
    help: values.help ?? false,
  }
}

/** What an app of one's own gives to `createSession`. */
const ownApps = ({ config }: Demo, apps: readonly string[]): string =>
  apps
    .map(
      (origin) =>
        `\n  Your app     ${origin}: authority '${config.authority}', clientId '${config.clientId}', redirectUri '${origin}/callback'`,
    )
    .join('')

function greeting(demo: Demo, wanted: number, apps: readonly string[]): string {
  const port = Number(new URL(demo.url).port)
  const { people, issuer } = demo.provider
  const logins = people.map(({ username, password }) => `${username.padEnd(8)} password  ${password}`)
  return `
  Sessionchart demo

  Open         ${demo.url}${port === wanted ? '' : `    (port ${wanted} was taken)`}
  Log in as    ${logins.join('\n               ')}

  Provider     ${issuer}, access tokens live ${demo.config.tokenLifetime} s
  Tokens       in the vault “${demo.config.vault}”${demo.config.dpop ? ', bound to a key of the browser (DPoP)' : ''}
  Kept in      ${relative(process.cwd(), dataFolder)}, so a restart loses nothing${ownApps(demo, apps)}

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
    apps: flags.apps,
    ...(flags.vault === undefined ? {} : { vault: flags.vault }),
    metadata: flags.metadata,
    ...(flags.tokenLifetime === undefined ? {} : { tokenLifetime: flags.tokenLifetime }),
  })
  const demo = await Promise.race([starting, end])
  if (!demo) return process.exit(0)
  console.log(greeting(demo, flags.port ?? appPort, flags.apps))
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
