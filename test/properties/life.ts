import {
  selectFacts,
  selectMetadata,
  selectAccount,
  selectSignedOutReason,
  selectStatus,
  toProblem,
} from '../../machines/index.ts'
import type { Removed } from '../interleaving/browser.ts'
import { lifetime } from '../interleaving/provider.ts'
import { World, type LiveTab } from '../interleaving/world.ts'
import { brokenAtTheFace, watchClaims, type Claims } from '../support/claims.ts'
import { FirstCome } from './first-come.ts'
import { Model, type Seat } from './model.ts'
import type { StepAround, StepInTab, WorldStep } from './steps.ts'
import { UserApi } from './user-api.ts'

/** How often each thing happened. */
export type Tally = Map<string, number>

/** A browser with tabs, a provider and a user API, and the model beside it. */
export class Life {
  readonly tally: Tally = new Map()
  /** What the tabs told, in order, but for profile and metadata that are fetched. */
  readonly told: string[] = []
  readonly #model = new Model()
  readonly #api = new UserApi()
  readonly #claims = new Map<string, Claims>()
  readonly #world: World

  /** `removed`: what is left out of the protocol, to see that it is missed. */
  constructor(removed: Removed | null = null) {
    this.#world = new World(new FirstCome(), removed, (tab) => {
      const claims = watchClaims()
      this.#claims.set(tab, claims)
      return { inspect: claims.inspect, metadata: this.#api.adapter }
    })
  }

  /** Plays a step until everything rests, and says what is wrong then. */
  async play(step: WorldStep): Promise<readonly string[]> {
    const { tabs } = this.#world
    // What happens in a tab that is not there does not happen, nor is a fourth tab opened.
    if ('tab' in step ? tabs[step.tab] === undefined : step.do === 'open' && tabs.length === 3) return []
    this.#count(step.do)
    this.#model.take(step)
    await ('tab' in step ? this.#playInTab(step) : this.#playAround(step))
    await this.#world.calm()
    return this.#look()
  }

  async #playAround(step: StepAround): Promise<void> {
    const world = this.#world
    switch (step.do) {
      case 'open':
        this.#open()
        return
      case 'pass':
        return world.pass(step.ms, Infinity)
      case 'sleep':
        for (const tab of world.tabs) world.freeze(tab)
        await world.pass(step.ms, Infinity)
        for (const tab of world.tabs) {
          await tab.gate.thaw()
          tab.fire('focus')
        }
        return
      case 'provider':
        world.provider.mood = step.is
        return
      case 'api':
        this.#api.isAway = step.is === 'away'
        return
      case 'revoke':
        return world.provider.revokeAll()
    }
  }

  async #playInTab(step: StepInTab): Promise<void> {
    const tab = this.#world.tabs[step.tab]
    if (tab === undefined) return
    const { session } = tab
    switch (step.do) {
      case 'close':
        return this.#world.kill(tab)
      case 'reload': {
        const { tabs } = this.#world
        this.#world.kill(tab)
        this.#open()
        // In the same place.
        tabs.splice(step.tab, 0, ...tabs.splice(-1))
        return
      }
      case 'login':
      case 'stepUp':
        Object.assign(tab, { person: step.person, refusal: null })
        return session.send({ type: step.do, via: 'popup' })
      case 'failLogin':
      case 'failStepUp':
        tab.refusal = step.code
        return session.send({ type: step.do === 'failLogin' ? 'login' : 'stepUp', via: 'popup' })
      case 'logout':
        return session.send({ type: 'logout' })
      case 'logoutAndClose':
        session.send({ type: 'logout' })
        return this.#world.kill(tab)
      case 'type':
        return session.send({ type: 'metadata.patch', patch: { [step.key]: step.value } })
      case 'offline':
        this.#world.network.offline.add(tab.gate)
        return
      case 'online':
        return this.#world.goOnline(tab)
      case 'look':
        return tab.fire('focus')
      case 'need':
        return session.send({ type: 'token.required' })
    }
  }

  #open(): void {
    const tab = this.#world.open()
    tab.session.actor.on('*', (fact) => {
      const what = 'reason' in fact ? `${fact.type} (${fact.reason})` : fact.type
      this.#count(what)
      if (!/^(profile|metadata)\.(loaded|failed)$/.test(what)) this.told.push(`${tab.name}: ${what}`)
    })
  }

  /** What is wrong with where everything rests. */
  async #look(): Promise<readonly string[]> {
    const world = this.#world
    const faults = [...world.complaints]
    if (!world.isKept && this.#model.kept.person !== null) {
      faults.push(...this.#excuseLoss())
      this.#model.end('revoked')
    } else if (world.isKept && this.#model.kept.person === null)
      faults.push('P12 a session is kept, and nobody should be in')
    for (const [place, tab] of world.tabs.entries()) {
      const seat = this.#model.seats[place]
      const wrong = [
        ...(seat === undefined ? ['is not expected'] : await wrongAt(tab, seat, world)),
        ...(await brokenAtTheFace(tab.session)),
        ...(this.#claims.get(tab.name)?.broken() ?? []),
      ]
      faults.push(...wrong.map((what) => `${tab.name}: ${what}`))
    }
    return [...faults, ...this.#unexcusedReuses(), ...this.#turnOfNobody()]
  }

  /** Only the provider ends a session that nobody left: it was told to, or a refresh token had to be spent twice. */
  #excuseLoss(): readonly string[] {
    const { provider, network, excuses } = this.#world
    const ended = provider.endOfLast
    const isRight = ended !== null && (ended === 'revoked' || network.lost.has(ended) || excuses.has(ended))
    return isRight ? [] : ['P8 a session is lost, and the provider did not end it']
  }

  #unexcusedReuses(): readonly string[] {
    const { provider, network, excuses } = this.#world
    return provider.reuses
      .filter(({ token }) => !network.lost.has(token) && !excuses.has(token))
      .map(({ token, first, second }) => `P10 ${second} spent ${token}, which ${first} had spent`)
  }

  /** Claim e, in all tabs together. */
  #turnOfNobody(): readonly string[] {
    const { locks, tabs, network } = this.#world
    const { holder } = locks
    if (holder === null || network.hasWaited(holder, 0)) return []
    const snapshot = tabs.find(({ gate }) => gate === holder)?.session.getSnapshot()
    const isNeeded =
      snapshot?.children.renewal?.getSnapshot().matches('takingTurn') === true ||
      snapshot?.matches({ active: { access: 'unsaved' } }) === true
    return isNeeded ? [] : ['e: a turn is held by nobody who needs it']
  }

  /** Who is in, in each tab, or why nobody is. */
  get seats(): readonly string[] {
    return this.#world.tabs.map(({ session }) => {
      const snapshot = session.getSnapshot()
      return selectFacts(snapshot)?.subject ?? selectSignedOutReason(snapshot) ?? selectStatus(snapshot)
    })
  }

  /** Refresh tokens that the provider has taken. */
  get renewals(): number {
    return this.#world.provider.renewals
  }

  /** All is well at last, for long enough: what is wrong then, and when everything is closed. */
  async end(): Promise<readonly string[]> {
    const world = this.#world
    this.#api.isAway = false
    // Somebody has to come back to see what was kept.
    const faults: string[] = []
    if (world.tabs.length === 0) faults.push(...(await this.play({ do: 'open' })))
    else if (this.#model.seats.every(({ person }) => person === null))
      faults.push(...(await this.play({ do: 'reload', tab: 0 })))
    await world.settle()
    await world.pass(90_000, Infinity)
    faults.push(...(await this.#look()))
    for (const [place, { name, session }] of world.tabs.entries()) {
      faults.push(...(this.#claims.get(name)?.brokenAtLast() ?? []).map((what) => `${name}: ${what}`))
      if (/(access|refresh|id)-(\d|of)/.test(JSON.stringify(session.actor.getPersistedSnapshot())))
        faults.push(`P21 ${name}: there is a token in its snapshot`)
      const account = selectAccount(session.getSnapshot())?.getSnapshot()
      if (this.#model.seats[place]?.person === null || account === undefined) continue
      const shown = selectMetadata(account)
      for (const [key, value] of this.#model.typed)
        if (shown?.[key] !== value)
          faults.push(`P19 ${name}: ${key} is ${String(shown?.[key])}, and ${value} was typed`)
    }
    const { person } = this.#model.kept
    for (const [key, value] of this.#model.typed)
      if (person !== null && this.#api.of(person)[key] !== value)
        faults.push(`P19 ${key} ${value} was typed, and is not saved`)
    this.#count('renewals', this.renewals)
    this.#count('saves', this.#api.saves)
    this.#count('refresh tokens spent twice, rightly', new Set(world.provider.reuses.map(({ token }) => token)).size)
    this.#count('lives')
    return [...faults, ...(await this.#dispose())]
  }

  /** P22 Nothing is left. */
  async #dispose(): Promise<readonly string[]> {
    const world = this.#world
    const open = new Set(world.tabs.map(({ name }) => name))
    for (const { name, session } of world.tabs) void session.dispose().then(() => open.delete(name))
    await world.calm()
    const left = world.tabs.filter(({ gate }) => gate.timers.size > 0)
    return [
      ...[...open].map((name) => `P22 ${name}: does not come to its end`),
      ...left.map(({ name, gate }) => `P22 ${name}: ${gate.timers.size} timers are left`),
      ...(world.locks.holder === null ? [] : ['P22 a turn is left']),
    ]
  }

  #count(what: string, by = 1): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + by)
  }
}

/** What differs between a tab and what the model says of it. */
async function wrongAt({ session }: LiveTab, seat: Seat, { database, clock }: World): Promise<readonly string[]> {
  const snapshot = session.getSnapshot()
  const status = selectStatus(snapshot)
  if (seat.person === null) {
    const reason = selectSignedOutReason(snapshot)
    return reason === seat.why ? [] : [`should be out (${seat.why}), and is ${status} (${reason})`]
  }
  const facts = selectFacts(snapshot)
  if (facts === null || !['signedIn', 'reconnecting'].includes(status))
    return [`P8 ${seat.person} should be in, and it is ${status} (${selectSignedOutReason(snapshot)})`]
  const wrong: string[] = []
  if (facts.subject !== seat.person) wrong.push(`P13 ${seat.person} should be in, and ${facts.subject} is`)
  const { login } = database
  if (facts.generation !== login?.generation || facts.revision !== login.revision)
    wrong.push(`P11 has ${facts.generation}/${facts.revision}, and the vault ${login?.generation}/${login?.revision}`)
  if (facts.expiresAt > clock.now() !== session.hasValid()) wrong.push('P1 the clock and `hasValid` disagree')
  if (session.hasValid() && !(await session.getAccessToken({ minTtl: 0 })).endsWith(`-of-${seat.person}`))
    wrong.push('P13 gives out a token of somebody else')
  const refusal: unknown = await session.getAccessToken({ minTtl: lifetime * 1_000 }).catch((error: unknown) => error)
  if (toProblem(refusal).code !== 'large_min_ttl') wrong.push('P3 takes a `minTtl` that no token of this provider has')
  return wrong
}

/** Plays a story that begins with one tab, and, if nothing is wrong after any step of it, to the end. Says what is wrong. */
export async function liveThrough(life: Life, story: readonly WorldStep[]): Promise<readonly string[]> {
  try {
    const faults = await playStory(life, story)
    return faults.length > 0 ? faults : await life.end()
  } catch (error) {
    // Tabs that do not come to rest have a story as well.
    return [String(error)]
  }
}

/** Plays a story that begins with one tab. Stops at the first step after which something is wrong. */
export async function playStory(life: Life, story: readonly WorldStep[]): Promise<readonly string[]> {
  for (const [index, step] of [{ do: 'open' } as const, ...story].entries()) {
    const faults = await life.play(step)
    if (faults.length > 0) return [`after step ${index}:`, ...faults]
  }
  return []
}
