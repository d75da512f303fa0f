import type { AnyActorRef } from 'xstate'

/**
 * XState 5.33 leaves what a chart has invoked running when the chart itself fails, and nobody ever disposes it: then what listens, or
 * holds a turn, stops by itself. Returns the disposer.
 */
export function stopWithChart(self: AnyActorRef, stop: () => void): () => void {
  const failure = self._parent?.subscribe({ error: stop })
  return () => {
    failure?.unsubscribe()
    stop()
  }
}
