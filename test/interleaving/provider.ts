import { SessionError } from '../../machines/errors.ts'
import type { TokenAnswer } from '../../services/credentials/facts.ts'

interface Family {
  readonly subject: string
  /** The refresh token whose second use ended it, or `revoked`. */
  endedBy: string | null
}
interface RefreshToken {
  readonly family: Family
  /** Who spent it: a tab, by name. */
  spentBy: string | null
}

/** Lifetime of an access token, s. */
export const lifetime = 100

/** How the provider does: `busy` answers 503 and does nothing, `losing` rotates, and its answer never arrives. */
export type Mood = 'well' | 'slow' | 'busy' | 'losing'

/**
 * A rotating provider with reuse detection, as strict as the standard allows: a refresh token is good once, and a second
 * use ends its family.
 */
export class RotatingProvider {
  readonly #tokens = new Map<string, RefreshToken>()
  #count = 0
  #last: Family | null = null
  mood: Mood = 'well'
  /** Refresh tokens that were spent a second time, and by whom the first time. */
  readonly reuses: { readonly token: string; readonly first: string; readonly second: string }[] = []
  renewals = 0

  logIn(subject: string): TokenAnswer {
    this.#last = { subject, endedBy: null }
    return this.#issue(this.#last)
  }

  renew(refreshToken: string, tab: string): TokenAnswer {
    const token = this.#tokens.get(refreshToken)
    if (token === undefined) throw verdict()
    if (token.spentBy !== null) {
      this.reuses.push({ token: refreshToken, first: token.spentBy, second: tab })
      token.family.endedBy ??= refreshToken
    }
    if (token.family.endedBy !== null) throw verdict()
    token.spentBy = tab
    this.renewals += 1
    return this.#issue(token.family)
  }

  revoke(refreshToken: string): void {
    const token = this.#tokens.get(refreshToken)
    if (token !== undefined) token.family.endedBy ??= 'revoked'
  }

  /** The provider ends every session that it has. */
  revokeAll(): void {
    for (const { family } of this.#tokens.values()) family.endedBy ??= 'revoked'
  }

  /** What ended the session of the last login: a refresh token that was used twice, or `revoked`. */
  get endOfLast(): string | null {
    return this.#last?.endedBy ?? null
  }

  #issue(family: Family): TokenAnswer {
    this.#count += 1
    const refreshToken = `refresh-${this.#count}`
    this.#tokens.set(refreshToken, { family, spentBy: null })
    return {
      accessToken: `access-${this.#count}-of-${family.subject}`,
      tokenType: 'Bearer',
      expiresIn: lifetime,
      refreshToken,
      idToken: `id-of-${family.subject}`,
      scope: 'openid offline_access',
    }
  }
}

const verdict = (): SessionError => new SessionError('invalid_grant', 'The provider answered "invalid_grant".')
