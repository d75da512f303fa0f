import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { preview } from 'vite'
import { startLocalProvider, type LocalProvider } from '../../idp/index.ts'
import { runNode, toolOf, type Outcome } from '../../scripts/command.ts'
import { copyExamples, environmentFor, exampleNames } from '../../scripts/examples.ts'
import { freePort } from '../../scripts/ports.ts'
import { launchBrowser, type LaunchedBrowser } from '../support/chromium.ts'
import { signInAtProvider, watchFaults, type Faults } from '../support/person.ts'

/** All examples, copied, built and served, with one provider and one browser for them. */
export interface Site {
  /** Holds a copy of each example in a folder of its name, and what they have installed. */
  readonly folder: string
  readonly provider: LocalProvider
  readonly browser: LaunchedBrowser
  urlOf(name: string): string
  /** What Vite said when it built the example. */
  builtOf(name: string): Outcome
  close(): Promise<void>
}

const build = (folder: string, env: Record<string, string>): Promise<Outcome> =>
  runNode([toolOf('vite', 'vite'), 'build'], { cwd: folder, env: { ...env, NODE_ENV: 'production' } })

export async function openSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'sessionchart-examples-'))
  const ports: Record<string, number> = {}
  for (const name of exampleNames) ports[name] = await freePort()
  const urlOf = (name: string) => `http://127.0.0.1:${ports[name]}`
  const provider = await startLocalProvider({ apps: exampleNames.map(urlOf), faults: true, rateLimit: 1000 })
  await copyExamples(folder, exampleNames)
  const environment = environmentFor(provider)
  // Also for the servers that some of them bring along, which run in this process.
  Object.assign(process.env, environment)
  const outcomes: Record<string, Outcome> = {}
  const serve = async (name: string) => {
    outcomes[name] = await build(join(folder, name), environment)
    const address = { host: '127.0.0.1', port: Number(ports[name]), strictPort: true, open: false }
    return preview({ root: join(folder, name), logLevel: 'error', preview: address })
  }
  const servers = await Promise.all(exampleNames.map(serve))
  const browser = await launchBrowser()
  return {
    folder,
    provider,
    browser,
    urlOf,
    builtOf: (name) => outcomes[name] ?? { ok: false, output: `${name} was not built`, seconds: 0 },
    async close() {
      await browser.close()
      await Promise.all([...servers.map((server) => server.close()), provider.stop()])
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

/** Somebody's browser, with what went wrong in it. */
export async function person({ browser }: Site): Promise<Visitor> {
  const context = await browser.newContext()
  context.setDefaultTimeout(15_000)
  return { context, faults: watchFaults(context) }
}

export interface Visitor {
  readonly context: BrowserContext
  readonly faults: Faults
}

/** By the button that every example has; in a window, if the example opens one. */
export async function logIn(page: Page, { provider }: Pick<Site, 'provider'>, who = 0): Promise<void> {
  const { username = '', password = '' } = provider.people[who] ?? {}
  const popup = page
    .context()
    .waitForEvent('page', { timeout: 15_000 })
    .catch(() => null)
  const leaving = page.waitForURL((url) => url.origin === provider.issuer).then(() => page)
  leaving.catch(() => {})
  await page.getByRole('button', { name: 'Log in' }).first().click()
  const there = (await Promise.race([popup, leaving])) ?? page
  await signInAtProvider(there, { username, password })
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** How much wider a page is than its window. */
export const widthLeft = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Runs in a page: notes in `seen` whatever text it shows from now on. */
export function noteTexts(): void {
  const seen: string[] = []
  Object.assign(globalThis, { seen })
  new MutationObserver(() => seen.push(document.documentElement.textContent)).observe(document, {
    childList: true,
    subtree: true,
  })
}
