import type { ActorRefFrom, InspectionEvent, Observer, Subscription } from 'xstate'
import type { MetadataPatch, UserMetadata } from '../machines/account/types.ts'
import type { Clock } from '../machines/facts.ts'
import type { SessionSnapshot } from '../machines/session/selectors.ts'
import type { sessionMachine } from '../machines/session/machine.ts'
import type { SessionFact, SessionRequest } from '../machines/session/types.ts'

/**
 * Where credentials are kept in the browser. **Every script on the page can read the tokens out of `local` and `session`.** What
 * is copied out of `encrypted` stays sealed; but a hostile script on the page can have its key open it, as it can call the session.
 * - `encrypted` (default): IndexedDB, AES-GCM under a key that no script can read out; shared by all tabs, survives closing.
 * - `local`: readable in localStorage; shared by all tabs, survives closing.
 * - `session`: IndexedDB, AES-GCM under a key in sessionStorage, which scripts can read; each tab on its own, gone when it
 *   closes. A window that the tab opens, or its duplicate, shares the session for as long as one of them is open.
 * - `memory`: gone with the page; each tab on its own.
 */
export type VaultKind = 'encrypted' | 'local' | 'session' | 'memory'

/**
 * A store of the app's own for credentials, e.g. a bridge to the keychain of a native shell: three methods as of a web Storage,
 * synchronous or with promises. Items are texts of a few kilobytes that hold tokens; keys are `sessionchart.` and a random id.
 * Which item counts is kept in this origin's IndexedDB, so every tab of the app has to be given the same store.
 * A method that throws, rejects or takes longer than 2 s is tried again later (`vault_unavailable`, at a renewal `store_failed`).
 */
export interface CredentialStore {
  /** `null` or `undefined`: it is gone for good, and the session ends as `storage_lost`. Reject where it cannot be read just now. */
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>
  setItem(key: string, value: string): unknown
  removeItem(key: string): unknown
}

/** How a metadata adapter reaches its API: the access token is attached, renewed once on 401, and a timeout is kept. */
export interface AdapterTools {
  readonly subject: string
  readonly signal: AbortSignal
  /** For times that an API names. */
  readonly clock: Clock
  /** Like `fetch`; for the adapter's own origins only. */
  fetch(input: string | URL, init?: RequestInit): Promise<Response>
  /** The claims about the person: those of userinfo over those of the ID token. Rejects as `loadProfile` does. */
  loadClaims(): Promise<Readonly<Record<string, unknown>>>
}

/**
 * User metadata of one person. An adapter throws `SessionError` (`metadata_invalid`, `metadata_refused`, `network`,
 * `provider_unavailable`, …); which of them are tried again is the chart's business.
 */
export interface MetadataAdapter {
  /** Origins to which the access token is sent. */
  readonly origins: readonly string[]
  /** Why nobody can change anything here, in a sentence for people; absent: it can be changed. */
  readonly readOnlyBecause?: string
  /** What a login must ask for so that this adapter works. */
  readonly scope?: string
  readonly audience?: string
  /**
   * Throws `metadata_invalid`, naming the key, for a patch that the API would refuse anyway. `known`: the metadata as last
   * heard of, without the patch; `null`: not heard of yet.
   */
  check?(patch: MetadataPatch, known: UserMetadata | null): void
  load(tools: AdapterTools): Promise<{ readonly metadata: UserMetadata; readonly writable: boolean }>
  /** Answers with the metadata as it is after the patch, and as it was just before, if the adapter knows. */
  save(
    patch: MetadataPatch,
    tools: AdapterTools,
  ): Promise<{ readonly metadata: UserMetadata; readonly before?: UserMetadata }>
}

