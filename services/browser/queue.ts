import type { TurnLocks } from './turns.ts'

/** Turns within this page alone, one after the other, whatever their names: for a vault that no other tab knows. */
export function createQueue(): TurnLocks {
  let last: Promise<unknown> = Promise.resolve()
  const request = (
    _name: string,
    { signal }: LockOptions,
    callback: LockGrantedCallback<unknown>,
  ): Promise<unknown> => {
    const turn = last.then(() => {
      signal?.throwIfAborted()
      return callback(null)
    })
    last = turn.catch(() => {})
    return turn
  }
  // The two-argument form is not used here.
  return { request: request as LockManager['request'] }
}
