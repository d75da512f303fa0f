/** What runs in each page before the app, and tells the soak what no provider can know: which answers reached a tab. */

/** What one page says of its logins and renewals. Refresh tokens are told as the beginnings of their SHA-256 only. */
export type Report =
  /** About to spend this one; a login spends none. */
  | { readonly what: 'sent'; readonly spent: string }
  /** The whole answer is here; the app gets it only after this is told. */
  | { readonly what: 'received'; readonly spent: string; readonly got: string }
  /** `status` 0: there was no answer, or it broke off. */
  | { readonly what: 'failed'; readonly spent: string; readonly status: number }
  /** A write to what all tabs agree on has gone through. */
  | { readonly what: 'written' }

export const reporter = 'soakReport'

/** Puts itself between the app and the token endpoint, and between the app and its database. */
export function watchTokens(): void {
  const report = (told: Report): Promise<void> =>
    (window as unknown as { soakReport(told: Report): Promise<void> }).soakReport(told)
  const hash = async (text: string): Promise<string> => {
    const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
    return [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  const refreshTokenIn = (text: string): unknown => {
    try {
      return (JSON.parse(text) as { refresh_token?: unknown }).refresh_token
    } catch {
      return undefined
    }
  }
  const send = window.fetch.bind(window)
  window.fetch = async (input, init) => {
    const body = init?.body
    const isForTokens = body instanceof URLSearchParams && body.has('grant_type')
    if (!isForTokens) return send(input, init)
    const spent = await hash(body.get('refresh_token') ?? '')
    await report({ what: 'sent', spent })
    const response = await send(input, init).catch(async (error: unknown) => {
      await report({ what: 'failed', spent, status: 0 })
      throw error
    })
    // One that breaks off is left to the app as it is.
    const text = await response
      .clone()
      .text()
      .catch(() => null)
    const got = refreshTokenIn(text ?? '')
    if (typeof got === 'string') await report({ what: 'received', spent, got: await hash(got) })
    else await report({ what: 'failed', spent, status: text === null ? 0 : response.status })
    return response
  }

  // Called on whatever database is at hand, below.
  const transaction = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function open(this: IDBDatabase, ...parts) {
    const opened = transaction.apply(this, parts)
    const [names, mode] = parts
    const isWrite = mode === 'readwrite' && [names].flat().includes('logins')
    if (isWrite) opened.addEventListener('complete', () => void report({ what: 'written' }))
    return opened
  }
}

/** Lets `Date` be moved ahead, here and in pages: `soakLeap(ms)`, counted from the true time. Timers stay as they are. */
export function makeClockMovable(): void {
  let ahead = 0
  const real = Date
  globalThis.Date = new Proxy(real, {
    construct: (target, parts: unknown[], made) =>
      Reflect.construct(target, parts.length > 0 ? parts : [target.now() + ahead], made) as Date,
    apply: (target) => new target(target.now() + ahead).toString(),
    get: (target, name): unknown => (name === 'now' ? () => target.now() + ahead : Reflect.get(target, name)),
  })
  Object.assign(globalThis, {
    soakLeap: (ms: number) => {
      ahead = ms
    },
  })
}

/** Runs in the page: follows what the app shows. */
export function watchStatus(): void {
  const seen = { status: 'none', longestGap: 0, gapSince: 0 }
  Object.assign(window, { soak: seen })
  const note = (status: string): void => {
    if (status === seen.status) return
    const now = performance.now()
    if (seen.status === 'reconnecting') seen.longestGap = Math.max(seen.longestGap, now - seen.gapSince)
    if (status === 'reconnecting') seen.gapSince = now
    seen.status = status
  }
  const look = (): void => note(document.querySelector('.status')?.getAttribute('data-status') ?? 'none')
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-status'],
  })
}