/** Options of `createSession`, checked at once: `invalid_option` names the one that is wrong, and what to do. Times in ms. */
export interface SessionOptions {
  /** Issuer identifier of the OpenID provider, an https URL (http on loopback). */
  readonly authority: string
  /** The client ID under which the provider knows this app, a public client. */
  readonly clientId: string
  /** Where the provider sends the person back to: an address, or a path (`/callback`), of this page's origin; registered at the provider. */
  readonly redirectUri: string
  /** Where the provider sends the person after its logout, an address or a path of this page's origin; default: none. */
  readonly postLogoutRedirectUri?: string
  /**
   * The provider's logout page, where its discovery document names none (`end_session_endpoint`): `auth0` for `/v2/logout` of
   * Auth0, which comes back to `postLogoutRedirectUri` if that is among the Allowed Logout URLs of the application; or the URL
   * of another one, opened as it is. Default: none; then a logout `from: 'provider'` ends here, and `leavingProvider` is
   * `unsupported`.
   */
  readonly logoutPage?: 'auth0' | URL
  /** Default `openid profile email offline_access`. */
  readonly scope?: string
  /** Whom the access token is for, where the provider takes Auth0's parameter. */
  readonly audience?: string
  /**
   * Asks the provider at opening, once per page, whether the person is signed in there (`prompt=none`), where nobody is here and
   * nobody logged out, was away too long or reached the greatest age. Default: it is not asked.
   * - `iframe`: in a hidden frame, which shows nothing. The app's host has to allow its own pages to frame the redirect URI (no
   *   `X-Frame-Options: DENY`), its Content-Security-Policy the provider's (`frame-src`), and the browser the provider's cookies: where
   *   the provider is another site than the app, most do not, and the answer is that nobody is signed in.
   * - `redirect`: the page goes to the provider and comes back at once, to `returnTo` of `login.completed` or `silentLogin.ended`. Works
   *   with every browser; whoever is signed in nowhere sees the app later.
   * `session.ready` waits for the answer, for at most `requestTimeout` ms; that nobody came in by it is told as `silentLogin.ended`.
   */
  // As `SilentLogin`, spelled out: the compiler names what there is to whoever misspells one.
  readonly silentLogin?: 'iframe' | 'redirect'
  /** Where credentials are kept: one of ours by its name, or a store of the app's own. Default `encrypted`. */
  // As `VaultKind`, spelled out likewise.
  readonly vault?: 'encrypted' | 'local' | 'session' | 'memory' | CredentialStore
  /**
   * Binds tokens to a key of this browser that no script can read out (DPoP, RFC 9449): stolen, they are of no use elsewhere.
   * Every request of `session.fetch`, profile and metadata carries a proof; a token from `getAccessToken` works only with one,
   * so use `session.fetch`. A provider that answers with plain bearer tokens is refused (`invalid_response`), and APIs have to
   * take the scheme `DPoP` and allow the header `DPoP` by CORS. A proof holds the time: a device whose clock is wrong is put
   * right by the server's nonce or `Date`, which servers of other origins must expose (`DPoP-Nonce`, `Date`).
   * Turned on or off, everyone logs in once again. Default false.
   */
  readonly dpop?: boolean
  readonly metadata?: MetadataAdapter
  /** Further origins to which `session.fetch` sends the token; the page's own origin is always allowed. */
  readonly allowedOrigins?: readonly string[]
  readonly renewal?: {
    /**
     * How long before expiry to renew at the latest, ms; default 60,000, and at most a quarter of the token's lifetime. Each
     * renewal is drawn from the quarter of the lifetime before that, so that many browsers do not renew at once.
     */
    readonly lead?: number
  }
  /** The session ends this long after the login whatever happens, ms; default: the provider's `session_expiry` claim, or never. */
  readonly maxSessionAge?: number
  /** The session ends when nobody was active in any tab for this long, ms; default: never. */
  readonly idleTimeout?: number
  /** How long before either limit `session.limitNear` is told, ms; default 60,000. */
  readonly warningLead?: number
  /** What this tab does when another person signed in in another tab; default `end`. */
  readonly onSubjectChange?: 'end' | 'follow'
  /** How long one request to the provider may take, ms; default 10,000 (a renewal: 60,000). */
  readonly requestTimeout?: number
  /** For tests: another clock. */
  readonly clock?: Clock
  /** XState's inspection, for the visualizer and for tests. No token passes through it. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void)
}

/** What a caller asks of an access token; all times in ms. */
export interface AccessTokenOptions {
  /** How long the token must last at least, ms; default: the renewal lead. */
  readonly minTtl?: number
  /** Renew even if the present one would do. */
  readonly forceRenewal?: boolean
  /** How long to wait, ms; default: as long as it takes. Fails with `timeout`. */
  readonly timeout?: number
  /** Fails with `aborted`. */
  readonly signal?: AbortSignal
}

/** The fact of this `type`, as a listener of `on` gets it. */
export type FactOfType<TType extends SessionFact['type']> = Extract<SessionFact, { readonly type: TType }>

/** A running session chart. */
export interface SessionActor extends ActorRefFrom<typeof sessionMachine> {
  // Said once more so that the compiler names this type, and not XState's with all that it is made of.
  getSnapshot(): SessionSnapshot
}

/** A session of this page, as `createSession` gives it: the running chart, and ways to tokens, which no snapshot holds. */
export interface Session {
  /** A plain XState actor: everything made for actors works on it. */
  readonly actor: SessionActor
  /** Random id of this tab, as in `facts.writtenBy`. */
  readonly tab: string
  /**
   * Resolves once the vault was read for the first time after `start` (and the provider was asked, with `silentLogin`), or the
   * session was disposed. Never rejects.
   */
  readonly ready: Promise<void>
  /** Starts the chart; a second call does nothing. */
  start(): void
  /** Of several logins in a row that fail and that nobody clicks for, the fourth within a minute is refused (`login_loop`). */
  send(event: SessionRequest): void
  getSnapshot(): SessionSnapshot
  subscribe(listener: (snapshot: SessionSnapshot) => void): Subscription
  /** Facts as they happen, those of profile and metadata included. */
  on<TType extends SessionFact['type']>(type: TType, listener: (fact: FactOfType<TType>) => void): Subscription
  /** Is there an access token that lasts longer than `minTtl` ms (default 0)? Answers at once, by the clock. */
  hasValid(minTtl?: number): boolean
  /** Is there a refresh token? Answers at once. */
  canRenew(): boolean
  /**
   * A usable access token: at once, or after one renewal that all callers and tabs share.
   * Rejects with `no_credentials`, `no_refresh_token`, `large_min_ttl`, `session_ended`, `subject_changed`, `timeout`, `aborted`, `disposed`.
   */
  getAccessToken(options?: AccessTokenOptions): Promise<string>
  /** `fetch` with the access token, for allowed origins only (`origin_refused`); on 401 one renewal and one retry. */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>
  /** Ends everything in this tab; the session itself stays in the vault. A request under way is drained, not cut. */
  dispose(): Promise<void>
}
