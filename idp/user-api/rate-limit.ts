export interface RateLimit {
  /** Counts one request. */
  count(): { allowed: boolean; headers: Record<string, string> }
}

/** A window begins with the first request after the last one ended, so that a test knows when it begins. */
export function createRateLimit(limit: number, windowSeconds: number): RateLimit {
  let endsAt = 0
  let used = 0
  return {
    count() {
      const now = Date.now()
      if (now >= endsAt) {
        endsAt = now + windowSeconds * 1000
        used = 0
      }
      used += 1
      const allowed = used <= limit
      return {
        allowed,
        headers: {
          'X-RateLimit-Limit': String(limit),
          'X-RateLimit-Remaining': String(Math.max(0, limit - used)),
          // Epoch seconds, as at Auth0; rounded up, since a client that comes back earlier is refused again.
          'X-RateLimit-Reset': String(Math.ceil(endsAt / 1000)),
          ...(!allowed && { 'Retry-After': String(Math.max(1, Math.ceil((endsAt - now) / 1000))) }),
        },
      }
    },
  }
}
