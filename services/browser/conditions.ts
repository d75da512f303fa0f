import type { Platform } from './platform.ts'

type Stop = () => void

/** Calls back when the browser says that it is online again. */
export function onOnline(platform: Platform, listener: () => void): Stop {
  return platform.listen('online', listener)
}

/** Calls back when the page is shown again, focused or woken up; not when it has just been opened. */
export function onResumed(platform: Platform, listener: () => void): Stop {
  const whenVisible = (): void => {
    if (platform.isVisible()) listener()
  }
  return all([
    platform.listen('visibilitychange', whenVisible),
    onRestored(platform, whenVisible),
    platform.listen('focus', whenVisible),
    // Not every browser has it; where it does, a frozen page says that it runs again.
    platform.listen('resume', whenVisible),
  ])
}

/** Calls back when the page comes back out of the back-forward cache. */
export function onRestored(platform: Platform, listener: () => void): Stop {
  return platform.listen('pageshow', (event) => {
    if ('persisted' in event && event.persisted === true) listener()
  })
}

export function all(stops: readonly Stop[]): Stop {
  return () => {
    for (const stop of stops) stop()
  }
}
