/** All times in seconds after nine. */
export interface Policy {
  readonly name: string
  /** When a token that was issued at `now` is renewed. */
  dueAt(now: number, lifetime: number, chance: () => number): number
  /**
   * How long to wait after the failure number `attempts` (from 1) at `now`; null: it is not tried again, and the person logs in
   * once the provider is back.
   */
  waitAfter(attempts: number, now: number, expiresAt: number, chance: () => number): number | null
}

export interface DayOptions {
  readonly browsers: number
  /** Of an access token, s. */
  readonly lifetime: number
  readonly chance: () => number
  readonly policy: Policy
  /** The provider answers 503 at once. */
  readonly outage?: { readonly from: number; readonly to: number }
}

export interface Day {
  /** Token requests in each second, logins left out. */
  readonly perSecond: Float64Array
  /** Of each lifetime from the first renewals on: the busiest ten seconds against the mean. */
  readonly peakToMean: readonly number[]
  readonly requests: number
  /** How many the outage signed out. */
  readonly signedOut: number
  /** The busiest second from the end of the outage on, against the mean of the hour before it. */
  readonly peakAfterOutage: number
}

const arriving = 600
const hours = 8

/** One browser after the other; each knows nothing of the others, so that their order makes no difference. */
export function dayOf({ browsers, lifetime, chance, policy, outage }: DayOptions): Day {
  const length = hours * 3600
  const perSecond = new Float64Array(length)
  const ask = (at: number): void => {
    perSecond[Math.floor(at)] = (perSecond[Math.floor(at)] ?? 0) + 1
  }
  let signedOut = 0
  for (let browser = 0; browser < browsers; browser += 1) {
    let issued = (browser / browsers) * arriving
    for (;;) {
      let at = policy.dueAt(issued, lifetime, chance)
      const expiresAt = issued + lifetime
      let attempts = 0
      while (outage !== undefined && at >= outage.from && at < outage.to) {
        ask(at)
        attempts += 1
        const wait = policy.waitAfter(attempts, at, expiresAt, chance)
        if (wait === null) signedOut += 1
        // Whoever is signed out comes back within ten minutes, as in the morning.
        at = wait === null ? outage.to + arriving * chance() : at + wait
      }
      if (at >= length) break
      ask(at)
      issued = at
    }
  }
  return {
    perSecond,
    peakToMean: Array.from({ length: Math.floor(length / lifetime) - 1 }, (_, index) =>
      peakOf(perSecond.subarray((index + 1) * lifetime - lifetime / 2, (index + 2) * lifetime - lifetime / 2)),
    ),
    requests: sum(perSecond),
    signedOut,
    peakAfterOutage:
      outage === undefined
        ? Number.NaN
        : perSecond.subarray(outage.to).reduce((most, value) => Math.max(most, value), 0) /
          (sum(perSecond.subarray(outage.from - lifetime, outage.from)) / lifetime),
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

function peakOf(values: Float64Array): number {
  let most = 0
  for (let from = 0; from + 10 <= values.length; from += 10)
    most = Math.max(most, sum(values.subarray(from, from + 10)) / 10)
  return most / (sum(values) / values.length)
}
