import { SessionError } from '../machines/errors.ts'
import { isExpiredAt, type Clock } from '../machines/facts.ts'
import type { AccessTokenOptions } from './face.ts'
import type { TokenSource } from './fetch.ts'
import type { VaultEntry } from './vault/types.ts'

/** What the broker needs to know of the chart; the chart itself stays with the composition root. */
export interface ChartView {
  /** Resolves once the vault was read for the first time. */
  readonly ready: Promise<void>
  /** Is someone signed in, signing in or being looked up? */
  mayHaveToken(): boolean
  /** Why not. */
  endedBecause(): 'subject_changed' | 'session_ended' | 'no_credentials'
  requireToken(): void
  refuseToken(revision: number): void
  /** Calls back after every change of the chart. */
  onChange(listener: () => void): () => void
}

interface BrokerParts {
  readonly chart: ChartView
  current(): VaultEntry | null
  readonly clock: Clock
  /** Default of `minTtl`, ms. */
  readonly lead: number
}

export interface Broker extends TokenSource {
  getAccessToken(options?: AccessTokenOptions): Promise<string>
  hasValid(minTtl?: number): boolean
  canRenew(): boolean
  dispose(): void
}

const messages = {
  no_credentials: 'Nobody is signed in. Start a login.',
  session_ended: 'The session ended while a caller waited for an access token.',
  subject_changed: 'Another person signed in in another tab.',
}

/** The one place where callers wait for a token: all of them share one renewal and one promise. */
export function createBroker({ chart, current, clock, lead }: BrokerParts): Broker {
  /** Who waits, together, for a write later than the present one. */
  let waiting: {
    readonly entry: VaultEntry
    readonly renewed: Promise<VaultEntry>
    settle(error: SessionError | null): void
  } | null = null
  /** The last access token that a resource server refused, by its facts. */
  let refused: { readonly generation: string; readonly revision: number } | null = null
  let isDisposed = false

  const lifetimeOf = ({ facts }: VaultEntry): number => facts.expiresAt - facts.storedAt
  const isRefused = ({ facts }: VaultEntry): boolean =>
    refused !== null && refused.generation === facts.generation && refused.revision === facts.revision
  const isUsable = (entry: VaultEntry, minTtl: number): boolean =>
    !isRefused(entry) && !isExpiredAt(entry.facts, clock.now()) && entry.facts.expiresAt - clock.now() > minTtl

  const stop = chart.onChange(() => {
    if (waiting === null) return
    const entry = current()
    if (entry !== null && entry.facts.subject !== waiting.entry.facts.subject) waiting.settle(error('subject_changed'))
    else if (entry !== null && !isSameWrite(entry, waiting.entry)) waiting.settle(null)
    else if (!chart.mayHaveToken()) {
      const why = chart.endedBecause()
      waiting.settle(error(why === 'no_credentials' ? 'session_ended' : why))
    }
  })

  /** One renewal for all who wait. */
  const renew = (entry: VaultEntry): Promise<VaultEntry> => {
    if (waiting === null || !isSameWrite(waiting.entry, entry)) {
      let settle: (error: SessionError | null) => void = () => {}
      const renewed = new Promise<VaultEntry>((resolve, reject) => {
        settle = (failure) => {
          waiting = null
          const now = current()
          if (failure !== null) reject(failure)
          else if (now === null) reject(error('session_ended'))
          else resolve(now)
        }
      })
      // Everyone who waits handles it; should all have gone, nobody is to be alarmed.
      renewed.catch(() => {})
      waiting = { entry, renewed, settle }
    }
    const { renewed } = waiting
    chart.requireToken()
    return renewed
  }

  const broker: Broker = {
    async getAccessToken({ minTtl, forceRenewal = false, timeout, signal } = {}) {
      if (signal?.aborted === true) throw error('aborted')
      if (isDisposed) throw error('disposed')
      await orGiveUp(chart.ready, timeout, signal)
      const entry = current()
      if (entry === null || !chart.mayHaveToken())
        throw error(chart.mayHaveToken() ? 'no_credentials' : chart.endedBecause())
      const least = minTtl ?? Math.min(lead, lifetimeOf(entry) / 4)
      assertReachable(least, entry)
      if (!forceRenewal && isUsable(entry, least)) return entry.tokens.accessToken
      // A default that cannot be met by renewing is no reason to keep back a token that still works.
      if (!entry.facts.renewable && minTtl === undefined && !forceRenewal && isUsable(entry, 0))
        return entry.tokens.accessToken
      if (!entry.facts.renewable) {
        throw new SessionError(
          'no_refresh_token',
          'The access token must be renewed, and there is no refresh token. Ask for the scope "offline_access".',
        )
      }
      const renewed = await orGiveUp(renew(entry), timeout, signal)
      if (minTtl !== undefined) assertReachable(minTtl, renewed)
      return renewed.tokens.accessToken
    },
    currentFacts: () => current()?.facts ?? null,
    async replaceRefused(revision, signal) {
      const entry = current()
      if (entry === null) throw error('session_ended')
      if (entry.facts.revision !== revision) return entry.tokens.accessToken
      if (!entry.facts.renewable) throw error('no_credentials')
      refused = { generation: entry.facts.generation, revision }
      const renewed = orGiveUp(renew(entry), undefined, signal)
      chart.refuseToken(revision)
      return (await renewed).tokens.accessToken
    },
    hasValid: (minTtl = 0) => {
      const entry = current()
      return entry !== null && chart.mayHaveToken() && isUsable(entry, minTtl)
    },
    canRenew: () => current()?.facts.renewable ?? false,
    dispose() {
      isDisposed = true
      stop()
      waiting?.settle(error('disposed'))
    },
  }
  return broker

  function assertReachable(minTtl: number, entry: VaultEntry): void {
    const lifetime = lifetimeOf(entry)
    if (minTtl < lifetime) return
    throw new SessionError(
      'large_min_ttl',
      `getAccessToken: minTtl is ${minTtl} ms, and this provider's access tokens last ${lifetime} ms. Ask for less.`,
    )
  }
}

const isSameWrite = (a: VaultEntry, b: VaultEntry): boolean =>
  a.facts.generation === b.facts.generation && a.facts.revision === b.facts.revision

function error(code: 'no_credentials' | 'session_ended' | 'subject_changed' | 'aborted' | 'disposed'): SessionError {
  if (code === 'aborted') return new SessionError(code, 'The caller gave up waiting for an access token.')
  if (code === 'disposed') return new SessionError(code, 'This session was disposed; make a new one.')
  return new SessionError(code, messages[code])
}

/** The caller's own patience; the work goes on for the others. */
function orGiveUp<T>(work: Promise<T>, timeout: number | undefined, signal: AbortSignal | undefined): Promise<T> {
  if (timeout === undefined && signal === undefined) return work
  let stop = (): void => {}
  const patience = new Promise<never>((_, reject) => {
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => reject(new SessionError('timeout', `No access token within ${timeout} ms.`)), timeout)
    const onAbort = (): void => reject(error('aborted'))
    signal?.addEventListener('abort', onAbort)
    stop = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  })
  return Promise.race([work, patience]).finally(stop)
}
