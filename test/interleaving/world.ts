import { SessionError, selectFacts, selectStatus, type SessionErrorCode } from '../../machines/index.ts'
import { createSessionOn } from '../../services/create-session.ts'
import type { Keeper } from '../../services/credentials/types.ts'
import type { Session, SessionOptions } from '../../services/index.ts'
import { comeToRest, SteppingClock, testNow } from '../../services/memory/index.ts'
import type { SiblingMessage } from '../../services/browser/siblings.ts'
import { createMarks } from '../../services/vault/marks.ts'
import { createSharedVault } from '../../services/vault/shared.ts'
import { createStorage } from '../support/tab.ts'
import { Channels, Database, Locks, type Removed } from './browser.ts'
import { Counts } from './counts.ts'
import { Gate, type Order } from './gate.ts'
import { Network } from './network.ts'
import { origin, platformOf, type Listeners, type Shared } from './platform.ts'
import { lifetime, RotatingProvider } from './provider.ts'
import { crossing, longestWork, slice } from './times.ts'

export interface LiveTab {
  readonly name: string
  readonly gate: Gate
  readonly session: Session
  fire(event: string): void
  /** Who logs in next in this tab. */
  person: string
  /** What that login comes to; `null`: to a session. */
  refusal: SessionErrorCode | null
  /** Nobody wants anything else while this login is under way. */
  isLoginClear: boolean
}

const scope = 'encrypted|https://idp.example|app'

