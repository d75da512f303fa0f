import type { AnyActorRef, EventObject } from 'xstate'

interface Outlet<TFact extends EventObject> {
  readonly enqueue: {
    emit(fact: TFact): void
    sendTo(actor: AnyActorRef, event: EventObject): void
  }
  readonly self: unknown
}

/**
 * Tells a fact to whoever listens: emitted for `actor.on(…)`, and sent to the parent, because an emitted event does not
 * reach the machine that embeds this one.
 */
export function tellOutward<TFact extends EventObject>({ enqueue, self }: Outlet<TFact>, fact: TFact): void {
  enqueue.emit(fact)
  const parent = (self as AnyActorRef)._parent
  if (parent !== undefined) enqueue.sendTo(parent, fact)
}
