import type { AccountFact, AccountPolicy, AccountRequest } from '../account/types.ts'
import type { Problem } from '../errors.ts'
import type { Clock, CredentialFacts, EndReason, FoundSession, Limit, Profile, SignedOutReason } from '../facts.ts'
import type { RenewalPolicy } from '../renewal/types.ts'

/** All in ms. */
export interface SessionPolicy {
  /** How long opening may wait for the vault. */
  readonly storageTimeout: number
  /** How the provider is asked at opening whether the person is signed in there; absent: it is not asked. */
  readonly silentLogin?: SilentLogin
  /** How long the provider may take to answer that. */
  readonly silentTimeout: number
  /** How long leaving for the provider's page may take. */
  readonly redirectTimeout: number
  /** How long a popup may stay open without an answer. */
  readonly popupTimeout: number
  /** How long exchanging a login response for credentials may take. */
  readonly completionTimeout: number
  /** How long each stage of a logout may take. */
  readonly stageTimeout: number
  /** How long to wait after something unforeseen, and before writing is tried again. */
  readonly recoveryDelay: number
  /** The session ends when nobody was active in any tab for this long; absent: never. */
  readonly idleTimeout?: number
  /** What a tab does when another person signed in in another tab: end its session, or become that person's. */
  readonly onSubjectChange: 'end' | 'follow'
  /** How long ahead of a limit to warn. */
  readonly warningLead: number
  readonly renewal: RenewalPolicy
  readonly account: AccountPolicy
}

/** What the session chart is started with. */
export interface SessionInput {
  readonly clock: Clock
  readonly policy: SessionPolicy
}

/** In a hidden frame, or by leaving this page and coming back. */
export type SilentLogin = 'iframe' | 'redirect'

/** What a login may ask of the provider (OpenID Connect Core 3.1.2.1). */
export interface LoginParameters {
  /** `none`: fails with `login_required` where the provider would have to ask the person anything. */
  readonly prompt?: 'none' | 'login' | 'consent' | 'select_account' | 'create'
  readonly loginHint?: string
  readonly uiLocales?: string
  /**
   * Authentication context classes, space separated, in order of preference. Providers are free to ignore it: a login is taken all
   * the same, with what they did in `facts.acr`; a step-up fails with `authentication_too_weak`.
   */
  readonly acrValues?: string
  /** Seconds since the last active login at the provider, at most. */
  readonly maxAge?: number
  /** Whom the access token is for, where the provider takes Auth0's parameter; replaces the one of `createSession`. */
  readonly audience?: string
  readonly scope?: string
  readonly extraParams?: Readonly<Record<string, string>>
}

/** How a login is asked for: what the provider is told, in which window, and where to go afterwards. */
export interface LoginRequest extends LoginParameters {
  /** Default `redirect`. */
  readonly via?: 'redirect' | 'popup'
  /** Where in the app to go after the login: a path of this origin. */
  readonly returnTo?: string
}

/** A login that is under way. */
export interface PendingLogin {
  readonly request: LoginRequest
  /** Who it has to be: it authenticates again from within a session. */
  readonly subject?: string
}

/** How far a logout goes. */
export interface LogoutRequest {
  /** `app` (default): this app in all its tabs. `provider`: the provider's own session as well (RP-initiated logout). */
  readonly from?: 'app' | 'provider'
}

export type Stage = 'clearing' | 'revoking' | 'leavingProvider'

/**
 * - `skipped`: not asked for, or there was nothing to do.
 * - `unsupported`: the provider has no such endpoint, or does not revoke this kind of token.
 * - `failed`: see `problems`. `timedOut`: no answer in the time allowed.
 */
export type StageOutcome = 'skipped' | 'done' | 'unsupported' | 'failed' | 'timedOut'

/** An end that is under way: its stages and how each went. */
export interface Ending {
  readonly reason: EndReason
  readonly from: 'app' | 'provider'
  /** Of the session that ends; absent where opening had not found one yet. */
  readonly generation: string | null
  readonly clearing: StageOutcome
  readonly revoking: StageOutcome
  readonly leavingProvider: StageOutcome
  /** Why a stage failed, of those that did. */
  readonly problems: Readonly<Partial<Record<Stage, Problem>>>
}

