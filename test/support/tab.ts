// In a page this chunk comes within a moment; here it would first have to be made of its sources, in the middle of a test.
import '../../services/oidc/oidc-part.ts'
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

function copyOf(storage: Storage | null): Storage {
  const copy = createStorage()
  for (let index = 0; index < (storage?.length ?? 0); index += 1) {
    const key = storage?.key(index) ?? ''
    copy.setItem(key, storage?.getItem(key) ?? '')
  }
  return copy
}

interface LockRequest {
  readonly signal: AbortSignal | undefined
  grant(): void
  lose(): void
}

/** Web Locks for tests: exclusive locks, first come, first served; a waiting request can be aborted, a held lock stolen. */
function createLocks(): Platform['locks'] {
  const holders = new Map<string, LockRequest>()
  const queues = new Map<string, LockRequest[]>()

  const grantNext = (name: string): void => {
    if (holders.has(name)) return
    const next = queues.get(name)?.shift()
    if (next === undefined) return
    holders.set(name, next)
    next.grant()
  }
  const aborted = (): DOMException => new DOMException('The lock request was aborted.', 'AbortError')

  const request = (
    name: string,
    { signal, steal = false }: LockOptions,
    callback: LockGrantedCallback<unknown>,
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (signal !== undefined && steal) throw new DOMException('No signal with steal.', 'NotSupportedError')
      if (signal?.aborted === true) throw aborted()
      const free = (): void => {
        if (holders.get(name) === mine) holders.delete(name)
        grantNext(name)
      }
      const mine: LockRequest = {
        signal,
        lose: () => reject(new DOMException('The lock was stolen.', 'AbortError')),
        grant: () =>
          void Promise.resolve()
            .then(() => callback({ name, mode: 'exclusive' }))
            .then(resolve, reject)
            .then(free),
      }
      const queue = queues.get(name) ?? []
      queues.set(name, queue)
      signal?.addEventListener('abort', () => {
        const place = queue.indexOf(mine)
        if (place < 0) return
        queue.splice(place, 1)
        reject(aborted())
      })
      if (steal) {
        holders.get(name)?.lose()
        holders.delete(name)
        queue.unshift(mine)
      } else queue.push(mine)
      grantNext(name)
    })
  return { request: request as LockManager['request'] }
}

/** What all tabs of one browser share. IndexedDB is the process's own (fake-indexeddb). */
export interface Profile {
  readonly localStorage: Storage
  readonly locks: Platform['locks']
  /** Who hears of changes of localStorage. */
  readonly tabs: Set<Tab>
}

export const createProfile = (): Profile => ({
  localStorage: createStorage(),
  locks: createLocks(),
  tabs: new Set(),
})

/** The profile's localStorage as one tab has it: what it writes is told to the other tabs. */
function localStorageOf(tab: () => Tab, { localStorage, tabs }: Profile): Storage {
  const told = (key: string | null, newValue: string | null): void => {
    for (const other of tabs) {
      if (other !== tab()) setTimeout(() => other.fire('storage', { key, newValue, storageArea: localStorage }), 0)
    }
  }
  return {
    get length() {
      return localStorage.length
    },
    key: (index) => localStorage.key(index),
    getItem: (key) => localStorage.getItem(key),
    clear: () => {
      localStorage.clear()
      told(null, null)
    },
    removeItem: (key) => {
      if (localStorage.getItem(key) === null) return
      localStorage.removeItem(key)
      told(key, null)
    },
    setItem: (key, value) => {
      if (localStorage.getItem(key) === value) return
      localStorage.setItem(key, value)
      told(key, value)
    },
  }
}

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
  /** Frames that are open now, by their address. */
  readonly frames: Set<string>
  /** Answers for a frame that was opened. */
  onFrame: ((url: string) => void) | null
  isInFrame: boolean
  /** The person clicked a moment ago: default, for most logins are a click. */
  isActing: boolean
  online: boolean
  /** ms that this tab's clock is ahead. */
  offset: number
  /** The browser lets timers and events of this tab wait; messages on channels it gives to it all the same, as Chromium does. */
  freeze(): void
  /** It runs again; the browser says so by `resume`. */
  thaw(): void
}

/** One that has fired in a frozen tab can still be cleared once it thaws. */
interface TabTimer {
  isCleared: boolean
  hasFired: boolean
  readonly id: unknown
}

interface TabOptions {
  readonly origin: string
  readonly profile?: Profile
  /** It was opened by this tab's `window.open`, or duplicated: sessionStorage is copied. */
  readonly opener?: Tab
}

export function openTab({ origin, profile = createProfile(), opener }: TabOptions): Tab {
  let href = `${origin}/`
  const listeners = new Map<string, Set<(event: Event) => void>>()
  /** What waits for a frozen tab; `null`: it is not frozen. */
  let waiting: (() => void)[] | null = null
  const run = (happen: () => void): void => {
    if (waiting === null) happen()
    else waiting.push(happen)
  }
  const tab: Tab = {
    visited: [],
    onPopup: null,
    isClosed: false,
    frames: new Set(),
    onFrame: null,
    isInFrame: false,
    isActing: true,
    online: true,
    offset: 0,
    clock: { now: () => Date.now() + tab.offset, chance: () => 0.5 },
    timers: {
      setTimeout: (fire, ms) => {
        const happen = (): void => {
          timer.hasFired = true
          if (!timer.isCleared) fire()
        }
        const id = pageTimers.setTimeout(() => run(happen), ms)
        const timer: TabTimer = { isCleared: false, hasFired: false, id }
        return timer
      },
      clearTimeout: (id) => {
        // No other ids are given out above.
        const timer = id as TabTimer | null | undefined
        if (timer == null) return
        timer.isCleared = true
        pageTimers.clearTimeout(timer.id)
      },
    },
    randomId: () => crypto.randomUUID(),
    localStorage: localStorageOf(() => tab, profile),
    sessionStorage: copyOf(opener?.sessionStorage ?? null),
    locks: profile.locks,
    address: {
      href: () => href,
      origin,
      go: (url) => void tab.visited.push(url),
      goInstead: (url) => void tab.visited.push(url),
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
    openFrame: (url) => {
      tab.frames.add(url)
      tab.onFrame?.(url)
      return { remove: () => void tab.frames.delete(url) }
    },
    isHiddenFrame: () => tab.isInFrame,
    isPersonActing: () => tab.isActing,
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
      run(() => {
        for (const listener of listeners.get(event) ?? []) listener(Object.assign(new Event(event), init))
      })
    },
    freeze: () => {
      waiting ??= []
    },
    thaw: () => {
      const missed = waiting ?? []
      waiting = null
      for (const happen of missed) happen()
      tab.fire('resume')
    },
  }
  profile.tabs.add(tab)
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
