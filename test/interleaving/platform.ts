import type { Platform } from '../../services/browser/platform.ts'
import type { SteppingClock } from '../../services/memory/index.ts'
import { timersOf, type Channels, type Locks } from './browser.ts'
import type { Gate } from './gate.ts'
import type { Network } from './network.ts'

export const origin = 'https://app.example'

/** What all tabs of a world share. */
export interface Shared {
  readonly clock: SteppingClock
  /** For turns to renew. */
  readonly locks: Locks
  /** For turns to save. */
  readonly savingLocks: Locks
  readonly channels: Channels
  readonly storage: Storage
  readonly network: Network
}

export type Listeners = Map<string, Set<(event: Event) => void>>

/** The browser as one tab sees it; each has its own chance, so that their pauses are not all alike. */
export function platformOf(shared: Shared, gate: Gate, chance: number, listeners: Listeners): Platform {
  const { clock, locks, savingLocks, channels, storage, network } = shared
  const [turns, saving] = [locks.of(gate), savingLocks.of(gate)]
  let ids = 0
  return {
    clock: { now: () => clock.now(), chance: () => chance },
    timers: timersOf(gate, clock),
    randomId: () => `${gate.tab} ${(ids += 1)}`,
    localStorage: storage,
    sessionStorage: null,
    locks: {
      request: ((name: string, ...asked: [LockOptions, LockGrantedCallback<unknown>]) =>
        (name.startsWith('sessionchart.metadata') ? saving : turns).request(name, ...asked)) as LockManager['request'],
    },
    address: { href: () => `${origin}/`, origin, go: () => {}, goInstead: () => {}, replace: () => {} },
    openChannel: () => channels.of(gate),
    openWindow: () => null,
    closeThisWindow: () => {},
    openFrame: () => ({ remove: () => {} }),
    isHiddenFrame: () => false,
    isPersonActing: () => true,
    isOnline: () => !network.offline.has(gate),
    isVisible: () => true,
    listen: (event, listener) => {
      const all = listeners.get(event) ?? new Set()
      listeners.set(event, all.add(listener))
      return () => void all.delete(listener)
    },
  }
}
