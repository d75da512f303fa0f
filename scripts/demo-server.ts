import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, preview, type InlineConfig } from 'vite'
import { startLocalProvider, type LocalProvider, type LocalProviderOptions } from '../idp/index.ts'
import { root, runNode, toolOf } from './command.ts'
import type { VaultKind } from '../services/index.ts'
import { demoConfigPlugin, type DemoConfig, type MetadataPlace } from './demo-config.ts'
import { freePort } from './ports.ts'

export interface DemoOptions {
  /** The development server, which follows changes, or the built app, which is what people get. */
  readonly mode: 'dev' | 'built'
  /** Of the app. Default: any free one; one that is taken is replaced by a free one. */
  readonly port?: number
  /** Fail with PortTaken instead of taking another port for the app. Default false. */
  readonly strictPort?: boolean
  /** Of the provider, likewise. */
  readonly providerPort?: number
  /** Of an access token, in seconds. */
  readonly tokenLifetime?: number
  /** Where the app keeps its credentials. Default `encrypted`. */
  readonly vault?: VaultKind
  /** The app binds its tokens to a key of the browser, and the provider takes no proof without a nonce. Default false. */
  readonly dpop?: boolean
  /** Where the app keeps user metadata. Default `auth0`: at the provider's user API. */
  readonly metadata?: MetadataPlace['kind']
  /** Origins of other apps that may log in at the provider, as the same client. Default: none. */
  readonly apps?: readonly string[]
  /** Lets tests inject faults at the provider. Default false. */
  readonly faults?: boolean
  /** Where the provider keeps what outlives it. Default: a folder that is removed at the end. */
  readonly dataFolder?: string
  /** What else the provider should know. */
  readonly provider?: Omit<LocalProviderOptions, 'apps' | 'port'>
  /** Replaces parts of what the app is told, to try a wrong configuration. */
  readonly config?: Partial<DemoConfig>
}

export interface Demo {
  /** The app's address, with a slash at its end. */
  readonly url: string
  readonly config: DemoConfig
  /** The provider that runs now, or ran last. */
  readonly provider: LocalProvider
  stopProvider(): Promise<void>
  /** Stops the provider if it runs, and starts it at the same address with the same data. */
  restartProvider(): Promise<LocalProvider>
  /** Ends app and provider, and frees both ports. */
  stop(): Promise<void>
}

const metadataClaim = 'https://sessionchart.example/user_metadata'

function placeOf(kind: MetadataPlace['kind'], { ownBackendUrl }: LocalProvider): MetadataPlace {
  if (kind === 'own-backend') return { kind, url: ownBackendUrl }
  return kind === 'claims' ? { kind, claim: metadataClaim } : { kind }
}

const configFile = join(root, 'vite.config.ts')

/** Builds the demo into a folder, as `npm run build` does, whatever NODE_ENV this process was started with. */
export async function buildDemo(folder: string): Promise<void> {
  const vite = [toolOf('vite', 'vite'), 'build', '--config', configFile, '--outDir', folder, '--emptyOutDir']
  const { ok, output } = await runNode(vite, { env: { NODE_ENV: 'production' } })
  if (!ok) throw new Error(`The demo could not be built:\n${output}`)
}

/** A suite builds once and says where in the environment; a process that was not told builds for itself, once. */
let built: Promise<string> | undefined
async function builtDemo(): Promise<string> {
  const given = process.env['SESSIONCHART_BUILT_DEMO']
  if (given) return given
  const folder = join(root, 'dist/app')
  return (built ??= buildDemo(folder).then(() => folder))
}

/** Vite's development server on 127.0.0.1; what it gives back ends it. */
export async function serveDev(config: InlineConfig, port: number): Promise<() => Promise<void>> {
  // A server of our own, because Vite's ends the whole process at SIGTERM, before the provider has written its data.
  const server = createHttpServer()
  const vite = await createServer({ ...config, server: { ...config.server, middlewareMode: true, ws: { server } } })
  server.on('request', vite.middlewares)
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done))
  return async () => {
    server.close()
    server.closeAllConnections()
    await vite.close()
  }
}

async function serveBuilt(config: InlineConfig, port: number): Promise<() => Promise<void>> {
  const address = { host: '127.0.0.1', port, strictPort: true, open: false }
  const server = await preview({ ...config, build: { outDir: await builtDemo() }, preview: address })
  return () => server.close()
}

async function serveApp(options: DemoOptions, current: () => DemoConfig | undefined) {
  const port = await freePort(options.port, options.strictPort)
  const config: InlineConfig = {
    configFile,
    logLevel: 'warn',
    clearScreen: false,
    plugins: [demoConfigPlugin(options.mode, current)],
  }
  const close = await (options.mode === 'dev' ? serveDev(config, port) : serveBuilt(config, port))
  return { port, close }
}

/** The app and its provider on 127.0.0.1, as `npm start` shows them and the browser tests use them. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const ownData = options.dataFolder === undefined
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'sessionchart-data-')))
  const tokenLifetime = options.tokenLifetime ?? 300
  const kind = options.metadata ?? 'auth0'
  const told: { config?: DemoConfig } = {}
  const app = await serveApp(options, () => told.config)
  const origin = `http://127.0.0.1:${app.port}`

  const startProvider = (port: number) =>
    startLocalProvider({
      port,
      apps: [origin, ...(options.apps ?? [])],
      tokenLifetime,
      dataFolder,
      faults: options.faults ?? false,
      dpopNonce: options.dpop ?? false,
      ...(kind === 'claims' ? { metadataClaim } : {}),
      ...options.provider,
    })
  let provider: LocalProvider
  try {
    provider = await startProvider(await freePort(options.providerPort))
  } catch (error) {
    await app.close()
    throw error
  }
  const providerPort = Number(new URL(provider.issuer).port)
  let running = true
  const config: DemoConfig = {
    authority: provider.issuer,
    clientId: provider.clientId,
    redirectUri: `${origin}/callback`,
    audience: provider.audience,
    tokenLifetime,
    vault: options.vault ?? 'encrypted',
    dpop: options.dpop ?? false,
    metadata: placeOf(kind, provider),
    ...options.config,
  }
  told.config = config

  const stopProvider = async () => {
    if (running) await provider.stop()
    running = false
  }
  return {
    url: `${origin}/`,
    config,
    get provider() {
      return provider
    },
    stopProvider,
    restartProvider: async () => {
      await stopProvider()
      provider = await startProvider(providerPort)
      running = true
      return provider
    },
    stop: async () => {
      await Promise.all([app.close(), stopProvider()])
      if (ownData) await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
