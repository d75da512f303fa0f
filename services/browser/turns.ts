import { startInquiry } from './inquiry.ts'
import type { Platform } from './platform.ts'
import type { Siblings } from './siblings.ts'

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
  /** There is no turn to be had now, or, after it was granted, it is lost: another tab took this one for dead. */
  refused(): void
}

export interface Turns {
  /**
   * Asks for the turn among all tabs of this vault, and calls back within `patience` ms, never from within this call. When half
   * of that is over the holder is asked whether it lives; one that answers keeps its turn, one that stays silent is overruled.
   */
  ask(patience: number, asked: Asked): Lease
  /** Resolves once everything is given back. */
  settled(): Promise<void>
}

/** Exclusive locks, as Web Locks: with `steal`, whoever holds the lock is told by the rejection of its request. */
export type TurnLocks = Pick<LockManager, 'request'>

interface TurnsParts {
  readonly scope: string
  readonly platform: Platform
  readonly siblings: Siblings
  readonly locks: TurnLocks
  /** ms after which work that holds a turn is not believed in any more: whoever asks gets no answer. */
  readonly longestWork: number
}

/** Of the patience: until the holder is asked, and for its answer. The rest is for taking over. */
export const shares = { ask: 1 / 2, answer: 1 / 3 }

export function createTurns({ scope, platform, siblings, locks, longestWork }: TurnsParts): Turns {
  const { clock, timers } = platform
  const name = `sessionchart|${scope}`
  /** The lease of this tab that work still holds on to although nobody asks for it: it can be taken up again. */
  let lingering: (Lease & { takeUp(asked: Asked): void }) | null = null
  /** What this tab has sent and not finished, under whichever lease: also one that was overruled. */
  const underWay = new Set<Promise<unknown>>()
  const requests = new Set<Promise<unknown>>()

  return {
    ask(patience, asked) {
      const taken = lingering
      if (taken === null) return startLease(patience, asked)
      taken.takeUp(asked)
      return taken
    },
    async settled() {
      while (requests.size > 0) await Promise.allSettled(requests)
    },
  }

  function startLease(patience: number, first: Asked): Lease {
    /** With the time at which each began. */
    const works = new Map<Promise<unknown>, number>()
    const keeps = new Set<Promise<unknown>>()
    const waiting = new AbortController()
    let asked = first
    let isWanted = true
    let hasTold = false
    let isOverruling = false
    /** While this tab waited, another one asked for the holder; whoever is granted the turn then is the one that it hears. */
    let hasHeardQuestion = false
    let release: (() => void) | null = null
    let answerTimer: unknown = null

    const stopHearing = siblings.listen((message) => {
      if (release === null) {
        hasHeardQuestion ||= message.kind === 'turn.asked'
        inquiry?.hear(message)
      } else if (message.kind === 'turn.asked' && isAlive()) answer()
    })
    const stopListening = (): void => {
      stopHearing()
      timers.clearTimeout(answerTimer)
    }
    /** By a timer: Chromium gives a frozen page its messages, but its timers stand still, and so does its work. */
    const answer = (): void => {
      timers.clearTimeout(answerTimer)
      answerTimer = timers.setTimeout(() => siblings.announce({ kind: 'turn.held' }), 0)
    }
    // Where nobody can answer, silence says nothing: then only the browser takes a turn from a tab.
    const inquiry = siblings.isReachable
      ? startInquiry({
          platform,
          siblings,
          askAfter: patience * shares.ask,
          answerTime: patience * shares.answer,
          held: () => refuse(),
          silent: () => overrule(),
        })
      : null
    const patienceTimer = timers.setTimeout(() => refuse(), patience)

    const stopWaiting = (): void => {
      inquiry?.stop()
      timers.clearTimeout(patienceTimer)
    }
    const isAlive = (): boolean =>
      isWanted || keeps.size > 0 || [...works.values()].some((since) => clock.now() - since < longestWork)
    const refuse = (): void => {
      stopWaiting()
      stopListening()
      waiting.abort()
      if (!isWanted) return
      isWanted = false
      asked.refused()
    }
    const releaseIfIdle = (): void => {
      if (isWanted || works.size + keeps.size > 0) return
      if (lingering === lease) lingering = null
      stopListening()
      release?.()
      release = null
    }
    /** Another tab has the turn. What was sent goes on, and its answer is compared and written as any other. */
    const lose = (): void => {
      release = null
      if (lingering === lease) lingering = null
      refuse()
    }
    const grant = (): void => {
      // What this tab has sent comes first: nobody asks for the same again while it is under way.
      const tell = (): void => {
        // Let go and taken up again while this was waiting: told of once.
        if (!isWanted || release === null || hasTold) return
        hasTold = true
        asked.granted()
      }
      if (underWay.size === 0) tell()
      else void Promise.allSettled(underWay).then(tell)
    }
    const take = (options: LockOptions): void => {
      let mine: (() => void) | null = null
      const onGranted = (): Promise<void> =>
        new Promise<void>((resolve) => {
          // Granted in the very moment in which this tab began to take over: that other request is the one that counts.
          if (isOverruling && options.steal !== true) return resolve()
          stopWaiting()
          mine = resolve
          release = resolve
          if (!isWanted) return releaseIfIdle()
          // Whoever waits as well must not take the silence of the tab that had the turn before for ours.
          if (isOverruling || hasHeardQuestion) answer()
          grant()
        })
      const request = locks.request(name, options, onGranted).then(
        () => {},
        () => {
          if (mine !== null && release === mine) lose()
          // Its place in the queue was given up for taking over.
          else if (!isOverruling || options.steal === true) refuse()
        },
      )
      requests.add(request)
      void request.then(() => requests.delete(request))
    }
    function overrule(): void {
      isOverruling = true
      waiting.abort()
      take({ steal: true })
    }

    const lease = {
      hold(work: Promise<unknown>) {
        works.set(work, clock.now())
        underWay.add(work)
        whenSettled(work, () => {
          works.delete(work)
          underWay.delete(work)
          releaseIfIdle()
        })
      },
      keep(until: Promise<unknown>) {
        keeps.add(until)
        whenSettled(until, () => {
          keeps.delete(until)
          releaseIfIdle()
        })
      },
      letGo() {
        isWanted = false
        stopWaiting()
        if (release === null) {
          stopListening()
          waiting.abort()
        } else if (works.size + keeps.size > 0) lingering = lease
        releaseIfIdle()
      },
      takeUp(next: Asked) {
        isWanted = true
        hasTold = false
        lingering = null
        asked = next
        // Never from within the call.
        void Promise.resolve().then(grant)
      },
    }
    take({ signal: waiting.signal })
    return lease
  }
}

function whenSettled(work: Promise<unknown>, settled: () => void): void {
  work.then(settled, settled)
}
