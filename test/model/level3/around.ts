import type { CredentialFacts, FoundSession, SignedOutReason } from '../../../machines/facts.ts'
import type { SessionPolicy } from '../../../machines/session/types.ts'

/** What this browser keeps. */
export type Kept =
  | ({ readonly outcome: 'found' } & FoundSession)
  | { readonly outcome: 'empty'; readonly reason: SignedOutReason | 'logout' }

/** The world around one tab of the app, as far as it makes a difference to people. */
export interface Around {
  readonly kept: Kept
  /**
   * `down`: every answer is 503, and asks for an hour's patience. `ailing`: renewals are answered so, all else is well. `silent`:
   * nothing is answered. `mute`: the exchange of a login's answer is not.
   */
  readonly provider: 'well' | 'ailing' | 'down' | 'silent' | 'mute'
  readonly isOnline: boolean
  /** This browser writes nothing more for the app. */
  readonly isFull: boolean
  /** The provider has ended the grants of this login; the next renewal is refused. */
  readonly isRevoked: boolean
  /** Whom the provider takes for signed in, so that a login by itself asks nothing. */
  readonly knownAs: string | null
  /** Whether this page has asked the provider where its endpoints are. */
  readonly hasDiscovered: boolean
  /** Where this tab is. */
  readonly at: 'app' | 'loginPage'
  /** What the address holds when the page is opened. */
  readonly answer: 'login' | 'refusal' | 'silentLogin' | 'silentRefusal' | null
  /** What the person did in the login window. */
  readonly window: 'signedIn' | 'refused' | 'closed' | null
}

export const untouched: Around = {
  kept: { outcome: 'empty', reason: 'never' },
  provider: 'well',
  isOnline: true,
  isFull: false,
  isRevoked: false,
  knownAs: null,
  hasDiscovered: false,
  at: 'app',
  answer: null,
  window: null,
}

/** What the app and its provider are set to in a world. */
export interface Setting {
  readonly name: string
  readonly policy: Partial<SessionPolicy>
  /** Of access tokens, and when they are renewed before their end; ms. */
  readonly lifetime: number
  readonly lead: number
  /** Whether the provider gives refresh tokens. */
  readonly isRenewable: boolean
  /** From a login to the end that the provider sets (`session_expiry`), ms. */
  readonly greatestAge?: number
  /** What is done in this world; all that can be, where nothing is said. Each world adds what the others cannot show. */
  readonly only?: readonly string[]
}

/** Facts of a login that is written now; `before`: of the one that it takes over from, which may be as young. */
export function newLogin(
  { lifetime, lead, isRenewable, greatestAge }: Setting,
  now: number,
  subject: string,
  before: CredentialFacts | null = null,
): FoundSession {
  const count = before === null ? 1 : Number(before.generation.split('@')[2]) + 1
  const facts: CredentialFacts = {
    subject,
    scope: 'openid',
    expiresAt: now + lifetime,
    renewAt: now + lifetime - lead,
    renewable: isRenewable,
    generation: `${subject}@${now}@${count}`,
    revision: 1,
    storedAt: now,
    writtenBy: 'this-tab',
    ...(greatestAge === undefined ? {} : { ceilingAt: now + greatestAge }),
  }
  return { facts, profile: null, lastActiveAt: now }
}

/** When the login was that these facts are of, epoch ms; the model's own names of logins say so. */
export const loginAt = ({ generation }: CredentialFacts): number => Number(generation.split('@')[1])
