import type { CredentialFacts, Limit } from '../facts.ts'
import type { SessionContext } from './types.ts'

interface NearestLimit {
  readonly limit: Limit
  /** Epoch ms; `Infinity`: there is none. */
  readonly at: number
}

/** The limit that ends this session first. The ceiling wins a tie: being active does not move it. */
export function nearestLimit(
  context: Pick<SessionContext, 'policy'> & { readonly facts: CredentialFacts | null; readonly lastActiveAt: number },
): NearestLimit {
  const ceilingAt = context.facts?.ceilingAt ?? Infinity
  const idleAt = context.lastActiveAt + (context.policy.idleTimeout ?? Infinity)
  return idleAt < ceilingAt ? { limit: 'idle', at: idleAt } : { limit: 'ceiling', at: ceilingAt }
}
