import type { CredentialFacts, Limit } from '../facts.ts'
import type { SessionContext } from './types.ts'

interface NearestLimit {
  readonly limit: Limit
  /** Epoch ms; `Infinity`: there is none. */
  readonly at: number
}

/** What is no number is no limit; a wait for it would end at once, again and again. */
const orNever = (at: number | undefined): number => (at === undefined || Number.isNaN(at) ? Infinity : at)

/** The limit that ends this session first. The ceiling wins a tie: being active does not move it. */
export function nearestLimit(
  context: Pick<SessionContext, 'policy'> & { readonly facts: CredentialFacts | null; readonly lastActiveAt: number },
): NearestLimit {
  const ceilingAt = orNever(context.facts?.ceilingAt)
  const idleAt = context.lastActiveAt + (context.policy.idleTimeout ?? Infinity)
  return idleAt < ceilingAt ? { limit: 'idle', at: idleAt } : { limit: 'ceiling', at: ceilingAt }
}