/** A browser profile with tabs, and a provider. Nothing happens in it but what the scheduler lets happen. */
export class World {
  readonly clock = new SteppingClock(testNow)
  readonly provider = new RotatingProvider()
  readonly database: Database
  readonly tabs: LiveTab[] = []
  readonly network = new Network(this.provider, this.clock, (token, gate) => this.#onSend(token, gate))
  /** Why a second use of a refresh token is nobody's fault: whoever had sent it could not write the answer any more. */
  readonly excuses = new Map<string, 'reusedAfterKill' | 'reusedAfterSilence'>()
  /** When a turn was taken from a tab, ms. */
  readonly #overruledAt = new Map<Gate, number>()
  readonly counts = new Counts()
  /** What people have the right to find at the end. Unknown where two of them wanted different things at once. */
  expected: 'in' | 'out' | 'unknown' = 'out'
  readonly complaints: string[] = []
  /** What the tabs told, for whoever reads a failure. */
  readonly told: string[] = []
  readonly locks: Locks
  readonly #marks: Storage | null
  readonly #shared: Shared
  readonly #scheduler: Order
  readonly #removed: Removed | null
  /** What the app wants of a tab's session besides, by the tab's name. */
  readonly #optionsOf: (tab: string) => Partial<SessionOptions>
  #count = 0

  constructor(
    scheduler: Order,
    removed: Removed | null = null,
    optionsOf = (_tab: string): Partial<SessionOptions> => ({}),
  ) {
    this.#scheduler = scheduler
    this.#removed = removed
    this.#optionsOf = optionsOf
    const storage = createStorage()
    this.#marks = removed === 'mark' ? null : storage
    this.database = new Database(removed)
    this.locks = new Locks(removed, (thief, holder, isTold) => this.#onSteal(thief, holder, isTold))
    this.#shared = {
      clock: this.clock,
      locks: this.locks,
      savingLocks: new Locks(null, () => {}),
      channels: new Channels((message, from, to) => this.#onPost(message, from, to)),
      storage,
      network: this.network,
    }
  }

  open(): LiveTab {
    this.#count += 1
    const name = `tab ${this.#count}`
    const gate = new Gate(this.#scheduler, this.clock, name)
    const listeners: Listeners = new Map()
    const session = createSessionOn(
      platformOf(this.#shared, gate, (this.#count * 0.37) % 1, listeners),
      {
        authority: 'https://idp.example',
        clientId: 'app',
        redirectUri: `${origin}/callback`,
        renewal: { lead: 20_000 },
        ...this.#optionsOf(name),
      },
      {
        vault: createSharedVault({
          connection: this.database.connect(gate),
          scope,
          marks: this.#marks,
          cabinet: {
            prepare: (_drawer, value) => Promise.resolve({ put: () => value, takeBack: () => {} }),
            load: (_drawer, kept) => Promise.resolve(kept),
            clear: () => {},
          },
        }),
        keeper: (keeper) => this.#keeper(keeper),
        provider: {
          renew: ({ tokens }) => this.network.renew(tokens.refreshToken ?? '', gate),
          loadProfile: (subject) => Promise.resolve({ sub: subject }),
          loadClaims: (subject) => Promise.resolve({ sub: subject }),
          revoke: async ({ tokens }) => {
            await gate.travel('revocation on its way')
            this.provider.revoke(tokens.refreshToken ?? '')
            return 'done'
          },
          leave: () => Promise.resolve('left'),
        },
        login: {
          lookAtAddress: () => ({ kind: 'nothing' }),
          silently: { redirect: () => Promise.resolve(), inFrame: () => Promise.reject(new Error('Nobody asks.')) },
          redirect: () => Promise.resolve(),
          relay: () => Promise.resolve(),
          complete: () => Promise.reject(new Error('There is nothing to complete.')),
          inPopup: async (_request, _signal, subject = tab.person) => {
            const { person, refusal } = tab
            await gate.pass('login')
            if (refusal !== null) throw new SessionError(refusal, `The login came to nothing: ${refusal}.`)
            if (person !== subject) throw new SessionError('subject_changed', 'It was another person.')
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
      refusal: null,
      isLoginClear: false,
      fire: (event) => {
        for (const listener of listeners.get(event) ?? []) listener(new Event(event))
      },
    }
    session.subscribe(() => this.#check(tab))
    session.actor.on('*', (fact) =>
      this.tell(`${name}: ${fact.type}${'reason' in fact ? ` (${String(fact.reason)})` : ''}`),
    )
    session.on('login.completed', () => {
      this.counts.logins += 1
      if (tab.isLoginClear) this.expected = 'in'
    })
    session.start()
    this.tabs.push(tab)
    return tab
  }

  /** Is there a login in the vault, and none that is marked as ended? */
  get isKept(): boolean {
    const generation = this.database.login?.generation ?? null
    return generation !== null && createMarks(this.#marks, scope).on(generation) === null
  }

  /** For whoever reads a failure. */
  tell(what: string): void {
    this.told.push(`${(this.clock.now() - testNow) / 1000} s ${what}`)
  }

  /** Is any other tab in the middle of a login or a logout? */
  isQuietBut(tab: LiveTab): boolean {
    return this.tabs.every((other) => other === tab || !['signingIn', 'signingOut'].includes(statusOf(other)))
  }

  kill(tab: LiveTab): void {
    // Its login may have been written, or not.
    if (statusOf(tab) === 'signingIn') this.expected = 'unknown'
    this.counts.kills += 1
    tab.gate.isOpen = false
    this.#excuse(tab.gate, 'reusedAfterKill')
    this.tabs.splice(this.tabs.indexOf(tab), 1)
    this.locks.forget(tab.gate)
    this.#shared.savingLocks.forget(tab.gate)
  }

  freeze(tab: LiveTab): void {
    this.counts.freezes += 1
    tab.gate.isFrozen = true
  }

  goOnline(tab: LiveTab): void {
    if (this.network.offline.delete(tab.gate)) tab.fire('online')
  }

  /** Lets everything under way come to its end, with time passing, until nothing changes any more. */
  async settle(): Promise<void> {
    this.provider.mood = 'well'
    for (const tab of this.tabs) {
      await tab.gate.thaw()
      this.goOnline(tab)
    }
    for (let round = 0; round < 4; round += 1) {
      await this.calm()
      for (const tab of this.tabs) tab.fire('focus')
      await this.pass(15_000, Infinity)
    }
    await this.calm()
  }

  /** Lets time pass while up to `pace` things happen in each slice of it. */
  async pass(ms: number, pace: number): Promise<void> {
    const end = this.clock.now() + ms
    for (;;) {
      await this.let(pace)
      const left = end - this.clock.now()
      if (left <= 0) return
      // Where nothing is under way, nothing happens before the next timer.
      const next = this.#scheduler.count() > 0 ? slice : Math.max(1, this.clock.waits()[0] ?? left)
      await this.clock.advance(Math.min(left, next))
    }
  }

  /** As long as something is scheduled, let it happen. */
  calm(): Promise<void> {
    return this.let(Infinity)
  }

  /** Lets up to so many things happen, in the order that the scheduler chooses. */
  async let(most: number): Promise<void> {
    await this.clock.advance(0)
    for (let steps = 0; steps < most && this.#scheduler.count() > 0; steps += 1) {
      if (steps > 5_000) throw new Error('The tabs do not come to rest.')
      this.counts.steps += 1
      await this.#scheduler.waitNext(1)
      await comeToRest()
      if (this.clock.waits()[0] === 0) await this.clock.advance(0)
    }
  }

  /** What this tab has sent for what the vault still holds, it will never write, or too late. */
  #excuse(gate: Gate, why: 'reusedAfterKill' | 'reusedAfterSilence'): void {
    const token = this.database.refreshToken
    if (token !== undefined && this.network.hasSent(token, gate)) this.excuses.set(token, why)
  }

  #onSteal(thief: Gate, holder: Gate, isTold: boolean): void {
    // Granted in the moment in which it began to take over, or not heard of yet: nothing was done with it, nothing is lost.
    if (thief === holder || !isTold) return
    this.counts.overruled = 1
    // Whoever is within reach must have answered, and must have been heard.
    this.tell(`${thief.tab} takes the turn from ${holder.tab}`)
    const isRight = thief.isOutOfReach || holder.isOutOfReach || this.network.hasWaited(holder, longestWork)
    if (isRight) {
      this.#overruledAt.set(holder, this.clock.now())
      this.#excuse(holder, 'reusedAfterSilence')
    } else this.complaints.push(`${thief.tab} overruled ${holder.tab}, which was not silent`)
  }

  #onSend(token: string, gate: Gate): void {
    // It found its voice again in the moment in which it was overruled.
    const hasCrossed = this.clock.now() - (this.#overruledAt.get(gate) ?? -Infinity) < crossing
    if (hasCrossed && this.locks.holder !== gate) this.excuses.set(token, 'reusedAfterSilence')
  }

  #onPost(message: unknown, from: Gate, to: Gate): boolean {
    const { kind } = message as SiblingMessage
    if (kind === 'turn.asked' || kind === 'turn.held') this.tell(`${from.tab} to ${to.tab}: ${kind}`)
    if (kind === 'turn.asked') this.counts.asked = 1
    if (kind !== 'turn.held') return true
    if (this.locks.holder === from) this.counts.answered = 1
    return this.#removed !== 'answer'
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
}

const statusOf = ({ session }: LiveTab) => selectStatus(session.getSnapshot())
