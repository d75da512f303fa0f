import type { AnyActorLogic } from 'xstate'
import { accountActions, accountActors } from './actors/account.ts'
import { renewalActors } from './actors/renewal.ts'
import { sessionActors } from './actors/session.ts'
import { createBroker, type Broker } from './broker.ts'
import { createActivity } from './browser/activity.ts'
import type { Platform } from './browser/platform.ts'
import { joinSiblings } from './browser/siblings.ts'
import { createTurns } from './browser/turns.ts'
import { viewOf } from './chart-view.ts'
import { createKeeper } from './credentials/keeper.ts'
import type { Keeper } from './credentials/types.ts'
import type { ServicesOfCharts } from '../machines/late.ts'
import type { Session } from './face.ts'
import { createAuthorizedFetch, type TokenSource } from './fetch.ts'
import type { HttpTools } from './http.ts'
import { createLoginBrake } from './login/brake.ts'
import { createLogin } from './login/login.ts'
import { onDemand } from './on-demand.ts'
import type { Settings } from './options.ts'
import { providerOnDemand, type LoginService, type Provider } from './provider.ts'
import type { Services } from './services.ts'
import { sharedFace } from './shared-face.ts'
import { locksFor, openVault, placeOf } from './vault/open.ts'
import type { Vault } from './vault/types.ts'

/** What a test may put in the place of the real thing. */
export interface SessionParts {
  readonly vault?: Vault
  readonly keeper?: (keeper: Keeper) => Keeper
  readonly provider?: Provider
  readonly login?: LoginService
  /** Puts something between the charts and the services that they invoke; is given those of each chart, by name. */
  readonly actors?: <TActors extends Readonly<Record<string, AnyActorLogic>>>(actors: TActors) => TActors
}

/** What stands behind one running session chart, from its first service to its end. */
export interface Runtime {
  readonly face: Session
  /** What its charts invoke. */
  readonly services: ServicesOfCharts
  /** Would a login that nobody clicks for be one too many? */
  isLoginStopped(): boolean
}

/** Opens what the chart that runs as `actor` needs. It closes by itself when that one has stopped. */
export function createRuntime(
  actor: Session['actor'],
  {
    platform,
    settings,
    parts,
  }: { readonly platform: Platform; readonly settings: Settings; readonly parts: SessionParts },
): Runtime {
  const place = placeOf(settings, platform)
  const vault = parts.vault ?? openVault(place, platform)
  const opening = vault.warm?.()
  const tab = platform.randomId()
  const siblings = joinSiblings(place.scope, platform)
  const activity = createActivity(place.scope, settings.policy.idleTimeout, siblings, platform)
  const realKeeper = createKeeper({
    vault,
    siblings,
    clock: platform.clock,
    policy: { lead: settings.lead },
    tab,
    randomId: platform.randomId,
    lastActiveAt: activity.lastActiveAt,
  })
  const keeper = parts.keeper?.(realKeeper) ?? realKeeper
  if (opening !== undefined) keeper.hold(opening)
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
  const tools: HttpTools = { clock: platform.clock, timeout: settings.requestTimeout, isOnline: platform.isOnline }
  // All that talks to the provider: who comes back is signed in without it.
  const oidc = onDemand(
    tools,
    () => import('./oidc/oidc-part.ts'),
    ({ createOidcPart }) => createOidcPart({ settings, platform, tools, proofKey: place.proofKey, fetchWithToken }),
  )
  const dpop = settings.dpop ? async () => (await oidc.load()).dpop : null

  // The services get their tokens from the broker, and the broker asks the chart that runs on the services.
  const brokerOf = (): Broker => broker
  const source: TokenSource = {
    credentials: (wanted) => brokerOf().credentials(wanted),
    replaceRefused: (refused, signal) => brokerOf().replaceRefused(refused, signal),
  }
  const ownOrigins = new Set([new URL(settings.authority).origin, ...(settings.metadata?.origins ?? [])])
  const fetchWithToken = createAuthorizedFetch(source, {
    // The provider's own endpoints may lie on other origins than the issuer.
    allows: async (origin) =>
      ownOrigins.has(origin) || origin === originOf(await (await oidc.load()).userinfoEndpoint()),
    baseUrl: () => settings.authority,
    tools,
    dpop,
  })
  const brake = createLoginBrake(platform)
  let isDisposing = false
  const services: Services = {
    settings,
    platform,
    provider: parts.provider ?? providerOnDemand(oidc),
    login:
      parts.login ??
      createLogin({
        redirectUri: settings.redirectUri,
        platform,
        brake,
        logins: async () => (await oidc.load()).logins,
      }),
    keeper,
    turns,
    locks: saving.locks,
    scope: place.scope,
    isDisposing: () => isDisposing,
    letGo: () => {
      isDisposing = true
    },
    siblings,
    activity,
    fetchWithToken,
  }

  const { actors: between = (actors) => actors } = parts

  // Whatever became of the stages: nothing of the session is kept in memory either.
  actor.on('logout.finished', keeper.removal.forget)

  const { chart, isReady } = viewOf(actor)
  const broker = createBroker({ chart, current: keeper.current, clock: platform.clock, lead: settings.lead })
  const fetchOfApp = createAuthorizedFetch(source, {
    allows: (origin) => settings.allowedOrigins.has(origin),
    baseUrl: platform.address.href,
    dpop,
  })

  let closing: Promise<void> | null = null
  const close = (): Promise<void> => (closing ??= closeAll())
  async function closeAll(): Promise<void> {
    isDisposing = true
    broker.dispose()
    // Nothing is read any more; nobody shall wait for it.
    isReady()
    await keeper.drain()
    keeper.close()
    await turns.settled()
    await oidc.close()
    await oidc.loaded()?.settled()
    siblings.close()
    closeLocks()
    saving.close()
  }
  const isOver = new Promise<void>((resolve) => actor.subscribe({ complete: resolve, error: () => resolve() }))
  const closed = isOver.then(close)

  // A chart that was invoked is its parent's to start and to stop.
  const isInvoked = actor._parent !== undefined

  const face: Session = {
    ...sharedFace(actor, broker),
    tab,
    ready: chart.ready,
    start: () => {
      if (!isInvoked) actor.start()
    },
    fetch: fetchOfApp,
    dispose() {
      if (isInvoked) return closed
      isDisposing = true
      broker.dispose()
      actor.stop()
      return close()
    },
  }
  return {
    face,
    services: {
      session: between(sessionActors(services)),
      renewal: between(renewalActors(services)),
      account: between(accountActors(services)),
      accountActions: accountActions(services),
    },
    isLoginStopped: brake.isOn,
  }
}

function originOf(address: string | undefined): string | null {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : null
}
