import type { Authentication, Clock, CredentialFacts } from '../../machines/facts.ts'
import type { Stamp } from '../vault/types.ts'

/** What a token response says (RFC 6749 section 5.1), read and checked. */
export interface TokenAnswer {
  readonly accessToken: string
  readonly tokenType: string
  /** Lifetime of the access token in seconds; absent where the provider gave none. */
  readonly expiresIn?: number
  readonly refreshToken?: string
  readonly idToken?: string
  readonly scope?: string
}

export interface FactsPolicy {
  /** How long before expiry to renew, ms. */
  readonly lead: number
}

/** Assumed where the provider gives no `expires_in`, s. */
const assumedLifetime = 3600
/** The lead is at most this share of the lifetime, so that a short-lived token is not renewed all the time. */
const mostLeadShare = 1 / 4
/**
 * Renewals are spread over this share of the lifetime, before the lead, so that a fleet of browsers that logged in at nine does not
 * renew in step for the rest of the day. Chosen from the curve in docs/benchmarks.md: a third of the peak for an eighth more requests.
 */
const spreadShare = 1 / 4

interface FactsOf {
  readonly answer: TokenAnswer
  readonly subject: string
  readonly scope: string
  readonly renewable: boolean
  readonly ceilingAt: number | undefined
  readonly authentication?: Authentication
  readonly stamp: Stamp
  readonly writtenBy: string
  /** The facts before a renewal; `null` at a login. */
  readonly before: CredentialFacts | null
  readonly clock: Clock
  readonly policy: FactsPolicy
}

/** Computed once, at the write, so that all tabs act on the same figures. */
export function factsOf({ answer, before, clock, policy, stamp, ...rest }: FactsOf): CredentialFacts {
  const now = clock.now()
  const lifetime = (answer.expiresIn ?? assumedLifetime) * 1000
  const expiresAt = now + lifetime
  const lead = Math.min(policy.lead, lifetime * mostLeadShare)
  const spread = lifetime * spreadShare * clock.chance()
  // A provider that does not give a later expiry would be asked again and again: then the expiry itself is early enough.
  const isLater = before === null || expiresAt > before.expiresAt
  return {
    subject: rest.subject,
    scope: rest.scope,
    expiresAt,
    renewAt: isLater ? expiresAt - lead - spread : expiresAt,
    renewable: rest.renewable,
    ...(rest.ceilingAt === undefined ? {} : { ceilingAt: rest.ceilingAt }),
    ...rest.authentication,
    generation: stamp.generation,
    revision: stamp.revision,
    storedAt: now,
    writtenBy: rest.writtenBy,
  }
}
