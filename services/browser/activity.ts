import type { Platform } from './platform.ts'
import type { Siblings } from './siblings.ts'

/** What counts as a person's activity. */
const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'pointermove']

/** Activity is noted at most this often, in ms, and never more rarely than a tenth of the idle timeout. */
const noteEvery = 10_000

export interface Activity {
  /** When the person was last active in any tab, epoch ms, as far as is known. */
  lastActiveAt(): number | undefined
  /** A login is activity: what was noted in an earlier session must not end this one. */
  begin(): void
  /** Calls back while the person is active, in this tab or another. */
  watch(listener: (at: number) => void): () => void
  forget(): void
}

/** People's activity in all tabs. Without an idle timeout nothing is watched. */
export function createActivity(
  scope: string,
  idleTimeout: number | undefined,
  siblings: Siblings,
  platform: Platform,
): Activity {
  const key = `sessionchart.active.${scope}`
  const interval = Math.min(noteEvery, (idleTimeout ?? Infinity) / 10)

  const read = (): number => {
    try {
      return Number(platform.localStorage?.getItem(key) ?? Number.NaN)
    } catch {
      // Then nothing is known, and idleness counts from the opening.
      return Number.NaN
    }
  }
  const note = (at: number): void => {
    try {
      platform.localStorage?.setItem(key, String(at))
    } catch {
      // Then the other tabs hear it by the channel, and a reopening counts from the opening.
    }
  }

  return {
    lastActiveAt() {
      const at = read()
      return idleTimeout !== undefined && Number.isFinite(at) && at > 0 ? at : undefined
    },
    begin() {
      if (idleTimeout !== undefined) note(platform.clock.now())
    },
    watch(listener) {
      if (idleTimeout === undefined) return () => {}
      let noted = -Infinity
      const onSign = (): void => {
        const at = platform.clock.now()
        if (at - noted < interval && at >= noted) return
        noted = at
        note(at)
        siblings.announce({ kind: 'active', at })
        listener(at)
      }
      const stops = [
        ...signs.map((sign) => platform.listen(sign, onSign)),
        siblings.listen((message) => {
          if (message.kind === 'active') listener(message.at)
        }),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    },
    forget() {
      try {
        platform.localStorage?.removeItem(key)
      } catch {
        // The next login notes a time of its own.
      }
    },
  }
}
