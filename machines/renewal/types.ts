import type { Clock, CredentialFacts } from '../facts.ts'
import type { Problem } from '../errors.ts'

/** How patient one renewal is. All in ms. */
export interface RenewalPolicy {
  /** How long the chart waits for its turn before it steps back and asks again. */
  readonly turnPatience: number
  /** How long reading or writing the vault may take. */
  readonly vaultTimeout: number
  /** How long one token request may take, at the outside: an abandoned request may still have rotated the refresh token. */
  readonly requestTimeout: number
  /**
   * The first wait after a failure; doubled with each further one, then spread by chance: over the second half of that figure
   * while the old access token works, over all of it afterwards (full jitter).
   */
  readonly backoffFirst: number
  /** The longest wait after failures; while the old access token works, a quarter of what is left of it, if that is more. */
  readonly backoffMost: number
  /** How long to believe that the browser is offline; it says so wrongly at times. */
  readonly offlineDoubt: number
}

export interface RenewalInput {
  readonly facts: CredentialFacts
  readonly clock: Clock
  readonly policy: RenewalPolicy
}

/** How one renewal ended. */
export type RenewalOutcome =
  | { readonly outcome: 'renewed'; readonly facts: CredentialFacts }
  /** Another tab had renewed already. */
  | { readonly outcome: 'adopted'; readonly facts: CredentialFacts }
  /** Renewed and usable, but not written yet; the turn is kept. */
  | { readonly outcome: 'unsaved'; readonly facts: CredentialFacts }
  /** The session that was to be renewed is no longer the one in the vault. */
  | { readonly outcome: 'discarded' }
  /** The provider's verdict, confirmed against the vault: this session is over. */
  | { readonly outcome: 'rejected'; readonly problem: Problem }

export interface RenewalContext extends RenewalInput {
  /** Failures in a row, counted up to `maxAttempts`. */
  readonly attempts: number
  /** The last failure, for people and for `Retry-After`. */
  readonly problem: Problem | null
  /** The provider asked not to be asked before; epoch ms. */
  readonly notBefore: number
  readonly result: RenewalOutcome | null
}

/** All that the renewal chart takes. */
export type RenewalEvent =
  | { readonly type: 'turn.granted' }
  /** No turn to be had now: ask again later. */
  | { readonly type: 'turn.refused' }
  | { readonly type: 'sibling.renewed'; readonly facts: CredentialFacts }
  /** The person does not want to wait for the next try. */
  | { readonly type: 'renewal.retry' }
  | { readonly type: 'network.online' }
  | { readonly type: 'page.resumed' }

export const maxAttempts = 16
