import type { Platform } from './platform.ts'
import type { SiblingMessage, Siblings } from './siblings.ts'

/** How a tab that waits for its turn finds out whether the holder still lives. */
export interface Inquiry {
  hear(message: SiblingMessage): void
  /** Does another tab wait for the holder's answer, or did so not long ago? */
  hasHeardQuestion(): boolean
  stop(): void
}

interface InquiryParts {
  readonly platform: Pick<Platform, 'clock' | 'timers' | 'randomId'>
  readonly siblings: Pick<Siblings, 'announce'>
  /** ms until the holder is asked. */
  readonly askAfter: number
  /** ms that the holder has for its answer. */
  readonly answerTime: number
  /** The holder lives and needs its turn. */
  held(): void
  /** Nobody answered. */
  silent(): void
}

/**
 * One tab asks at a time: whoever finds another one asking lets it finish and then asks anew, for that one may have the turn by
 * then. Otherwise two that wait would overrule one after the other, the second of them a tab that lives.
 */
export function startInquiry({ platform, siblings, askAfter, answerTime, held, silent }: InquiryParts): Inquiry {
  const { clock, timers } = platform
  const me = platform.randomId()
  /** When this tab's question was put; `null`: it is not open. */
  let askedAt: number | null = null
  let otherAskedAt: number | null = null
  let hasBegun = false
  let isLastTry = false
  let timer: unknown = timers.setTimeout(ask, askAfter)

  function wait(then: () => void, ms: number): void {
    timers.clearTimeout(timer)
    timer = timers.setTimeout(then, ms)
  }
  function ask(): void {
    hasBegun = true
    const since = otherAskedAt === null ? answerTime : clock.now() - otherAskedAt
    otherAskedAt = null
    // Also a clock that was set back makes nobody wait longer than this.
    if (since < answerTime) return wait(ask, Math.min(answerTime, answerTime - since))
    put()
  }
  function put(): void {
    askedAt = clock.now()
    wait(hearNothing, answerTime)
    siblings.announce({ kind: 'turn.asked', by: me })
  }
  function hearNothing(): void {
    // Far too late: this device was asleep, and so was the holder. It gets the same chance once more.
    const wasAsleep = askedAt !== null && Math.abs(clock.now() - askedAt) > 2 * answerTime
    if (!wasAsleep || isLastTry) return silent()
    isLastTry = true
    put()
  }

  return {
    hear(message) {
      if (message.kind === 'turn.held' && hasBegun) held()
      if (message.kind !== 'turn.asked') return
      otherAskedAt = clock.now()
      if (askedAt === null || me < message.by) return
      // Both at once: the smaller id goes first.
      askedAt = null
      wait(ask, answerTime)
    },
    hasHeardQuestion: () => otherAskedAt !== null,
    stop: () => timers.clearTimeout(timer),
  }
}
