import {
  fromCallback,
  type AnyActorRef,
  type CallbackActorLogic,
  type EventObject,
  type NonReducibleUnknown,
} from 'xstate'

/**
 * `fromCallback` for a listener that ends as well when the machine that invoked it breaks. XState stops what a machine has invoked only when
 * it stops the machine itself: a turn would be held by nobody, and for as long as the page lives.
 */
export function fromListener<TEvent extends EventObject, TInput = NonReducibleUnknown>(
  listen: Parameters<typeof fromCallback<TEvent, TInput>>[0],
): CallbackActorLogic<TEvent, TInput> {
  return fromCallback((args) => {
    const end = listen(args)
    let isOver = false
    const endOnce = () => {
      if (!isOver) end?.()
      isOver = true
    }
    const machine = (args.self as AnyActorRef)._parent
    const watch = machine?.subscribe({ error: endOnce })
    return () => {
      watch?.unsubscribe()
      endOnce()
    }
  })
}
