import type { BrowserContext } from 'playwright-core'
import type { Fault } from '../../idp/index.ts'
import type { Demo } from '../demo-server.ts'
import type { Ledger } from './ledger.ts'
import type { Tabs } from './tabs.ts'

/**
 * Every kind of fault at the token endpoint that a network or a provider has; each meets its share of the requests. Not
 * `invalid_grant`: a verdict ends a session by right.
 */
export const faults = [
  { kind: 'delay', delay: 1_500 },
  { kind: 'delay', delay: 1_500, processed: true },
  { kind: 'hang' },
  { kind: 'hang', processed: true },
  { kind: 'status', status: 503, body: 'json' },
  { kind: 'status', status: 503, body: 'html' },
  { kind: 'status', status: 502, body: 'html', cors: false },
  { kind: 'status', status: 504, body: 'empty', processed: true },
  { kind: 'status', status: 429, body: 'empty', retryAfter: 1 },
  { kind: 'status', status: 429, body: 'oauth', retryAfter: { dateIn: 1 } },
  { kind: 'status', status: 408, body: 'oauth' },
  { kind: 'drop', processed: false },
  { kind: 'drop', processed: true },
  { kind: 'drop', processed: true, partial: true },
  { kind: 'noCors' },
  { kind: 'invalid_json', body: 'broken' },
  { kind: 'invalid_json', body: 'html', processed: true },
  { kind: 'rewrite', set: { expires_in: 'soon' } },
  { kind: 'rewrite', remove: ['refresh_token', 'id_token', 'scope'], rotate: false },
] as const satisfies readonly DistributiveOmit<Fault, 'endpoint'>[]

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** A generator of pseudo-random numbers from 0 to 1 (mulberry32), so that a run can be repeated. */
export function createChance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface ChaosParts {
  readonly demo: Demo
  readonly tabs: Tabs
  readonly ledger: Ledger
  readonly context: BrowserContext
  readonly chance: () => number
  /** Of token requests that meet a fault. */
  readonly share: number
  /** Tabs to keep up, more or less. */
  readonly count: number
  /** Of an access token, ms. */
  readonly lifetime: number
  /** Moves the provider's clock ahead of the true time, ms. */
  setClock(ahead: number): void
}

export interface Chaos {
  /** Something happens. */
  step(): Promise<void>
  /** What was done, for whoever looks into a loss; epoch ms. */
  readonly acts: { readonly from: number; readonly until: number; readonly what: string }[]
  calm(): Promise<void>
}

export function createChaos({
  demo,
  tabs,
  ledger,
  context,
  chance,
  share,
  count,
  lifetime,
  setClock,
}: ChaosParts): Chaos {
  const acts: Chaos['acts'] = []
  /** ms that the clocks of pages and provider are ahead of the true time. */
  let ahead = 0
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(chance() * all.length)]
  const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

  const isUnderWay = (): boolean =>
    demo.provider.requests.list({ endpoint: 'token' }).some(({ status }) => status === undefined)
  const untilOneIsUnderWay = async (): Promise<void> => {
    const until = Date.now() + lifetime
    while (!isUnderWay() && Date.now() < until) await pause(5)
  }
  /** Keeps one fault ready for the next token request, or none. */
  const armFault = async (): Promise<void> => {
    demo.provider.faults.clear()
    const fault = pick(faults)
    if (fault === undefined || chance() >= share) return
    demo.provider.faults.add({ endpoint: 'token', grantType: 'refresh_token', count: 1, ...fault })
    if (fault.kind !== 'hang') return
    // The next fault that is armed lets it go.
    await untilOneIsUnderWay()
    await pause(lifetime * chance())
  }
  const kill = async (): Promise<void> => {
    const page = pick(tabs.pages)
    if (page === undefined || tabs.pages.length < 2) return
    const from = Date.now()
    await tabs.kill(page)
    acts.push({ from, until: Date.now(), what: 'tab killed' })
  }
  /** Waits for a renewal to be under way, and then kills a tab: the lock's holder, sooner or later. */
  const killInTheMiddle = async (): Promise<void> => {
    await untilOneIsUnderWay()
    await kill()
  }
  const goOffline = async (): Promise<void> => {
    const from = Date.now()
    const end = ledger.noteOffline()
    await context.setOffline(true)
    await pause(lifetime * (0.2 + chance()))
    await context.setOffline(false)
    end()
    acts.push({ from, until: Date.now(), what: 'offline' })
  }
  /** Two to eight hours, for which nothing runs in any tab; longer in truth than an access token lives. */
  const sleep = async () => {
    const from = Date.now()
    await tabs.sleep(lifetime * (1 + 0.5 * chance()), () => {
      ahead += Math.round((2 + 6 * chance()) * 3_600_000)
      setClock(ahead)
      return ahead
    })
    acts.push({ from, until: Date.now(), what: 'asleep' })
  }

  return {
    acts,
    async step() {
      await armFault()
      const dice = chance()
      if (dice < 0.25) await kill()
      else if (dice < 0.4) await killInTheMiddle()
      else if (dice < 0.5) await goOffline()
      else if (dice < 0.6) await sleep()
      while (tabs.pages.length < count) await tabs.open()
      await pause(lifetime * 0.2 * chance())
    },
    async calm() {
      demo.provider.faults.clear()
      await context.setOffline(false)
    },
  }
}
