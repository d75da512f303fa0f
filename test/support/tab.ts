import { pageTimers, type Platform, type TabChannel } from '../../services/browser/platform.ts'

/** A browser's storage as the web platform has it. */
export function createStorage(): Storage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  }
}

/** Web Locks for tests: exclusive locks, first come, first served; a waiting request can be aborted. */
function createLocks(): Platform['locks'] {
  const queues = new Map<string, Promise<unknown>>()
  const request = (name: string, options: LockOptions, callback: LockGrantedCallback<unknown>): Promise<unknown> => {
    const before = queues.get(name) ?? Promise.resolve()
    let isDone = false
    const aborted = new Promise<never>((_, reject) => {
      options.signal?.addEventListener('abort', () => {
        if (!isDone) reject(new DOMException('The lock request was aborted.', 'AbortError'))
      })
    })
    const granted = before.then(() => {
      isDone = true
      if (options.signal?.aborted === true) throw new DOMException('The lock request was aborted.', 'AbortError')
      return callback({ name, mode: 'exclusive' })
    })
    queues.set(
      name,
      granted.catch(() => {}),
    )
    return Promise.race([granted, aborted])
  }
  return { request: request as LockManager['request'] }
}

/** What all tabs of one browser share. IndexedDB is the process's own (fake-indexeddb). */
export interface Profile {
  readonly localStorage: Storage
  readonly locks: Platform['locks']
}

export const createProfile = (): Profile => ({ localStorage: createStorage(), locks: createLocks() })

/** A tab in a Node process: everything that `createSessionOn` needs of a browser, with hands to move it. */
export interface Tab extends Platform {
  /** Addresses this tab left for. */
  readonly visited: string[]
  /** The page is now at this address. */
  arrive(url: string): void
  /** Something happens on the window or document. */
  fire(event: string, init?: object): void
  /** Answers for the window that the next `openWindow` opens; default: the browser blocks it. */
  onPopup: ((url: string) => void) | null
  isClosed: boolean
  online: boolean
  /** ms that this tab's clock is ahead. */
  offset: number
}

interface TabOptions {
  readonly origin: string
  readonly profile?: Profile
}

export function openTab({ origin, profile = createProfile() }: TabOptions): Tab {
  let href = `${origin}/`
  const listeners = new Map<string, Set<(event: Event) => void>>()
  const tab: Tab = {
    visited: [],
    onPopup: null,
    isClosed: false,
    online: true,
    offset: 0,
    clock: { now: () => Date.now() + tab.offset, chance: () => 0.5 },
    timers: pageTimers,
    randomId: () => crypto.randomUUID(),
    localStorage: profile.localStorage,
    sessionStorage: createStorage(),
    locks: profile.locks,
    address: {
      href: () => href,
      origin,
      go: (url) => void tab.visited.push(url),
      replace: (url) => {
        href = new URL(url, href).href
      },
    },
    openChannel,
    openWindow: () => {
      const { onPopup } = tab
      if (onPopup === null) return null
      let isClosed = false
      return {
        get isClosed() {
          return isClosed
        },
        go: onPopup,
        close: () => {
          isClosed = true
        },
      }
    },
    closeThisWindow: () => {
      tab.isClosed = true
    },
    isOnline: () => tab.online,
    isVisible: () => true,
    listen: (event, listener) => {
      const all = listeners.get(event) ?? new Set()
      listeners.set(event, all.add(listener))
      return () => void all.delete(listener)
    },
    arrive: (url) => {
      href = url
    },
    fire: (event, init = {}) => {
      for (const listener of listeners.get(event) ?? []) listener(Object.assign(new Event(event), init))
    },
  }
  return tab
}

function openChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => {
      const onMessage = (event: MessageEvent<unknown>): void => listener(event.data)
      channel.addEventListener('message', onMessage as unknown as EventListener)
      return () => channel.removeEventListener('message', onMessage as unknown as EventListener)
    },
    close: () => channel.close(),
  }
}