export interface SessionContext extends SessionInput {
  /** Of the session; `null` when nobody is signed in. */
  readonly facts: CredentialFacts | null
  /** As last seen, for `account` to start with. */
  readonly profile: Profile | null
  /** Epoch ms. */
  readonly lastActiveAt: number
  readonly signedOutReason: SignedOutReason
  /** Why the last login failed, or what is wrong with the storage; goes away with the next login. */
  readonly problem: Problem | null
  readonly login: PendingLogin | null
  readonly ending: Ending | null
  /** Until this page first knows whether someone is signed in: later the provider is not asked silently any more. */
  readonly isOpening: boolean
  /** Another tab's login, heard of while this tab was busy; it is looked at afterwards. */
  readonly heardLogin: boolean
}

/** What opening the vault (and looking at the address) found. */
export type RestoreOutcome =
  | ({ readonly outcome: 'found' } & FoundSession)
  | { readonly outcome: 'empty'; readonly reason: SignedOutReason | 'logout'; readonly problem?: Problem }
  /** The address holds an answer to a login of this app. `isSilent`: the person was not asked. */
  | { readonly outcome: 'loginResponse'; readonly isSilent?: boolean; readonly returnTo?: string }
  /** This window holds an answer that another window waits for. */
  | { readonly outcome: 'relay' }

/** What a login that succeeded leads to. */
export interface CompletedLogin extends FoundSession {
  readonly returnTo?: string
  /** The login works, but could not be stored: it goes with the page. */
  readonly problem?: Problem
}

/** Facts told to whoever listens. */
export type SessionFact =
  | { readonly type: 'session.started'; readonly subject: string }
  | { readonly type: 'session.renewed'; readonly expiresAt: number }
  | { readonly type: 'session.reconnecting' }
  /** `problem`: the provider's refusal, in the tab that heard it. */
  | { readonly type: 'session.ended'; readonly reason: EndReason; readonly problem?: Problem }
  | { readonly type: 'session.limitNear'; readonly limit: Limit; readonly at: number }
  | { readonly type: 'session.troubled'; readonly problem: Problem }
  | { readonly type: 'login.completed'; readonly returnTo?: string }
  /** `returnTo`: as the login was asked to. */
  | { readonly type: 'login.failed'; readonly problem: Problem; readonly returnTo?: string }
  /**
   * The provider was asked at opening, and nobody came in by it: the person has to log in, or (`problem`) it could not be asked.
   * No alarm. `returnTo`: where the person was, if this page was left for it.
   */
  | { readonly type: 'silentLogin.ended'; readonly problem?: Problem; readonly returnTo?: string }
  | { readonly type: 'logout.finished'; readonly ending: Ending }
  /** A logout is asked for while changes of these keys are not saved; told before the end, with which they go. */
  | { readonly type: 'metadata.abandoned'; readonly keys: readonly string[] }
  | AccountFact

/** What the app asks for. */
export type SessionRequest =
  | ({ readonly type: 'login' } & LoginRequest)
  | { readonly type: 'login.cancel' }
  /** Asks the person to authenticate again or more strongly, from within the session; a denial leaves it as it is. */
  | ({ readonly type: 'stepUp' } & LoginRequest)
  | { readonly type: 'stepUp.cancel' }
  | ({ readonly type: 'logout' } & LogoutRequest)
  /** Someone needs an access token that lasts longer than the present one. */
  | { readonly type: 'token.required' }
  /** The person does not want to wait for the next try of a renewal. */
  | { readonly type: 'renewal.retry' }
  /** A resource server refused the access token of this revision (401). */
  | { readonly type: 'token.refused'; readonly revision: number }
  /** The person did something in any tab; epoch ms. */
  | { readonly type: 'person.active'; readonly at: number }
  | AccountRequest

/** What the services tell. A message between tabs only says "look": these facts come from the vault. */
export type SessionNews =
  | { readonly type: 'sibling.renewed'; readonly facts: CredentialFacts }
  | ({ readonly type: 'sibling.loggedIn' } & FoundSession)
  | { readonly type: 'sibling.ended'; readonly generation: string; readonly reason: EndReason }
  /** The page is visible or focused again, or woke up. */
  | { readonly type: 'page.resumed' }
  /** The page came back from the back-forward cache. */
  | { readonly type: 'page.restored' }

/** All that the session chart takes: requests of the app, and news of the services. */
export type SessionEvent =
  | SessionRequest
  | SessionNews
  | AccountFact
  /** From `stepUp`, to the region that holds the access. */
  | ({ readonly type: 'credentials.replaced' } & FoundSession)

/** What a view can tell people about where they are; carried by the states as tags. */
export type SessionTag =
  | 'restoring'
  | 'signedOut'
  | 'signingIn'
  | 'signedIn'
  | 'reconnecting'
  | 'signingOut'
  /** The access token can be used. */
  | 'usable'
  /** A renewal is under way. */
  | 'renewing'
