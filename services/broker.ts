import { SessionError } from '../machines/errors.ts'
import { isExpiredAt, longestDelay, type Clock } from '../machines/facts.ts'
import type { AccessTokenOptions } from './face.ts'
import type { TokenSource } from './fetch.ts'
import { isSameWrite, stampOf } from './vault/stamp.ts'
import type { Stamp, VaultEntry } from './vault/types.ts'

/** What the broker needs to know of the chart; the chart itself stays with the composition root. */
export interface ChartView {
  /** Resolves once the vault was read for the first time. */
  readonly ready: Promise<void>
  /** Is someone signed in, signing in or being looked up? */
  mayHaveToken(): boolean
  /** Why not. */
  endedBecause(): 'subject_changed' | 'session_ended' | 'no_credentials'
  /** Is someone signed in with nothing under way that will end the waiting? */
  isIdle(): boolean
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

/** The one place where callers wait for a token: all of them share one renewal and one promise. */
export function createBroker({ chart, current, clock, lead }: BrokerParts): Broker {
  /** Who waits, together, for a write later than the present one. */
  let waiting: Waiting | null = null
  /** The last access token that a resource server refused, by its write. */
  let refused: Stamp | null = null
  let isDisposed = false
  let disposed: (error: SessionError) => void = () => {}
  /** Callers may come before the vault was read, and be left there. */
  const ready = Promise.race([chart.ready, new Promise<never>((_, reject) => (disposed = reject))])
  let isReady = false
  ready.then(
    () => (isReady = true),
    () => {},
  )
  /** The same promise for all who get the same token, for as long as its entry is kept. */
  const tokens = new WeakMap<VaultEntry, Promise<string>>()

  const lifetimeOf = ({ facts }: VaultEntry): number => facts.expiresAt - facts.storedAt
  const isRefused = ({ facts }: VaultEntry): boolean => refused !== null && isSameWrite(refused, facts)
  const isUsable = (entry: VaultEntry, minTtl: number): boolean => {
    const now = clock.now()
    return !isRefused(entry) && !isExpiredAt(entry.facts, now) && entry.facts.expiresAt - now > minTtl
  }
  const leastOf = (entry: VaultEntry, minTtl: number | undefined): number =>
    minTtl ?? Math.min(lead, lifetimeOf(entry) / 4)

  const settle = (outcome: SessionError | VaultEntry): void => {
    const settled = waiting
    waiting = null
    if (outcome instanceof SessionError) settled?.reject(outcome)
    else settled?.resolve(outcome)
  }
  /** Whether what they wait for has come, or never will. */
  const lookAfterWaiting = (): void => {
    if (waiting === null) return
    const entry = current()
    if (entry !== null && entry.facts.subject !== waiting.entry.facts.subject) settle(error('subject_changed'))
    else if (entry !== null && !isSameWrite(entry.facts, waiting.entry.facts)) settle(entry)
    else if (!chart.mayHaveToken()) {
      const why = chart.endedBecause()
      settle(error(why === 'no_credentials' ? 'session_ended' : why))
    } else if (entry !== null && chart.isIdle()) {
      // Asked while the chart had ears for nothing, in the middle of a login or a look.
      chart.requireToken()
    }
  }
  const stop = chart.onChange(lookAfterWaiting)

  /** One renewal for all who wait. */
  const renew = (entry: VaultEntry): Promise<VaultEntry> => {
    // The vault is ahead of the chart for a moment: those who wait have what they wait for.
    if (waiting !== null && !isSameWrite(waiting.entry.facts, entry.facts)) lookAfterWaiting()
    if (waiting !== null) return waiting.renewed
    // Once for all of them: a listener that asks at every change of the chart must not be what changes it.
    waiting = startWaiting(entry)
    const { renewed } = waiting
    chart.requireToken()
    return renewed
  }

  const find = async ({ minTtl, forceRenewal = false }: AccessTokenOptions): Promise<VaultEntry> => {
    await ready
    if (isDisposed) throw error('disposed')
    const entry = current()
    if (entry === null || !chart.mayHaveToken())
      throw error(chart.mayHaveToken() ? 'no_credentials' : chart.endedBecause())
    if (minTtl !== undefined) assertReachable(minTtl, entry)
    if (!forceRenewal && isUsable(entry, leastOf(entry, minTtl))) return entry
    // A default that cannot be met by renewing is no reason to keep back a token that still works.
    if (!entry.facts.renewable && minTtl === undefined && !forceRenewal && isUsable(entry, 0)) return entry
    if (!entry.facts.renewable) throw error('no_refresh_token')
    const renewed = await renew(entry)
    if (minTtl !== undefined) assertReachable(minTtl, renewed)
    return renewed
  }
  const credentials = async (options: AccessTokenOptions = {}): Promise<VaultEntry> => {
    if (options.signal?.aborted === true) throw error('aborted')
    if (isDisposed) throw error('disposed')
    return orGiveUp(find(options), options)
  }
  /** Nearly every call: there is nothing to wait for, and nothing to refuse. */
  const atOnce = ({ minTtl, forceRenewal, signal }: AccessTokenOptions): VaultEntry | null => {
    const entry = isReady && !isDisposed && !forceRenewal && signal?.aborted !== true ? current() : null
    if (entry === null || !chart.mayHaveToken()) return null
    const least = leastOf(entry, minTtl)
    return least < lifetimeOf(entry) && isUsable(entry, least) ? entry : null
  }
  const tokenOf = (entry: VaultEntry): Promise<string> => {
    let token = tokens.get(entry)
    if (token === undefined) tokens.set(entry, (token = Promise.resolve(entry.tokens.accessToken)))
    return token
  }

  return {
    credentials,
    getAccessToken: (given) => {
      const options = given ?? anyOptions
      const entry = atOnce(options)
      return entry === null ? credentials(options).then(({ tokens: { accessToken } }) => accessToken) : tokenOf(entry)
    },
    async replaceRefused({ facts }, signal) {
      const entry = current()
      if (entry === null || !chart.mayHaveToken()) throw error('session_ended')
      // Never one person's token for a request of another's.
      if (entry.facts.subject !== facts.subject) throw error('subject_changed')
      if (!isSameWrite(entry.facts, facts)) return entry
      if (!facts.renewable) throw error('no_refresh_token')
      refused = stampOf(facts)
      const renewed = renew(entry)
      chart.refuseToken(facts.revision)
      return orGiveUp(renewed, signal === undefined ? {} : { signal })
    },
    hasValid: (minTtl = 0) => {
      const entry = current()
      return entry !== null && chart.mayHaveToken() && isUsable(entry, minTtl)
    },
    canRenew: () => chart.mayHaveToken() && (current()?.facts.renewable ?? false),
    dispose() {
      isDisposed = true
      stop()
      disposed(error('disposed'))
      settle(error('disposed'))
    },
  }

  function assertReachable(minTtl: number, entry: VaultEntry): void {
    const lifetime = lifetimeOf(entry)
    if (minTtl < lifetime) return
    throw new SessionError(
      'large_min_ttl',
      `getAccessToken: minTtl is ${minTtl} ms, and this provider's access tokens last ${lifetime} ms. Ask for less.`,
    )
  }
}

interface Waiting {
  readonly entry: VaultEntry
  readonly renewed: Promise<VaultEntry>
  resolve(renewed: VaultEntry): void
  reject(error: SessionError): void
}

function startWaiting(entry: VaultEntry): Waiting {
  let resolve: Waiting['resolve'] = () => {}
  let reject: Waiting['reject'] = () => {}
  const renewed = new Promise<VaultEntry>((onDone, onError) => {
    resolve = onDone
    reject = onError
  })
  // Everyone who waits handles it; should all have gone, nobody is to be alarmed.
  renewed.catch(() => {})
  return { entry, renewed, resolve, reject }
}

const anyOptions: AccessTokenOptions = {}

const messages = {
  no_credentials: 'Nobody is signed in. Start a login.',
  no_refresh_token:
    'The access token must be renewed, and there is no refresh token. Ask for the scope "offline_access".',
  session_ended: 'The session ended while a caller waited for an access token.',
  subject_changed: 'Another person signed in in another tab.',
  aborted: 'The caller gave up waiting for an access token.',
  disposed: 'This session was disposed; make a new one.',
}

function error(code: keyof typeof messages): SessionError {
  return new SessionError(code, messages[code])
}

/** The caller's own patience; the work goes on for the others. */
function orGiveUp<T>(
  work: Promise<T>,
  { timeout, signal }: Pick<AccessTokenOptions, 'timeout' | 'signal'>,
): Promise<T> {
  if (timeout === undefined && signal === undefined) return work
  let stop = (): void => {}
  const patience = new Promise<never>((_, reject) => {
    // What is longer than a timer can be is as long as it takes.
    const timer =
      timeout === undefined || timeout > longestDelay
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
