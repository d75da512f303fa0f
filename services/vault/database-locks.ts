import type { Platform } from '../browser/platform.ts'
import { createQueue } from '../browser/queue.ts'
import type { TurnLocks } from '../browser/turns.ts'
import { change, type TurnRecord, type VaultConnection } from './database.ts'

/**
 * How long a turn counts without a sign of life of its holder, how often it gives one, and how often those who wait look; ms.
 * A browser slows the timers of a tab in the background to one a second: that is well within.
 */
const leaseTime = 20_000
const beatEvery = 5_000
const lookEvery = 200

/** Locks among tabs for browsers without Web Locks: a record with holder and expiry, compared and set in one transaction. */
export function createDatabaseLocks(
  connection: VaultConnection,
  { clock, timers, randomId }: Pick<Platform, 'clock' | 'timers' | 'randomId'>,
): TurnLocks {
  const queue = createQueue()

  /** Changes the record if it is as it has to be. Was it? */
  const changeIf = (
    name: string,
    isFit: (found: TurnRecord | undefined) => boolean,
    holder: string | null,
  ): Promise<boolean> =>
    connection.use((database) =>
      change(database, ['turns'], async (transaction) => {
        const records = transaction.objectStore('turns')
        if (!isFit(await records.get(name))) return false
        if (holder === null) await records.delete(name)
        else await records.put({ holder, expiresAt: clock.now() + leaseTime }, name)
        return true
      }),
    )

  const isFree = (found: TurnRecord | undefined): boolean => {
    const left = (found?.expiresAt ?? 0) - clock.now()
    // Longer than anyone may have it: the clock was set back, or something else lies there.
    return !(left > 0 && left <= leaseTime)
  }

  const hold = async (name: string, holder: string, callback: LockGrantedCallback<unknown>): Promise<unknown> => {
    const isMine = (found: TurnRecord | undefined): boolean => found?.holder === holder
    let isOver = false
    let lose = (_: DOMException): void => {}
    const lost = new Promise<never>((_, reject) => (lose = reject))
    const beat = async (): Promise<void> => {
      // Not writable just now: the next beat tells, and compare and write stand behind.
      const isStillMine = await changeIf(name, isMine, holder).catch(() => true)
      if (isOver) return
      if (isStillMine) timer = timers.setTimeout(() => void beat(), beatEvery)
      else lose(new DOMException('Another tab has taken the turn.', 'AbortError'))
    }
    let timer = timers.setTimeout(() => void beat(), beatEvery)
    try {
      return await Promise.race([lost, callback({ name, mode: 'exclusive' })])
    } finally {
      isOver = true
      timers.clearTimeout(timer)
      await changeIf(name, isMine, null).catch(() => {
        // It expires by itself.
      })
    }
  }

  const pause = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        timers.clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = timers.setTimeout(end, lookEvery)
      signal?.addEventListener('abort', end)
    })

  const request = (name: string, options: LockOptions, callback: LockGrantedCallback<unknown>): Promise<unknown> =>
    queue.request(name, options, async () => {
      const { signal, steal = false } = options
      const holder = randomId()
      try {
        while (!(await changeIf(name, steal ? () => true : isFree, holder))) {
          await pause(signal)
          signal?.throwIfAborted()
        }
      } catch (error) {
        if (signal?.aborted === true) throw error
        // Without a database the login lives in this page's memory (then nobody else has it), or cannot be read, which the
        // recheck finds out.
        return callback(null)
      }
      return hold(name, holder, callback)
    })
  // The two-argument form is not used here.
  return { request: request as LockManager['request'] }
}
