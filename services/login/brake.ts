import { SessionError } from '../../machines/errors.ts'
import type { Platform } from '../browser/platform.ts'

/** Logins in this tab that nobody clicked for: few that fail in a row, and more that succeed, whose sessions ended at once. */
export interface LoginBrake {
  /** Counts one that begins. Throws `login_loop` where it is one too many. */
  check(): void
  /** Would the next one be refused? */
  isOn(): boolean
  /** The last one succeeded. */
  release(): void
}

/** So many in a row that failed; the next one is refused. */
const mostTries = 3
/** So many whatever became of them: a page may well be opened anew a few times by someone who is signed in at the provider. */
const mostLogins = 10
/** Within, ms. */
const span = 60_000
const key = 'sessionchart.logins'

/**
 * Counted in sessionStorage, because most loops lead over the provider and back; where there is none, loops within a page
 * are stopped all the same.
 */
export function createLoginBrake(platform: Pick<Platform, 'clock' | 'sessionStorage' | 'isPersonActing'>): LoginBrake {
  const { clock, isPersonActing } = platform
  let inMemory = '[]'
  const keep = (tries: readonly number[]): void => {
    inMemory = JSON.stringify(tries)
    try {
      if (tries.length === 0) platform.sessionStorage?.removeItem(key)
      else platform.sessionStorage?.setItem(key, inMemory)
    } catch {
      // Full, or blocked meanwhile.
    }
  }
  const kept = (): string => {
    try {
      return platform.sessionStorage?.getItem(key) ?? inMemory
    } catch {
      return inMemory
    }
  }
  /** When the logins of the last minute began, epoch ms; those that succeeded, and what came before them, as negative numbers. */
  const recent = (): number[] => {
    const now = clock.now()
    return readTries(kept()).filter((at) => Math.abs(now - Math.abs(at)) < span)
  }
  const isOn = (): boolean => {
    const logins = recent()
    return !isPersonActing() && (logins.length >= mostLogins || logins.filter((at) => at > 0).length >= mostTries)
  }

  return {
    isOn,
    release: () => keep(recent().map((at) => -Math.abs(at))),
    check() {
      if (isPersonActing()) return keep([])
      if (isOn()) {
        throw new SessionError(
          'login_loop',
          `${recent().length} logins within a minute came to nothing, and nobody clicked for any of them: the next one was refused. ` +
            'Offer people a button, and look at "login.failed" for what went wrong.',
        )
      }
      keep([...recent(), clock.now()])
    },
  }
}

function readTries(text: string): number[] {
  try {
    const tries: unknown = JSON.parse(text)
    return Array.isArray(tries) ? tries.filter((at): at is number => typeof at === 'number') : []
  } catch {
    return []
  }
}
