import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright-core'
import type { Demo } from '../../../scripts/demo-server.ts'
import type { LaunchedBrowser } from '../../support/chromium.ts'
import { logOut, signInAtProvider, watchFaults, type Faults } from '../../support/person.ts'
import type { VisibleEdge } from '../visible.ts'
import type { Around, Setting } from './around.ts'
import { differences, inOneLine, loginWindow, sights } from './sights.ts'
import type { TappedWindow } from './tap.ts'
import type { DoingName } from './doing-names.ts'

/** How long a view may take to be as the model says, ms of real time. */
const patience = 6_000
const pause = 50

/** Why a wait may be noticed later than it is over by the model, ms of the page's clock. */
const slack = 2_000

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + patience
  while (!holds()) {
    if (Date.now() > end) throw new Error(`Waited ${patience / 1000} s in vain for ${what}.`)
    await sleep(pause)
  }
}

/** One person with a browser of their own, in one of the worlds. */
export interface Traveller {
  readonly faults: Faults
  open(): Promise<void>
  /** Does in Chromium what an edge of the model does. */
  perform(edge: VisibleEdge): Promise<void>
  /** Resolves once the page shows what belongs to this view; rejects with what it shows instead. */
  expectView(view: string): Promise<void>
  screenshot(path: string): Promise<void>
  close(): Promise<void>
}

type Fault = Parameters<Demo['provider']['faults']['add']>[0]
const outage = { kind: 'status', status: 503, retryAfter: 3_600, count: 'always' } as const

const modes: Readonly<Record<Around['provider'], readonly Fault[]>> = {
  well: [],
  ailing: [{ ...outage, endpoint: 'token', grantType: 'refresh_token' }],
  down: [{ ...outage, endpoint: 'any' }],
  silent: [{ endpoint: 'any', kind: 'hang', count: 'always' }],
  mute: [{ endpoint: 'token', grantType: 'authorization_code', kind: 'hang', count: 'always' }],
}

interface Parts {
  readonly demo: Demo
  readonly setting: Setting
  readonly browser: LaunchedBrowser
  watch(context: BrowserContext): Promise<void>
}

