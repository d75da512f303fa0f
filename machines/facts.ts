/** Where the charts get time and chance from; a test gives its own. */
export interface Clock {
  /** Now, in epoch milliseconds. */
  now(): number
  /** A number from 0 (inclusive) to 1 (exclusive), by which waits are spread. */
  chance(): number
}

/**
 * What the charts know about credentials: facts, never tokens. Times are epoch milliseconds on this machine's clock.
 */
export interface CredentialFacts {
  /** `sub` of the ID token. */
  readonly subject: string
  /** Granted scope, space separated (RFC 6749 section 3.3). */
  readonly scope: string
  /** When the access token expires. */
  readonly expiresAt: number
  /** When to renew ahead of that; computed at the write, so that all tabs agree. */
  readonly renewAt: number
  /** Whether there is a refresh token. */
  readonly renewable: boolean
  /** When the session ends whatever happens; absent: it has no ceiling. */
  readonly ceilingAt?: number
  /** Authentication context class of the login, as its ID token names it (`acr`; OpenID Connect Core 2). */
  readonly acr?: string
  /** How the person authenticated (`amr`; RFC 8176). */
  readonly amr?: readonly string[]
  /** When, by the provider's clock (`auth_time`). */
  readonly authenticatedAt?: number
  /** Random id of the login. */
  readonly generation: string
  /** Counts the writes since that login, from 1. */
  readonly revision: number
  /** When this revision was written. */
  readonly storedAt: number
  /** Random id of the tab that wrote it. */
  readonly writtenBy: string
}

/** How a login came about; no renewal changes it. */
export type Authentication = Pick<CredentialFacts, 'acr' | 'amr' | 'authenticatedAt'>

/** Claims about the person (OpenID Connect Core 5.1), from the ID token or userinfo. */
export interface Profile {
  readonly sub: string
  readonly name?: string
  readonly given_name?: string
  readonly family_name?: string
  readonly nickname?: string
  readonly preferred_username?: string
  readonly picture?: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly locale?: string
  readonly updated_at?: number
  readonly [claim: string]: unknown
}

/** A stored or a new session, as the services hand it to the chart. */
export interface FoundSession {
  readonly facts: CredentialFacts
  /** The profile as last seen, so that it shows at once. */
  readonly profile: Profile | null
  /** When the person was last active in any tab, epoch ms; absent: not known. */
  readonly lastActiveAt?: number
}

/** A limit that ends a session whatever the provider says. */
export type Limit = 'ceiling' | 'idle'

/**
 * Why the provider renews a session no more. `revoked`: the refresh token counts no more. `login_required`: the person has to
 * log in again, or more strongly. `invalid_client`: this app may not renew, or is not known any more.
 */
export type Verdict = 'revoked' | 'login_required' | 'invalid_client'

/** Why a session ended. `logout`: the person chose to leave. */
export type EndReason =
  | 'logout'
  | 'expired'
  | Verdict
  | Limit
  | 'subject_changed'
  /** What was kept could not be read, or the browser removed it. */
  | 'storage_lost'

/** Why nobody is signed in: `never` has no session behind it. */
export type SignedOutReason = 'never' | Exclude<EndReason, 'logout'>

/** A clock may be set right by this much, in ms, before it counts as set back. */
const clockTolerance = 2_000

/**
 * Can the access token not be used any more? Also yes when the clock says that it is before the write: then it was set back,
 * and no one can tell how long the token still lasts.
 */
export function isExpiredAt(facts: Pick<CredentialFacts, 'expiresAt' | 'storedAt'>, now: number): boolean {
  // Written so that a figure which is no number counts as expired, and nobody waits for it again and again.
  return !(facts.expiresAt > now) || now < facts.storedAt - clockTolerance
}

/** Is the second the same login's later write? */
export function isNewer(than: CredentialFacts, facts: CredentialFacts): boolean {
  return facts.generation === than.generation && facts.revision > than.revision
}

/** The longest wait that a browser's timer takes, in ms; above it, it fires at once. */
export const longestDelay = 2 ** 31 - 1

/** A wait that a timer can take: NaN and negative become 0; too long is cut (whoever waits looks at the clock again). */
export function asDelay(ms: number): number {
  return ms > 0 ? Math.min(ms, longestDelay) : 0
}
