import type { Tab } from '../support/tab.ts'

/** Counts what a tab gives out and has to get back; the answer tells what it has not got back yet. */
export function countHandles(tab: Tab): () => Record<string, number> {
  const handles = new Map<string, number>()
  const more = (name: string, by: number): void => void handles.set(name, (handles.get(name) ?? 0) + by)
  const { listen, openChannel, locks } = tab
  const timers = new Set<unknown>()
  tab.listen = (event, listener) => {
    more(`listener ${event}`, 1)
    const stop = listen(event, listener)
    return () => {
      more(`listener ${event}`, -1)
      stop()
    }
  }
  tab.openChannel = (name) => {
    const channel = openChannel(name)
    if (channel === null) return null
    more('channel', 1)
    return {
      ...channel,
      close: () => {
        more('channel', -1)
        channel.close()
      },
    }
  }
  Object.assign(tab, {
    locks: {
      request: (...asked: Parameters<LockManager['request']>) => {
        more('lock', 1)
        const done = (): void => more('lock', -1)
        const held = locks?.request(...asked) ?? Promise.resolve()
        held.then(done, done)
        return held
      },
    },
    timers: {
      setTimeout: (fire: () => void, ms: number) => {
        const id: ReturnType<typeof setTimeout> = setTimeout(() => {
          timers.delete(id)
          fire()
        }, ms)
        timers.add(id)
        return id
      },
      clearTimeout: (id: ReturnType<typeof setTimeout>) => {
        timers.delete(id)
        clearTimeout(id)
      },
    },
  })
  const databases = new Set<IDBDatabase>()
  const open = indexedDB.open.bind(indexedDB)
  // Each world has a factory of its own: nothing is to be put back.
  indexedDB.open = (...asked) => {
    const opening = open(...asked)
    opening.addEventListener('success', () => {
      const { result } = opening
      const close = result.close.bind(result)
      databases.add(result)
      result.close = () => {
        databases.delete(result)
        close()
      }
    })
    return opening
  }
  return () => ({
    ...Object.fromEntries([...handles].filter(([, count]) => count !== 0)),
    ...(timers.size === 0 ? {} : { timers: timers.size }),
    ...(databases.size === 0 ? {} : { databases: databases.size }),
  })
}
