import { launchBrowser } from '../../test/support/chromium.ts'
import type { Demo } from '../demo-server.ts'
import { startDemo } from '../demo-server.ts'
import { createChance, createChaos, type Chaos } from './chaos.ts'
import { Ledger } from './ledger.ts'
import { Tabs } from './tabs.ts'
import { makeClockMovable } from './watch.ts'

export interface SoakOptions {
  readonly tabs: number
  readonly expiries: number
  readonly faults: boolean
  /** Of an access token, s. */
  readonly lifetime: number
  /** How long the provider takes a spent refresh token again, s. */
  readonly reuseWindow: number
  readonly seed: number
}

export interface SoakResult {
  /** Access tokens that were due to be renewed, and were. */
  readonly expiries: number
  readonly tokenRequests: number
  readonly invalidGrant: number
  /** Sessions that ended although the provider and the network gave no reason. */
  readonly sessionsLost: number
  /** Sessions that ended because the provider had rotated and no tab could keep what it answered. */
  readonly sessionsLostUnavoidably: number
  /** Of these, those whose last answer did reach a tab, which was killed before it had written it. */
  readonly sessionsLostInHand: number
  /** The longest time that a tab was without a usable token, ms. */
  readonly longestGapMs: number
}

const lookEvery = 200
/** So that hours asleep are no idleness; s. */
const idleTimeout = 30 * 24 * 3600

/** Real tabs of the real app in one browser profile, against the rotating provider. */
export async function soak(options: SoakOptions, say: (line: string) => void): Promise<SoakResult> {
  const demo = await startDemo({
    mode: 'built',
    tokenLifetime: options.lifetime,
    faults: options.faults,
    // With keep-alive Chromium sends a POST again when its connection dies unanswered: a replay that no client can prevent.
    provider: { keepAlive: false, reuseWindow: options.reuseWindow, recordTokens: true },
    config: { idleTimeout },
  })
  const browser = await launchBrowser({ lifelike: true })
  const ledger = new Ledger(demo.provider)
  const tabs = new Tabs(browser.context, demo, ledger)
  const clock = moveClock()
  try {
    await tabs.prepare()
    while (tabs.pages.length < options.tabs) await tabs.open()
    await tabs.logIn()
    say(`${options.tabs} tabs are signed in; an access token lives ${options.lifetime} s.`)
    return await follow({
      options,
      demo,
      tabs,
      ledger,
      say,
      chaos: options.faults
        ? chaosOf(options, { demo, tabs, ledger, context: browser.context, setClock: clock.set })
        : null,
    })
  } finally {
    clock.restore()
    await browser.close()
    await demo.stop()
  }
}

const chaosOf = (
  options: SoakOptions,
  parts: Pick<Parameters<typeof createChaos>[0], 'demo' | 'tabs' | 'ledger' | 'context' | 'setClock'>,
): Chaos =>
  createChaos({
    ...parts,
    chance: createChance(options.seed),
    share: 0.2,
    count: options.tabs,
    lifetime: options.lifetime * 1000,
  })

/** The provider runs in this process, and sleeps by the same clock as the pages. */
function moveClock(): { set(ahead: number): void; restore(): void } {
  const real = Date
  makeClockMovable()
  const { soakLeap } = globalThis as unknown as { soakLeap(ms: number): void }
  return {
    set: soakLeap,
    restore: () => {
      globalThis.Date = real
    },
  }
}

interface Following {
  readonly options: SoakOptions
  readonly demo: Demo
  readonly tabs: Tabs
  readonly ledger: Ledger
  readonly chaos: Chaos | null
  readonly say: (line: string) => void
}

async function follow({ options, demo, tabs, ledger, chaos, say }: Following): Promise<SoakResult> {
  const renewals = () => demo.provider.requests.list({ endpoint: 'token', grantType: 'refresh_token' })
  /** Renewals of a token that had lived at least half its time: one for each expiry, whoever asked. */
  const expiries = (): number => {
    let last = -Infinity
    return renewals().filter(({ at, rotated }) => {
      if (rotated !== true || at - last < options.lifetime * 500) return false
      last = at
      return true
    }).length
  }
  const losses = { unreached: 0, inHand: 0, lost: 0 }
  let told = 0

  const noteLoss = async (): Promise<void> => {
    const { kind, why } = ledger.judge()
    losses[kind] += 1
    say(`what led to it: ${JSON.stringify({ renewals: renewals().slice(-4), acts: chaos?.acts.slice(-4) })}`)
    say(`what the tabs told: ${ledger.tail(12)}`)
    say(`a session was lost${kind === 'lost' ? '' : ', unavoidably'}: ${why}; logging in again.`)
    ledger.begin()
    await chaos?.calm()
    await tabs.logIn()
  }

  // Bounded: faults slow things down, and a session that never comes back must not run for ever.
  const until = performance.now() + options.expiries * options.lifetime * (options.faults ? 4_000 : 2_000) + 60_000
  while (expiries() < options.expiries && performance.now() < until) {
    await (chaos === null ? new Promise((done) => setTimeout(done, lookEvery)) : chaos.step())
    const seen = await tabs.look()
    if (seen.length > 0 && seen.every(({ status }) => status === 'signedOut')) await noteLoss()
    if (expiries() >= told + 5)
      say(`${(told = expiries())} of ${options.expiries} expiries, ${renewals().length} token requests.`)
  }
  await chaos?.calm()
  await tabs.look()
  return {
    expiries: expiries(),
    tokenRequests: renewals().length,
    invalidGrant: renewals().filter(({ error }) => error === 'invalid_grant').length,
    sessionsLost: losses.lost,
    sessionsLostUnavoidably: losses.unreached + losses.inHand,
    sessionsLostInHand: losses.inHand,
    longestGapMs: Math.round(tabs.longestGap),
  }
}
