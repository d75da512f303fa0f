import { createActor, type AnyActorLogic } from 'xstate'
import { accountMachine } from '../machines/account/machine.ts'
import { renewalMachine } from '../machines/renewal/machine.ts'
import { sessionMachine } from '../machines/session/machine.ts'
import { selectProblem } from '../machines/session/selectors.ts'
import { accountActions, accountActors } from './actors/account.ts'
import { renewalActors } from './actors/renewal.ts'
import { sessionActors } from './actors/session.ts'
import { createBroker, type Broker } from './broker.ts'
import { createActivity } from './browser/activity.ts'
import { browserPlatform, type Platform } from './browser/platform.ts'
import { joinSiblings } from './browser/siblings.ts'
import { createTurns } from './browser/turns.ts'
import { viewOf } from './chart-view.ts'
import { createKeeper } from './credentials/keeper.ts'
import type { Keeper } from './credentials/types.ts'
import { createDpop } from './dpop/dpop.ts'
import { openProofKeys } from './dpop/keys.ts'
import type { Session, SessionOptions } from './face.ts'
import { createAuthorizedFetch, type TokenSource } from './fetch.ts'
import { createOidc } from './oidc/client.ts'
import { createLogin } from './oidc/login.ts'
import { createLoginBrake } from './oidc/login-brake.ts'
import { createOidcProvider } from './oidc/provider.ts'
import { readOptions } from './options.ts'
import type { LoginService, Provider } from './provider.ts'
import type { Services } from './services.ts'
import { locksFor, openVault, placeOf } from './vault/open.ts'
import type { Vault } from './vault/types.ts'

/**
 * A session of this page: the charts on the real services. Call it once, in a page; `start()` begins.
 * Throws `invalid_option`, naming the option and what to do.
 */
export function createSession(options: SessionOptions): Session {
  return createSessionOn(browserPlatform(options.clock), options)
}

/** What a test may put in the place of the real thing. */
export interface SessionParts {
  readonly vault?: Vault
  readonly keeper?: (keeper: Keeper) => Keeper
  readonly provider?: Provider
  readonly login?: LoginService
  /** Puts something between the charts and the services that they invoke; is given those of each chart, by name. */
  readonly actors?: <TActors extends Readonly<Record<string, AnyActorLogic>>>(actors: TActors) => TActors
}

/** The same on another platform, or with other parts; for tests that run several tabs in one process. */
export function createSessionOn(platform: Platform, options: SessionOptions, parts: SessionParts = {}): Session {
  const settings = readOptions(options, platform)
  const place = placeOf(settings, platform)
  const tab = platform.randomId()
  const siblings = joinSiblings(place.scope, platform)
  const activity = createActivity(place.scope, settings.policy.idleTimeout, siblings, platform)
  const realKeeper = createKeeper({
    vault: parts.vault ?? openVault(place, platform),
    siblings,
    clock: platform.clock,
    policy: { lead: settings.lead },
    tab,
    randomId: platform.randomId,
    lastActiveAt: activity.lastActiveAt,
  })
  const keeper = parts.keeper?.(realKeeper) ?? realKeeper
  const { requestTimeout, vaultTimeout } = settings.policy.renewal
  const { locks, close: closeLocks } = locksFor(place, platform)
  const turns = createTurns({
    scope: place.scope,
    platform,
    siblings,
    locks,
    longestWork: requestTimeout + vaultTimeout,
  })
  // Of its own: without Web Locks, a change on its way would hold up the renewal that it waits for.
  const saving = locksFor(place, platform)
  const { clock, randomId } = platform
  const dpop = settings.dpop ? createDpop({ keys: openProofKeys(place.proofKey), clock, randomId }) : null
  const oidc = createOidc(settings, platform, dpop)

  // The services get their tokens from the broker, and the broker asks the chart that runs on the services.
  const brokerOf = (): Broker => broker
  const source: TokenSource = {
    credentials: (wanted) => brokerOf().credentials(wanted),
    replaceRefused: (refused, signal) => brokerOf().replaceRefused(refused, signal),
  }
  const ownOrigins = new Set([new URL(settings.authority).origin, ...(settings.metadata?.origins ?? [])])
  const fetchWithToken = createAuthorizedFetch(source, {
    // The provider's own endpoints may lie on other origins than the issuer.
    allows: async (origin) => ownOrigins.has(origin) || origin === originOf(await oidc.endpoint('userinfo_endpoint')),
    baseUrl: () => settings.authority,
    tools: oidc,
    dpop,
  })
  const brake = createLoginBrake(platform)
  let isDisposing = false
  const services: Services = {
    settings,
    platform,
    provider: parts.provider ?? createOidcProvider(oidc, platform, fetchWithToken),
    login: parts.login ?? createLogin(oidc, platform, brake),
    keeper,
    turns,
    locks: saving.locks,
    scope: place.scope,
    isDisposing: () => isDisposing,
    siblings,
    activity,
    fetchWithToken,
  }

  const { actors: between = (actors) => actors } = parts
  const machine = sessionMachine.provide({
    actors: {
      ...between(sessionActors(services)),
      renewal: renewalMachine.provide({ actors: between(renewalActors(services)) }),
      account: accountMachine.provide({
        actors: between(accountActors(services)),
        actions: accountActions(services),
      }),
    },
  })
  const actor = createActor(machine, {
    clock: platform.timers,
    input: { clock: platform.clock, policy: settings.policy },
    ...(options.inspect === undefined ? {} : { inspect: options.inspect }),
  })

  // Whatever became of the stages: nothing of the session is kept in memory either.
  actor.on('logout.finished', keeper.removal.forget)

  const { chart, isReady } = viewOf(actor)
  const broker = createBroker({ chart, current: keeper.current, clock: platform.clock, lead: settings.lead })
  const fetchOfApp = createAuthorizedFetch(source, {
    allows: (origin) => settings.allowedOrigins.has(origin),
    baseUrl: platform.address.href,
    dpop,
  })

  return {
    actor,
    tab,
    ready: chart.ready,
    start: () => void actor.start(),
    send(event) {
      // An app that logs in whenever it is told that nobody is signed in would be told so at once, again and again.
      const isStopped = event.type === 'login' && selectProblem(actor.getSnapshot())?.code === 'login_loop'
      if (!isStopped || !brake.isOn()) actor.send(event)
    },
    getSnapshot: () => actor.getSnapshot(),
    subscribe: (listener) => actor.subscribe(listener),
    // XState's own type of an emitted event says the same in other words.
    on: (type, listener) => actor.on(type, listener as Parameters<typeof actor.on<typeof type>>[1]),
    hasValid: broker.hasValid,
    canRenew: broker.canRenew,
    getAccessToken: broker.getAccessToken,
    fetch: fetchOfApp,
    async dispose() {
      isDisposing = true
      broker.dispose()
      actor.stop()
      // Nothing is read any more; nobody shall wait for it.
      isReady()
      await keeper.drain()
      keeper.close()
      await turns.settled()
      await oidc.settled()
      siblings.close()
      closeLocks()
      saving.close()
    },
  }
}

function originOf(address: string | undefined): string | null {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : null
}
