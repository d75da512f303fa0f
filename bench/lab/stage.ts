import type { BrowserContext, Page } from 'playwright-core'
import { startLocalProvider, type Fault, type LocalProvider, type LocalProviderOptions } from '../../idp/index.ts'
import type { Opened } from '../clients/client.ts'
import { serveApp, type AppServer } from './app-server.ts'
import { yardstickNames, type SeatName } from './pages.ts'

export interface StageOptions {
  readonly name: SeatName
  /** Of its built page. */
  readonly folder: string
  /** Of an access token, s; default 300. */
  readonly tokenLifetime?: number
  /** How long before expiry the client renews, if it can be told, s; default 60. */
  readonly lead?: number
  readonly provider?: Partial<LocalProviderOptions>
}

/** One client's app, and a provider of its own that rotates refresh tokens and ends a family whose token is used again. */
export class Stage {
  readonly name: SeatName
  readonly #app: AppServer
  readonly provider: LocalProvider

  private constructor(name: SeatName, app: AppServer, provider: LocalProvider) {
    this.name = name
    this.#app = app
    this.provider = provider
  }

  static async start({ name, folder, tokenLifetime = 300, lead = 60, provider: more }: StageOptions): Promise<Stage> {
    const started: { provider?: LocalProvider } = {}
    const app = await serveApp(folder, (origin) => ({
      issuer: started.provider?.issuer ?? '',
      clientId: started.provider?.clientId ?? '',
      redirectUri: `${origin}/callback`,
      lead,
    }))
    const provider = await startLocalProvider({ apps: [app.origin], tokenLifetime, faults: true, ...more })
    started.provider = provider
    return new Stage(name, app, provider)
  }

  get origin(): string {
    return this.#app.origin
  }

  /** These faults from now on, and no others; none: clear sky. */
  weather(faults: readonly Fault[]): void {
    this.provider.faults.clear()
    this.provider.faults.add(...faults)
  }

  async open(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${this.origin}/`)
    return page
  }

  /**
   * Logs in, by the provider's page where it wants to know who it is. Throws what the client says, or that it was not signed in
   * afterwards.
   */
  async logIn(page: Page): Promise<void> {
    await openedOf(page).catch(() => {})
    if (yardstickNames.some((name) => name === this.name)) {
      await page.evaluate(() => window.bench.client.login())
      return
    }
    const old = page.url()
    const leaving = page.waitForURL((url) => url.href !== old && (url.origin === this.origin || isLoginPage(url)))
    leaving.catch(() => {})
    await Promise.race([leaving, refusalOf(page)])
    if (new URL(page.url()).origin !== this.origin) {
      await page.getByLabel('Username or email').fill('alice')
      await page.getByLabel('Password').fill('looking-glass')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.waitForURL((url) => url.origin === this.origin)
    }
    const { user } = await settled(page)
    if (user === null) throw new Error('came back from the provider, and was not signed in')
  }

  async stop(): Promise<void> {
    await this.#app.stop()
    await this.provider.stop()
  }
}

const isLoginPage = (url: URL): boolean => url.pathname.startsWith('/interaction/')

/** Has the client go to the provider; rejects with what it throws, and never resolves: where it goes is seen from outside. */
async function refusalOf(page: Page): Promise<never> {
  const refusal = page.evaluate(() =>
    window.bench.client.login().then(
      () => new Promise<never>(() => {}),
      (error: unknown) => String(error),
    ),
  )
  const why = await refusal.catch(() => new Promise<never>(() => {}))
  throw new Error(why)
}

/** A page that comes from the provider may go on once more. */
async function settled(page: Page): Promise<Opened> {
  await page.waitForLoadState()
  return openedOf(page)
}

/** Rejects with what the client threw. */
export const openedOf = (page: Page): Promise<Opened> => page.evaluate(() => window.bench.opened)
