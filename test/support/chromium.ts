import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'
import { freePort } from '../../scripts/ports.ts'

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
]

function usualPlaces(): string[] {
  if (process.platform === 'darwin') {
    const apps = ['Chromium', 'Google Chrome', 'Microsoft Edge'].map((name) => `${name}.app/Contents/MacOS/${name}`)
    const homes = ['/Applications', join(process.env['HOME'] ?? '', 'Applications')]
    return homes.flatMap((home) => apps.map((app) => join(home, app)))
  }
  if (process.platform === 'win32') {
    const tails = [
      'Chromium/Application/chrome.exe',
      'Google/Chrome/Application/chrome.exe',
      'Microsoft/Edge/Application/msedge.exe',
    ]
    const homes = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].map((name) => process.env[name])
    return homes.flatMap((home) => (home ? tails.map((tail) => join(home, tail)) : []))
  }
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin']
  return names.flatMap((name) => folders.filter(Boolean).map((folder) => join(folder, name)))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The browser that was named, or the first in the usual places. Throws when the one that was named is not there. */
function findChromium(): string | undefined {
  for (const variable of ['SESSIONCHART_CHROMIUM', 'CHROMIUM_PATH']) {
    const named = process.env[variable]
    if (!named) continue
    if (isProgram(named)) return named
    throw new Error(
      `${variable} names ${named}, which is no program that can be run. Correct it, or unset it to look in the usual places.`,
    )
  }
  return usualPlaces().find(isProgram)
}

function canInstall(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false
  // Ubuntu's package of the same name is a stub for a snap, which a container cannot run.
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/** Not synchronous, so that Ctrl-C still ends the whole run. */
async function apt(args: readonly string[]): Promise<void> {
  const child = spawn('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer) => (output += chunk.toString())
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const code = await new Promise((done, fail) => child.once('error', fail).once('close', done))
  if (code !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${output}`)
}

/** The path of a Chromium, installed first where that is possible without asking. `say` hears what takes long. */
export async function ensureChromium(say: (line: string) => void = () => {}): Promise<string> {
  const found = findChromium()
  if (found) return found
  if (canInstall()) {
    say("      no Chromium found: installing Debian's package, which takes a minute or two…")
    await apt(['update', '-q'])
    // Without a font every text in a picture is a row of boxes.
    await apt(['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-liberation'])
    const installed = findChromium()
    if (installed) return installed
  }
  throw new Error(
    'The browser suite needs Chromium, Chrome or Edge, and none was found in the usual places. ' +
      'Install one, or name it: SESSIONCHART_CHROMIUM=/path/to/chromium npm test',
  )
}

export interface LaunchOptions {
  /** A folder that outlives the browser, so that the same person can come back. Default: a fresh one, removed at the end. */
  readonly profile?: string
  /** With a window, for watching a test. Default: the environment variable SESSIONCHART_HEADED. */
  readonly headed?: boolean
  /**
   * As people have it: one tab of the window is shown, the others are hidden, hidden ones can be frozen, and pages that are
   * left stay in the back-forward cache. Playwright's own contexts keep every page shown and throw away those that are left.
   */
  readonly lifelike?: boolean
  /** Options of the first context: size, colour scheme, locale and the like. */
  readonly context?: Parameters<Browser['newContext']>[0]
}

export interface LaunchedBrowser {
  /** One person's browser: its pages share storage, locks and channels, as tabs do. */
  readonly context: BrowserContext
  /** Another person's, sharing nothing with the first. Not for a kept profile, which is one person's. */
  newContext(options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>
  close(): Promise<void>
}

/** Chromium looks up and calls hosts of its own at every start, unless told not to. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function launchBrowser(options: LaunchOptions = {}): Promise<LaunchedBrowser> {
  const settings = {
    executablePath: await ensureChromium(),
    headless: !(options.headed ?? Boolean(process.env['SESSIONCHART_HEADED'])),
    args: quiet,
  }
  if (options.profile !== undefined) {
    const context = await chromium.launchPersistentContext(options.profile, { ...settings, ...options.context })
    const newContext = () =>
      Promise.reject(new Error('A kept profile is one person: launch another browser for another one.'))
    return { context, newContext, close: () => context.close() }
  }
  if (options.lifelike === true) return launchLifelike(settings)
  const browser = await chromium.launch(settings)
  const context = await browser.newContext(options.context)
  return { context, newContext: (more) => browser.newContext(more), close: () => browser.close() }
}

/** Playwright leaves the default context as it is only in a browser that it finds running. */
async function launchLifelike(settings: NonNullable<Parameters<typeof chromium.launch>[0]>): Promise<LaunchedBrowser> {
  const port = await freePort()
  const program = await chromium.launch({
    ...settings,
    args: [...(settings.args ?? []), `--remote-debugging-port=${port}`],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true })
  const [context] = browser.contexts()
  if (context === undefined) throw new Error('This browser has no context of its own.')
  const close = async (): Promise<void> => {
    await browser.close()
    await program.close()
  }
  return { context, newContext: (more) => browser.newContext(more), close }
}
