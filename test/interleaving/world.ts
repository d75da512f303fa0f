import type { Scheduler } from 'fast-check'
import { selectFacts, selectStatus, type SessionStatus } from '../../machines/index.ts'
import { createSessionOn } from '../../services/create-session.ts'
import type { Keeper } from '../../services/credentials/types.ts'
import type { Session } from '../../services/index.ts'
import { SteppingClock, testNow } from '../../services/memory/index.ts'
import type { Platform } from '../../services/browser/platform.ts'
import { createSharedVault } from '../../services/vault/shared.ts'
import { createStorage } from '../support/tab.ts'
import { Channels, Database, Gate, Locks, timersOf, type Removed } from './browser.ts'
import { lifetime, RotatingProvider } from './provider.ts'

export interface LiveTab {
  readonly name: string
  readonly gate: Gate
  readonly session: Session
  fire(event: string): void
  /** Who logs in next in this tab. */
  person: string
  /** Nobody wants anything else while this login is under way. */
  isLoginClear: boolean
}

const origin = 'https://app.example'
const scope = 'encrypted|https://idp.example|app'

/** A browser profile with tabs, and a provider. Nothing happens in it but what the scheduler lets happen. */
export class World {
  readonly clock = new SteppingClock(testNow)
  readonly provider = new RotatingProvider()
  readonly database: Database
  readonly tabs: LiveTab[] = []
  /** Tabs that were closed, perhaps in the middle of something: what they had sent may have been lost. */
  readonly killed = new Set<string>()
  /** Tabs that were overruled while nothing reached them, and nobody heard of them: as good as frozen. */
  readonly overruled = new Set<string>()
  /** What people have the right to find at the end. Unknown where two of them wanted different things at once. */
  expected: 'in' | 'out' | 'unknown' = 'out'
  readonly complaints: string[] = []
  /** What the tabs told, for whoever reads a failure. */
  readonly told: string[] = []
  readonly locks: Locks
  readonly #channels = new Channels()
  readonly #storage = createStorage()
  readonly #scheduler: Scheduler
  readonly #removed: Removed | null
  #count = 0