export async function createTraveller({ demo, setting, browser, watch }: Parts): Promise<Traveller> {
  const context = await browser.newContext()
  const faults = watchFaults(context)
  await watch(context)
  await context.clock.install({ time: Date.now() })
  const page = await context.newPage()
  /** The login window, while there is one. */
  const windows = (): readonly Page[] => context.pages().filter((one) => one !== page && one !== other)
  let other: Page | null = null
  let moves = 0

  const press = (name: string, on: Page = page) => on.getByRole('button', { name, exact: true }).click()
  const now = () => page.evaluate(() => Date.now())
  const times = () => page.evaluate(() => (window as unknown as TappedWindow).level3.times())

  let mode: Around['provider'] = 'well'
  /** How many requests the provider left without an answer so far; and before the last doing. */
  const held = () => demo.provider.requests.count({ fault: 'hang' })
  let heldBefore = 0
  const setProvider = (next: Around['provider']): void => {
    mode = next
    demo.provider.faults.clear()
    demo.provider.faults.add(...modes[mode])
  }
  /** What belongs to this world's provider goes for each login; a `session_expiry` by the clock of the pages. */
  const beforeLogin = async (): Promise<void> => {
    const ofLogins = { endpoint: 'token', grantType: 'authorization_code' } as const
    if (setting.greatestAge === undefined && setting.isRenewable) return
    setProvider(mode)
    if (!setting.isRenewable) demo.provider.faults.add({ ...ofLogins, kind: 'rewrite', remove: ['refresh_token'] })
    if (setting.greatestAge === undefined) return
    // The app ends 30 s before.
    const end = Math.ceil(((await now()) + setting.greatestAge) / 1_000) + 30
    demo.provider.faults.add({ ...ofLogins, kind: 'id_token', set: { session_expiry: end } })
  }
  const signIn = async (on: Page, who = 'alice'): Promise<void> => {
    await on.getByLabel('Password').waitFor()
    await beforeLogin()
    await signInAtProvider(
      on,
      demo.provider.people.find(({ username }) => username === who),
    )
  }
  const inWindow = async (then: (popup: Page) => Promise<void>): Promise<void> => {
    const [popup] = windows()
    if (popup === undefined) throw new Error('There is no login window.')
    await popup.getByLabel('Password').waitFor()
    await then(popup)
  }

  const elsewhere = async (then: (tab: Page) => Promise<void>): Promise<void> => {
    const tab = await context.newPage()
    other = tab
    await tab.goto(demo.url)
    await then(tab)
    await tab.close()
    other = null
  }
  const isIn = (tab: Page) =>
    tab
      .locator('.status output')
      .filter({ hasText: /^Signed in/ })
      .waitFor()
  const logInAgain = (who: string) =>
    elsewhere(async (tab) => {
      await isIn(tab)
      await tab.evaluate(() =>
        (window as unknown as TappedWindow).level3.send({ type: 'login', prompt: 'login', returnTo: '/' }),
      )
      await signIn(tab, who)
      await isIn(tab)
    })

  const wakeAfter = async (wait: string): Promise<void> => {
    const { [wait]: at } = await times()
    if (at === undefined) throw new Error(`There is no ${wait} in this page.`)
    await context.clock.setSystemTime(at + slack)
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  }
  const letPass = async (wait: string, ms: number): Promise<void> => {
    const { [wait]: at = 0 } = await times()
    const past = Math.max(ms, at - (await now())) + slack
    // What gives up waiting for an answer has asked first; a page that is still loading what it asks with has not.
    if (mode === 'silent' || mode === 'mute') await until(() => held() > heldBefore, 'a request that is not answered')
    await context.clock.fastForward(past)
  }

  const performers: Readonly<Record<DoingName, (edge: VisibleEdge) => Promise<unknown>>> = {
    'log in': async () => {
      await beforeLogin()
      await press('Log in')
    },
    'log in in a window': async () => {
      await beforeLogin()
      await press('Log in in a window')
    },
    'log in again': async () => {
      await beforeLogin()
      await press('Log in again')
    },
    'sign in at the login page': () => signIn(page),
    'cancel at the login page': () => press('Cancel'),
    'go back from the login page': () => page.goBack(),
    'sign in in the window': () => inWindow((popup) => signIn(popup)),
    'cancel in the window': () => inWindow((popup) => press('Cancel', popup)),
    'close the window': () => inWindow((popup) => popup.close()),
    cancel: () => press('Cancel'),
    'log out': () => logOut(page, 'Log out'),
    'log out of the provider as well': () => logOut(page, 'Log out of the provider as well'),
    'log out now': () => press('Log out now'),
    'stay signed in': () => press('Stay signed in'),
    'confirm in a window': () => page.getByRole('dialog').getByRole('button', { name: 'Log in again' }).click(),
    'cancel the confirmation': () => press('Cancel'),
    'renew now': () => press('Renew now'),
    'try now': () => press('Try now'),
    'come back too late': () => page.mouse.move(1 + (moves += 1), 1),
    reload: () => page.reload(),
    'call the API': () => press('Call the API'),
    'come back to the page': () => page.evaluate(() => window.dispatchEvent(new Event('focus'))),
    'clear the data of the site': async () => {
      await page.goto('about:blank')
      const devTools = await context.newCDPSession(page)
      const { origin } = new URL(demo.url)
      await devTools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb,local_storage' })
      await page.goto(demo.url)
    },
    'the storage fills up': () => page.evaluate(() => (window as unknown as TappedWindow).level3.fill(true)),
    'the storage has room again': () => page.evaluate(() => (window as unknown as TappedWindow).level3.fill(false)),
    'sleep past the renewal': () => wakeAfter('untilDue'),
    'sleep past the expiry': () => wakeAfter('untilExpiry'),
    'sleep past the warning': () => wakeAfter('untilWarning'),
    'sleep past the limit': () => wakeAfter('untilLimit'),
    'the provider goes down': async () => setProvider('down'),
    'the provider stops renewing': async () => setProvider('ailing'),
    'the provider falls silent': async () => setProvider('silent'),
    'the provider stops answering': async () => setProvider('silent'),
    'the provider takes no codes': async () => setProvider('mute'),
    'the provider comes back': async () => setProvider('well'),
    'the provider ends the session': async ({ from }) => {
      // What is still being loaded would be refused, and tell at once.
      if (from.view.startsWith('signedIn')) {
        await page.getByText('All changes are saved.').waitFor()
        await page.getByText(/^As the provider told it/).waitFor()
      }
      await demo.provider.endGrants(from.session.context.facts?.subject ?? 'alice')
    },
    'the network goes': () => context.setOffline(true),
    'the network comes back': () => context.setOffline(false),
    'another tab logs in': ({ from }) =>
      elsewhere(async (tab) => {
        await tab.getByRole('button', { name: 'Log in', exact: true }).waitFor()
        await beforeLogin()
        await press('Log in', tab)
        if (from.around.knownAs === null) await signIn(tab)
        await isIn(tab)
      }),
    'another tab logs in anew': ({ from }) =>
      logInAgain(from.session.context.facts?.subject === 'bob' ? 'bob' : 'alice'),
    'another person logs in in another tab': () => logInAgain('bob'),
    'another tab renews': ({ from, to }) =>
      elsewhere(async (tab) => {
        // A tab whose grant is ended is in until its first request is refused: too short to be waited for.
        if (!from.around.isRevoked) await isIn(tab)
        await tab.evaluate(async () => {
          const { session } = (window as unknown as TappedWindow).level3
          await session?.getAccessToken({ forceRenewal: true }).catch(() => {})
        })
        if (to.view.startsWith('signedOut')) await tab.getByRole('button', { name: 'Log in', exact: true }).waitFor()
      }),
    'another tab logs out': () =>
      elsewhere(async (tab) => {
        await isIn(tab)
        await tab.evaluate(() => (window as unknown as TappedWindow).level3.send({ type: 'logout' }))
        await tab.getByRole('button', { name: 'Log in', exact: true }).waitFor()
      }),
  }

  const look = async (): Promise<string> => {
    const texts = await Promise.all(
      [page, ...windows()].map(async (one) => inOneLine(await one.locator('body').ariaSnapshot({ timeout: 5_000 }))),
    )
    return texts.join(` ${loginWindow}`)
  }

  return {
    faults,
    async open() {
      setProvider('well')
      await page.goto(demo.url)
    },
    async perform(edge) {
      const { type } = edge.event
      const [, wait] = /^time: (.+)$/.exec(type) ?? []
      if (wait !== undefined) return letPass(wait, edge.takes)
      heldBefore = held()
      await performers[type as DoingName](edge)
    },
    async expectView(view) {
      const sight = sights[view]
      if (sight === undefined) throw new Error(`Nobody has said what a person sees in "${view}".`)
      const end = Date.now() + patience
      for (;;) {
        // A page that is on its way has no tree.
        const text = await look().catch((error: unknown) => String(error))
        const wrong = differences(sight, text)
        if (wrong.length === 0) return
        if (Date.now() > end) throw new Error(`In "${view}" the page ${wrong.join('; it ')}.\nIt reads: ${text}`)
        await sleep(pause)
      }
    },
    screenshot: async (path) => void (await page.screenshot({ path })),
    close: () => context.close(),
  }
}
