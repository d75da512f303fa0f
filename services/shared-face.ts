import type { Session } from './face.ts'

type ByActor = 'actor' | 'send' | 'getSnapshot' | 'subscribe' | 'on'
type ByBroker = 'hasValid' | 'canRenew' | 'getAccessToken'

/** What every session's face hands on: to its actor, and to whoever has the tokens. */
export function sharedFace(
  actor: Session['actor'],
  { hasValid, canRenew, getAccessToken }: Pick<Session, ByBroker>,
): Pick<Session, ByActor | ByBroker> {
  return {
    actor,
    send: (event) => actor.send(event),
    getSnapshot: () => actor.getSnapshot(),
    subscribe: (listener) => actor.subscribe(listener),
    // XState's own type of an emitted event says the same in other words.
    on: (type, listener) => actor.on(type, listener as Parameters<typeof actor.on<typeof type>>[1]),
    hasValid,
    canRenew,
    getAccessToken,
  }
}
