import { launchBrowser } from '../../test/support/chromium.ts'
import type { LoggedRequest } from '../../idp/index.ts'
import type { Demo } from '../demo-server.ts'
import { startDemo } from '../demo-server.ts'
import { createChance, createChaos, type Chaos } from './chaos.ts'
import { Tabs } from './tabs.ts'

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
  /** Sessions that ended because the provider had rotated and its answer reached no tab. */
  readonly sessionsLostUnavoidably: number
  /** The longest time that a tab was without a usable token, ms. */
  readonly longestGapMs: number
}

const lookEvery = 200
/**
 * A tab that was killed, or a network that went away, counts as the cause when it came this soon after the request that
 * rotated, ms: what becomes of an answer behind the provider's socket is not in its log. Faults hold answers back.
 */
const reach = (fault: LoggedRequest['fault']): number => (fault === 'delay' || fault === 'hang' ? 6_000 : 1_000)

/** Real tabs of the real app in one browser profile, against the rotating provider. */
export async function soak(options: SoakOptions, say: (line: string) => void): Promise<SoakResult> {
  const demo = await startDemo({
    mode: 'built',
    tokenLifetime: options.lifetime,
    faults: options.faults,
    // With keep-alive Chromium sends a POST again when its connection dies unanswered: a replay that no client can prevent.
    provider: { keepAlive: false, reuseWindow: options.reuseWindow },
  })
  const browser = await launchBrowser()
  const tabs = new Tabs(browser.context, demo)
  try {
    await tabs.prepare()
    while (tabs.pages.length < options.tabs) await tabs.open()
    await tabs.logIn()
    say(`${options.tabs} tabs are signed in; an access token lives ${options.lifetime} s.`)
    return await follow({
      options,
      demo,
      tabs,
      say,
      chaos: options.faults ? chaosOf(options, demo, tabs, browser.context) : null,
    })
  } finally {
    await browser.close()
    await demo.stop()
  }
}

const chaosOf = (
  options: SoakOptions,
  demo: Demo,
  tabs: Tabs,
  context: Parameters<typeof createChaos>[0]['context'],
): Chaos =>
  createChaos({
    demo,
    tabs,
    context,
    chance: createChance(options.seed),
    share: 0.2,
    count: options.tabs,
    lifetime: options.lifetime * 1000,
  })

interface Following {
  readonly options: SoakOptions
  readonly demo: Demo
  readonly tabs: Tabs
  readonly chaos: Chaos | null
  readonly say: (line: string) => void
}

async function follow({ options, demo, tabs, chaos, say }: Following): Promise<SoakResult> {
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
  let [lost, unavoidable, lastLogin, told] = [0, 0, Date.now(), 0]

  const noteLoss = async (): Promise<void> => {
    const since = renewals().filter(({ at }) => at >= lastLogin)
    const last = since.findLast(({ rotated }) => rotated === true)
    // Only the last rotation can have cost the session: whoever spent its refresh token had got the answers before it.
    const cut =
      last !== undefined &&
      (last.answered === false ||
        (chaos?.cuts ?? []).some(({ from, until }) => until >= last.at && from - last.at < reach(last.fault)))
    say(`what led to it: ${JSON.stringify({ renewals: since.slice(-4), cuts: chaos?.cuts.slice(-4) })}`)
    if (cut) unavoidable += 1
    else lost += 1
    say(`a session was lost${cut ? ', unavoidably: its renewed tokens reached no tab' : ''}; logging in again.`)
    await chaos?.calm()
    await tabs.logIn()
    lastLogin = Date.now()
  }

  // Bounded: faults slow things down, and a session that never comes back must not run for ever.
  const until = Date.now() + options.expiries * options.lifetime * (options.faults ? 4_000 : 2_000) + 60_000
  while (expiries() < options.expiries && Date.now() < until) {
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
    sessionsLost: lost,
    sessionsLostUnavoidably: unavoidable,
    longestGapMs: Math.round(tabs.longestGap),
  }
}
