import type { Platform } from './platform.ts'

/** A turn that was granted or is waited for. It outlives the state that asked: work under way holds on to it. */
export interface Lease {
  /** The turn is given back only after this has settled. */
  hold(work: Promise<unknown>): void
  /** As `hold`, but whoever asks in this tab need not wait for it. */
  keep(until: Promise<unknown>): void
  /** Gives the turn back, as soon as no work holds on to it; gives up waiting, if it was not granted yet. */
  letGo(): void
}

interface Asked {
  granted(): void
  refused(): void
}

export interface Turns {
  /** Asks for the turn among all tabs of this vault. Calls back once, never from within this call. */
  ask(patience: number, asked: Asked): Lease
}

/** Turns by Web Locks: the browser gives a turn back when its tab dies. */
export function createTurns(scope: string, platform: Platform): Turns {
  const name = `sessionchart|${scope}`
  const locks = platform.locks ?? createQueue()
  /** The lease of this tab that work still holds on to although nobody asks for it: it can be taken up again. */
  let lingering: (Lease & { takeUp(asked: Asked): void }) | null = null

  return {
    ask(patience, asked) {
      const taken = lingering
      if (taken === null) return startLease(patience, asked)
      taken.takeUp(asked)
      return taken
    },
  }

  function startLease(patience: number, first: Asked): Lease {
    const works = new Set<Promise<unknown>>()
    const keeps = new Set<Promise<unknown>>()
    const waiting = new AbortController()
    const patienceTimer = platform.timers.setTimeout(() => waiting.abort(), patience)
    let isWanted = true
    let release: (() => void) | null = null

    const releaseIfIdle = (): void => {
      if (isWanted || works.size + keeps.size > 0) return
      if (lingering === lease) lingering = null
      release?.()
      release = null
    }
    const holdIn = (set: Set<Promise<unknown>>, work: Promise<unknown>): void => {
      set.add(work)
      const settled = (): void => {
        set.delete(work)
        releaseIfIdle()
      }
      work.then(settled, settled)
    }
    const lease = {
      hold: (work: Promise<unknown>) => holdIn(works, work),
      keep: (until: Promise<unknown>) => holdIn(keeps, until),
      letGo() {
        isWanted = false
        platform.timers.clearTimeout(patienceTimer)
        if (release === null) waiting.abort()
        else if (works.size + keeps.size > 0) lingering = lease
        releaseIfIdle()
      },
      takeUp(asked: Asked) {
        isWanted = true
        lingering = null
        // What this tab has sent comes first: nobody asks for the same again while it is under way.
        void Promise.allSettled(works).then(() => {
          if (isWanted && release !== null) asked.granted()
        })
      },
    }

    locks
      .request(name, { signal: waiting.signal }, () => {
        platform.timers.clearTimeout(patienceTimer)
        return new Promise<void>((resolve) => {
          release = resolve
          if (isWanted) first.granted()
          else releaseIfIdle()
        })
      })
      .catch(() => {
        platform.timers.clearTimeout(patienceTimer)
        if (isWanted) first.refused()
      })
    return lease
  }
}

/** Where there are no Web Locks: turns within this tab alone. Tabs then rely on compare and write. */
function createQueue(): Pick<LockManager, 'request'> {
  let last: Promise<unknown> = Promise.resolve()
  const request = (_name: string, options: LockOptions, callback: LockGrantedCallback<unknown>): Promise<unknown> => {
    const turn = last
      .catch(() => {})
      .then(() => {
        options.signal?.throwIfAborted()
        return callback(null)
      })
    last = turn
    return turn
  }
  // The two-argument form is not used here.
  return { request: request as LockManager['request'] }
}