  constructor(scheduler: Scheduler, removed: Removed | null = null) {
    this.#scheduler = scheduler
    this.#removed = removed
    this.database = new Database(removed)
    this.locks = new Locks(removed, (thief, holder, isTold) => {
      this.overruled.add(holder.tab)
      // Every message has arrived, the question too, and the holder knows that it is one: it must have answered.
      if (isTold && !this.#channels.isTalking(thief, holder))
        this.complaints.push(`${thief.tab} overruled ${holder.tab}, which was not silent`)
    })
  }

  open(): LiveTab {
    this.#count += 1
    const name = `tab ${this.#count}`
    const gate = new Gate(this.#scheduler, name)
    const listeners = new Map<string, Set<(event: Event) => void>>()
    const platform = this.#platform(gate, name, listeners)
    const session = createSessionOn(
      platform,
      {
        authority: 'https://idp.example',
        clientId: 'app',
        redirectUri: `${origin}/callback`,
        renewal: { lead: 20_000 },
      },
      {
        vault: createSharedVault({
          connection: this.database.connect(gate),
          scope,
          marks: this.#removed === 'mark' ? null : this.#storage,
          cabinet: {
            prepare: (_drawer, value) => Promise.resolve({ put: () => value, takeBack: () => {} }),
            load: (_drawer, kept) => Promise.resolve(kept),
            clear: () => {},
          },
        }),
        keeper: (keeper) => this.#keeper(keeper),
        provider: {
          renew: async ({ tokens }) => {
            await gate.pass('request on its way')
            const answer = settled(() => this.provider.renew(tokens.refreshToken ?? '', name))
            await gate.pass('answer on its way')
            return answer()
          },
          loadProfile: (subject) => Promise.resolve({ sub: subject }),
          revoke: async ({ tokens }) => {
            await gate.pass('revocation on its way')
            this.provider.revoke(tokens.refreshToken ?? '')
          },
          leave: () => Promise.resolve(),
        },
        login: {
          lookAtAddress: () => Promise.resolve({ kind: 'nothing' }),
          silently: { redirect: () => Promise.resolve(), inFrame: () => Promise.reject(new Error('Nobody asks.')) },
          redirect: () => Promise.resolve(),
          relay: () => Promise.resolve(),
          complete: () => Promise.reject(new Error('There is nothing to complete.')),
          inPopup: async () => {
            const { person } = tab
            await gate.pass('login')
            return {
              answer: this.provider.logIn(person),
              subject: person,
              scope: 'openid offline_access',
              ceilingAt: undefined,
              profile: { sub: person },
            }
          },
        },
      },
    )
    const tab: LiveTab = {
      name,
      gate,
      session,
      person: 'alice',
      isLoginClear: false,
      fire: (event) => {
        for (const listener of listeners.get(event) ?? []) listener(new Event(event))
      },
    }
    session.subscribe(() => this.#check(tab))
    session.actor.on('*', (fact) =>
      this.told.push(`${name}: ${fact.type} ${'reason' in fact ? String(fact.reason) : ''}`),
    )
    session.on('login.completed', () => {
      if (tab.isLoginClear) this.expected = 'in'
    })
    session.start()
    this.tabs.push(tab)
    return tab
  }

  /** Is any other tab in the middle of a login or a logout? */
  isQuietBut(tab: LiveTab): boolean {
    return this.tabs.every((other) => other === tab || !['signingIn', 'signingOut'].includes(statusOf(other)))
  }

  kill(tab: LiveTab): void {
    // Its login may have been written, or not.
    if (statusOf(tab) === 'signingIn') this.expected = 'unknown'
    tab.gate.isOpen = false
    this.killed.add(tab.name)
    this.tabs.splice(this.tabs.indexOf(tab), 1)
    this.locks.forget(tab.gate)
  }

  /** Lets everything under way come to its end, with time passing, until nothing changes any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 12; round += 1) {
      await this.calm()
      for (const tab of this.tabs) tab.fire('focus')
      await this.calm()
      await this.clock.advance(7_000)
    }
    await this.calm()
  }

  /** As long as something is scheduled, let it happen. */
  async calm(): Promise<void> {
    await this.clock.advance(0)
    for (let steps = 0; this.#scheduler.count() > 0; steps += 1) {
      if (steps > 5_000) throw new Error('The tabs do not come to rest.')
      await this.#scheduler.waitNext(1)
      await this.clock.advance(0)
    }
  }

  /** Never is one person's token with another's facts, whatever is going on. */
  #check({ name, session }: LiveTab): void {
    const facts = selectFacts(session.getSnapshot())
    if (facts === null || selectStatus(session.getSnapshot()) !== 'signedIn' || !session.hasValid()) return
    if (facts.expiresAt - facts.storedAt !== lifetime * 1000)
      this.complaints.push(`${name} has facts of nobody’s write`)
  }

  #keeper(keeper: Keeper): Keeper {
    if (this.#removed === 'recheck') return { ...keeper, recheck: () => Promise.resolve({ outcome: 'same' }) }
    if (this.#removed !== 'confirmation') return keeper
    return {
      ...keeper,
      confirm: async (_facts, problem) => {
        await keeper.end(null, 'revoked')
        return { outcome: 'rejected', problem }
      },
    }
  }

  #platform(gate: Gate, name: string, listeners: Map<string, Set<(event: Event) => void>>): Platform {
    let ids = 0
    return {
      clock: { now: () => this.clock.now(), chance: () => 0.5 },
      timers: timersOf(gate, this.clock),
      randomId: () => `${name} ${(ids += 1)}`,
      localStorage: this.#storage,
      sessionStorage: null,
      locks: this.locks.of(gate),
      address: { href: () => `${origin}/`, origin, go: () => {}, goInstead: () => {}, replace: () => {} },
      openChannel: () => this.#channels.of(gate),
      openWindow: () => null,
      closeThisWindow: () => {},
      openFrame: () => ({ remove: () => {} }),
      isHiddenFrame: () => false,
      isPersonActing: () => true,
      isOnline: () => true,
      isVisible: () => true,
      listen: (event, listener) => {
        const all = listeners.get(event) ?? new Set()
        listeners.set(event, all.add(listener))
        return () => void all.delete(listener)
      },
    }
  }
}

const statusOf = ({ session }: LiveTab): SessionStatus => selectStatus(session.getSnapshot())

/** Does it now, and says later how it went. */
function settled<T>(work: () => T): () => T {
  try {
    const value = work()
    return () => value
  } catch (error) {
    return () => {
      throw error as Error
    }
  }
}
