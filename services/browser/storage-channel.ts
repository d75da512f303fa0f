import type { Platform, TabChannel } from './platform.ts'

/**
 * A channel for browsers without `BroadcastChannel`: a value written to localStorage is told to all other tabs of the origin
 * by a `storage` event. `null`: there is no localStorage either, or it takes nothing.
 */
export function openStorageChannel(name: string, platform: Platform): TabChannel | null {
  const { localStorage } = platform
  if (localStorage === null) return null
  const key = `sessionchart.channel.${name}`
  const sender = platform.randomId()
  let count = 0
  const stops = new Set<() => void>()

  const post = (message: unknown): void => {
    // A value that does not change is not told: hence sender and counter.
    count += 1
    localStorage.setItem(key, JSON.stringify({ sender, count, message }))
  }
  try {
    // Reading proves nothing in private mode; removing is not told when nothing is there.
    localStorage.setItem(`${key}.probe`, '')
    localStorage.removeItem(`${key}.probe`)
  } catch {
    return null
  }

  return {
    post,
    listen(listener) {
      const stop = platform.listen('storage', (event) => {
        const { key: changed, newValue } = event as Partial<StorageEvent>
        if (changed !== key || typeof newValue !== 'string') return
        const message = read(newValue)
        if (message !== null) listener(message)
      })
      stops.add(stop)
      return () => {
        stops.delete(stop)
        stop()
      }
    },
    close() {
      for (const stop of stops) stop()
      stops.clear()
      try {
        localStorage.removeItem(key)
      } catch {
        // The last message stays behind; it says no more than "look".
      }
    },
  }
}

/** Anything may be written there, by any script of the origin. */
function read(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && 'message' in parsed ? parsed.message : null
  } catch {
    return null
  }
}
