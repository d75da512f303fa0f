import type { Platform, TabChannel } from '../../services/browser/platform.ts'
import type { LoginRecord, VaultConnection } from '../../services/vault/database.ts'
import type { SteppingClock } from '../../services/memory/index.ts'
import type { Gate } from './gate.ts'

/** What is left out of the protocol, to see that it is missed. */
export type Removed = 'turn' | 'recheck' | 'transaction' | 'mark' | 'confirmation' | 'answer'

type Store = Map<string, unknown>

/** The database of a browser profile: transactions one after the other, as IndexedDB has them. */
export class Database {
  readonly stores: Record<'logins' | 'notes' | 'keys', Store> = { logins: new Map(), notes: new Map(), keys: new Map() }
  #last: Promise<unknown> = Promise.resolve()
  readonly #removed: Removed | null

  constructor(removed: Removed | null) {
    this.#removed = removed
  }

  connect(gate: Gate): VaultConnection {
    // Those of one tab run in the order in which they were made.
    let mine: Promise<void> = Promise.resolve()
    return {
      use: async (work) => {
        mine = mine.then(() => gate.pass('transaction'))
        await mine
        // Without transactions every single request is on its own.
        const run = () => work(this.#open(this.#removed === 'transaction' ? gate : null))
        const result = this.#removed === 'transaction' ? run() : this.#last.then(run)
        this.#last = result.catch(() => {})
        const value = await result
        await gate.pass('answer of the database')
        return value
      },
      warm: () => Promise.resolve(),
      close: () => {},
    }
  }

  get login(): LoginRecord | undefined {
    return [...this.stores.logins.values()][0] as LoginRecord | undefined
  }

  /** The one that is kept. The cabinet of these tabs keeps things as they are. */
  get refreshToken(): string | undefined {
    return (this.login?.kept as { tokens: { refreshToken?: string } } | null | undefined)?.tokens.refreshToken
  }

  #open(gate: Gate | null) {
    const store = (name: keyof Database['stores']) => ({
      get: async (key: string) => {
        await gate?.pass('get')
        return this.stores[name].get(key)
      },
      put: async (value: unknown, key: string) => {
        await gate?.pass('put')
        this.stores[name].set(key, value)
      },
      delete: async (key: string) => {
        await gate?.pass('delete')
        this.stores[name].delete(key)
      },
    })
    const database = {
      transaction: ([first]: (keyof Database['stores'])[]) => ({
        store: store(first ?? 'logins'),
        objectStore: store,
        done: Promise.resolve(),
        abort: () => {},
      }),
      get: (name: keyof Database['stores'], key: string) => store(name).get(key),
      put: (name: keyof Database['stores'], value: unknown, key: string) => store(name).put(value, key),
      delete: (name: keyof Database['stores'], key: string) => store(name).delete(key),
    }
    // As much of it as the vault uses.
    return database as unknown as Parameters<Parameters<VaultConnection['use']>[0]>[0]
  }
}

interface LockRequest {
  readonly gate: Gate
  /** Has its tab heard that it has the lock? */
  isTold: boolean
  grant(): void
  lose(): void
}

/**
 * Web Locks of a browser profile, one name. A lock goes on when its tab dies; an abort counts until it is granted; whoever
 * steals it has it at once.
 */
export class Locks {
  #holder: LockRequest | null = null
  readonly #queue: LockRequest[] = []
  readonly #removed: Removed | null
  /** Called before a lock is stolen from a tab; `isTold`: that tab has heard that it holds it. */
  readonly #onSteal: (thief: Gate, holder: Gate, isTold: boolean) => void

  constructor(removed: Removed | null, onSteal: (thief: Gate, holder: Gate, isTold: boolean) => void) {
    this.#removed = removed
    this.#onSteal = onSteal
  }

  get holder(): Gate | null {
    return this.#holder?.gate ?? null
  }

  of(gate: Gate): NonNullable<Platform['locks']> {
    const request = (
      _name: string,
      { signal, steal = false }: LockOptions,
      callback: LockGrantedCallback<unknown>,
    ): Promise<unknown> =>
      new Promise((resolve, reject) => {
        // A tab hears of its turn before it hears that it has lost it.
        let told: Promise<void> = Promise.resolve()
        const mine: LockRequest = {
          gate,
          isTold: false,
          grant: () => {
            if (this.#removed !== 'turn') this.#holder = mine
            told = gate.reach('turn')
            void told
              .then(() => {
                mine.isTold = true
                return callback(null)
              })
              .then(resolve, reject)
              .then(() => this.#release(mine))
          },
          lose: () =>
            void gate
              .reachFirst('loss of the turn', told)
              .then(() => reject(new DOMException('The lock was stolen.', 'AbortError'))),
        }
        signal?.addEventListener('abort', () => {
          const place = this.#queue.indexOf(mine)
          if (place < 0) return
          this.#queue.splice(place, 1)
          reject(new DOMException('The request was aborted.', 'AbortError'))
        })
        const holder = this.#holder
        if (holder === null) return mine.grant()
        if (!steal) return void this.#queue.push(mine)
        this.#onSteal(gate, holder.gate, holder.isTold)
        holder.lose()
        mine.grant()
      })
    return { request: request as LockManager['request'] }
  }

  /** The tab is gone: what it holds is given on, what it waits for is dropped. */
  forget(gate: Gate): void {
    this.#queue.splice(0, this.#queue.length, ...this.#queue.filter((waiting) => waiting.gate !== gate))
    if (this.#holder?.gate === gate) this.#release(this.#holder)
  }

  #release(request: LockRequest): void {
    if (this.#holder !== request) return
    this.#holder = null
    this.#queue.shift()?.grant()
  }
}

/** BroadcastChannel of a browser profile: each message reaches each other tab in its own time. */
export class Channels {
  readonly #listeners = new Set<{ readonly gate: Gate; hear(message: unknown): void }>()
  /** Called with each message and each tab that it is for; `false`: it is dropped. */
  readonly #onPost: (message: unknown, from: Gate, to: Gate) => boolean

  constructor(onPost: (message: unknown, from: Gate, to: Gate) => boolean) {
    this.#onPost = onPost
  }

  of(gate: Gate): TabChannel {
    const mine = new Set<{ readonly gate: Gate; hear(message: unknown): void }>()
    return {
      post: (message) => {
        for (const listener of this.#listeners) {
          if (listener.gate === gate || !this.#onPost(message, gate, listener.gate)) continue
          void listener.gate.reach('message').then(() => listener.hear(message))
        }
      },
      listen: (hear) => {
        const listener = { gate, hear }
        mine.add(listener)
        this.#listeners.add(listener)
        return () => void this.#listeners.delete(listener)
      },
      close: () => {
        for (const listener of mine) this.#listeners.delete(listener)
      },
    }
  }
}

/** The timers of one tab on the clock of all; they wait while it is frozen, and stop with it. */
export function timersOf(gate: Gate, clock: SteppingClock): Platform['timers'] {
  const cleared = new Set<unknown>()
  return {
    setTimeout: (fire, ms) => {
      const id = clock.setTimeout(() => {
        gate.timers.delete(id)
        gate.whenAwake(() => cleared.has(id) || fire())
      }, ms)
      gate.timers.add(id)
      return id
    },
    clearTimeout: (id) => {
      cleared.add(id)
      gate.timers.delete(id)
      clock.clearTimeout(id as number)
    },
  }
}
