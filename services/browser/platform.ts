import type { Clock } from '../../machines/facts.ts'

/** A window opened for a login. */
export interface LoginWindow {
  readonly isClosed: boolean
  go(url: string): void
  close(): void
}

/** A hidden frame of this page. */
export interface HiddenFrame {
  remove(): void
}

/** A channel between the tabs of one origin, as `BroadcastChannel`. */
export interface TabChannel {
  post(message: unknown): void
  listen(listener: (message: unknown) => void): () => void
  close(): void
}

/** Where the page is. */
export interface Address {
  /** The address as it is now. */
  href(): string
  readonly origin: string
  /** Leaves for another page. */
  go(url: string): void
  /** The same, and that page takes this one's place in the history, so that the back button does not lead here again. */
  goInstead(url: string): void
  /** Replaces the address without leaving, so that a reload or the back button does not find the old one. */
  replace(url: string): void
}

/** Timers, as every page has them. */
export interface Timers {
  setTimeout(fire: () => void, ms: number): unknown
  clearTimeout(id: unknown): void
}

/** What the services need of the browser, besides `fetch`, `crypto` and `indexedDB`. Tests run several "tabs" on one of each. */
export interface Platform {
  readonly clock: Clock
  /** Of the charts, and of waiting for a turn. */
  readonly timers: Timers
  randomId(): string
  readonly localStorage: Storage | null
  readonly sessionStorage: Storage | null
  readonly locks: Pick<LockManager, 'request'> | null
  readonly address: Address
  openChannel(name: string): TabChannel | null
  /** `null`: the browser opened no window. Must be called within a click. */
  openWindow(name: string): LoginWindow | null
  closeThisWindow(): void
  openFrame(url: string): HiddenFrame
  /** Is this page in a frame that `openFrame` made? */
  isHiddenFrame(): boolean
  /** Did the person click or type something in this page a moment ago? No where the browser does not tell. */
  isPersonActing(): boolean
  isOnline(): boolean
  isVisible(): boolean
  /** Listens on the window; what only the document hears of, as `visibilitychange` and `resume`, there. Returns how to stop. */
  listen(event: string, listener: (event: Event) => void): () => void
}

/** Reading `window.localStorage` itself throws where storage is blocked, and the first time it waits for the browser. */
function storageOf(read: () => Storage): () => Storage | null {
  let storage: Storage | null | undefined
  return () => {
    try {
      return (storage ??= read())
    } catch {
      return null
    }
  }
}

export const pageTimers: Timers = {
  setTimeout: (fire, ms) => setTimeout(fire, ms),
  clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
}

/** None of them bubbles to the window in every browser; `freeze` and `resume` in none. */
const ofDocument: readonly string[] = ['visibilitychange', 'freeze', 'resume']

const popupSize = { width: 480, height: 720 }

export const browserClock: Clock = { now: () => Date.now(), chance: () => Math.random() }

/** The browser that this page runs in. Call it in a page only: on a server there is none (`services/without-page.ts`). */
export function browserPlatform(clock: Clock = browserClock): Platform {
  const local = storageOf(() => window.localStorage)
  const session = storageOf(() => window.sessionStorage)
  return {
    clock,
    timers: pageTimers,
    randomId: () => crypto.randomUUID(),
    get localStorage() {
      return local()
    },
    get sessionStorage() {
      return session()
    },
    locks: (navigator as Partial<Navigator>).locks ?? null,
    address: {
      href: () => window.location.href,
      origin: window.location.origin,
      go: (url) => window.location.assign(url),
      goInstead: (url) => window.location.replace(url),
      replace: (url) => window.history.replaceState(window.history.state, '', url),
    },
    openChannel: (name) => (typeof BroadcastChannel === 'undefined' ? null : openBroadcastChannel(name)),
    openWindow,
    closeThisWindow: () => window.close(),
    openFrame,
    isHiddenFrame: () => window.name === frameName && window.parent !== window,
    isPersonActing: () => (navigator as Partial<Navigator>).userActivation?.isActive ?? false,
    isOnline: () => navigator.onLine,
    isVisible: () => document.visibilityState === 'visible',
    listen: (event, listener) => {
      const target = ofDocument.includes(event) ? document : window
      target.addEventListener(event, listener, { passive: true })
      return () => target.removeEventListener(event, listener)
    },
  }
}

function openBroadcastChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => {
      const onMessage = (event: MessageEvent<unknown>): void => listener(event.data)
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
    close: () => channel.close(),
  }
}

const frameName = 'sessionchart-silent'

/**
 * The provider's page may run in it, but not lead this page away nor open windows; it is given no permission of this page's.
 * The app's own page runs in it too, with its storage: for that it needs its origin.
 */
function openFrame(url: string): HiddenFrame {
  const frame = document.createElement('iframe')
  frame.name = frameName
  frame.hidden = true
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms')
  frame.setAttribute('aria-hidden', 'true')
  frame.src = url
  document.body.append(frame)
  return { remove: () => frame.remove() }
}

function openWindow(name: string): LoginWindow | null {
  const { width, height } = popupSize
  const left = Math.max(0, window.screenX + (window.outerWidth - width) / 2)
  const top = Math.max(0, window.screenY + (window.outerHeight - height) / 2)
  const opened = window.open('about:blank', name, `popup,width=${width},height=${height},left=${left},top=${top}`)
  if (opened === null) return null
  return {
    get isClosed() {
      return opened.closed
    },
    go: (url) => opened.location.replace(url),
    close: () => opened.close(),
  }
}
