import { applyPatch, SessionError, type UserMetadata } from '../../machines/index.ts'
import type { MetadataAdapter } from '../../services/index.ts'

/** Keeps everybody's metadata, in memory. */
export class UserApi {
  isAway = false
  readonly #metadata = new Map<string, UserMetadata>()
  saves = 0

  of(subject: string): UserMetadata {
    return this.#metadata.get(subject) ?? {}
  }

  readonly adapter: MetadataAdapter = {
    origins: [],
    load: ({ subject }) => this.#answer(() => ({ metadata: this.of(subject), writable: true })),
    save: (patch, { subject }) =>
      this.#answer(() => {
        const before = this.of(subject)
        this.#metadata.set(subject, applyPatch(before, patch))
        this.saves += 1
        return { metadata: this.of(subject), before }
      }),
  }

  #answer<T>(work: () => T): Promise<T> {
    return this.isAway
      ? Promise.reject(new SessionError('provider_unavailable', 'The user API answered 503.'))
      : Promise.resolve(work())
  }
}
