import { createBroker } from '../broker.ts'
import { viewOf } from '../chart-view.ts'
import type { Session } from '../face.ts'
import { sharedFace } from '../shared-face.ts'
import type { VaultEntry } from '../vault/types.ts'
import type { scriptedSession } from './scripted.ts'

/** A session on scripted services: the face that apps use, and the hands that move it. */
export type ScriptedFace = Session & Omit<ReturnType<typeof scriptedSession>, 'actor'>

/**
 * Gives a scripted session the face of `createSession`, so that an app or `<SessionProvider>` takes it for one. Access tokens are
 * texts that say which renewal they came from. `fetch`: what `session.fetch` does; default: it rejects.
 */
export function asSession(
  { actor, ...hands }: ReturnType<typeof scriptedSession>,
  fetch: Session['fetch'] = () => Promise.reject(new Error('This scripted session fetches nothing. Give it a fetch.')),
): ScriptedFace {
  const { chart, isReady } = viewOf(actor)
  const current = (): VaultEntry | null => {
    const { facts } = actor.getSnapshot().context
    if (facts === null) return null
    const tokens = { accessToken: `access-token-${facts.generation}-${facts.revision}`, tokenType: 'Bearer' }
    return { facts, tokens: facts.renewable ? { ...tokens, refreshToken: 'refresh-token' } : tokens }
  }
  const lead = actor.getSnapshot().context.policy.warningLead
  const { dispose, ...broker } = createBroker({ chart, current, clock: hands.clock, lead })
  return {
    ...hands,
    ...sharedFace(actor, broker),
    tab: 'this-tab',
    ready: chart.ready,
    start: () => {},
    fetch,
    dispose() {
      dispose()
      actor.stop()
      isReady()
      return Promise.resolve()
    },
  }
}
