import { SessionError } from '../machines/errors.ts'
import { inTime, unreachable, type HttpTools } from './http.ts'

/** What lies in a chunk of its own, from when it is first needed: docs/decisions/035-on-demand.md. */
export interface OnDemand<T> {
  /** `null`: not loaded yet. */
  loaded(): T | null
  /** Loads it, once for all who ask meanwhile; again after a failure. Rejects with `network`, `offline`, `timeout`. */
  load(): Promise<T>
  /** What is being loaded comes, for no browser cuts that; but whoever waits for it is told `disposed`, and begins nothing. */
  close(): Promise<void>
}

/** `chunk`: such as `() => import('./oidc/oidc-part.ts')`; `open` makes of it what is needed. */
export function onDemand<TChunk, T>(
  tools: HttpTools,
  chunk: () => Promise<TChunk>,
  open: (chunk: TChunk) => T,
): OnDemand<T> {
  let loaded: T | null = null
  let loading: Promise<T> | null = null
  let isClosed = false
  const load = async (): Promise<T> => {
    try {
      const loadedChunk = await loadChunk(tools, chunk)
      if (isClosed) throw new SessionError('disposed', 'This session was disposed before it talked to the provider.')
      return (loaded = open(loadedChunk))
    } finally {
      loading = null
    }
  }
  return {
    loaded: () => loaded,
    load: () => (loaded === null ? (loading ??= load()) : Promise.resolve(loaded)),
    async close() {
      isClosed = true
      await loading?.catch(() => {})
    },
  }
}

async function loadChunk<TChunk>(tools: HttpTools, chunk: () => Promise<TChunk>): Promise<TChunk> {
  try {
    return await inTime(tools, 'This app', chunk())
  } catch (cause) {
    if (cause instanceof SessionError) throw cause
    if (!tools.isOnline()) throw unreachable(tools, 'This app', cause)
    // Or a newer version of the app has taken the place of this one, and only loading the page again helps.
    throw new SessionError('network', 'A part of this app could not be loaded. Try again, or load the page again.', {
      cause,
    })
  }
}
