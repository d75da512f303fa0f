import { assign, setup } from 'xstate'
import { asDelay, isExpiredAt, isNewer, type CredentialFacts } from '../facts.ts'
import { toProblem } from '../errors.ts'
import { isVerdict } from '../verdicts.ts'
import { waitAfterFailure } from './backoff.ts'
import { renewalPorts } from './ports.ts'
import { maxAttempts, type RenewalContext, type RenewalEvent, type RenewalInput, type RenewalOutcome } from './types.ts'

type PortOutcome = RenewalOutcome | { readonly outcome: 'same' }

/** `params` of whatever a sibling's renewal leads to. */
export const renewedElsewhere = ({
  event,
}: {
  event: { readonly facts: CredentialFacts }
}): { facts: CredentialFacts } => ({
  facts: event.facts,
})

export const renewalSetup = setup({
  types: {
    context: {} as RenewalContext,
    events: {} as RenewalEvent,
    input: {} as RenewalInput,
    output: {} as RenewalOutcome,
  },
  actors: renewalPorts,
  guards: {
    isNewer: ({ context }, params: { facts: CredentialFacts }) => isNewer(context.facts, params.facts),
    isVerdict: (_, params: { error: unknown }) => isVerdict(toProblem(params.error)),
    /** Has the time passed that the provider named? Where it named none, there is nothing to wait for. */
    mayAskAgain: ({ context }) => context.notBefore <= context.clock.now(),
    isOffline: (_, params: { error: unknown }) => toProblem(params.error).code === 'offline',
    hasOutcome: (_, params: { result: PortOutcome; expected: PortOutcome['outcome'] }) =>
      params.result.outcome === params.expected,
  },
  actions: {
    noteResult: assign({
      result: ({ context }, params: { result: PortOutcome }) =>
        params.result.outcome === 'same' ? context.result : params.result,
    }),
    noteAdoption: assign({
      result: (_, params: { facts: CredentialFacts }): RenewalOutcome => ({ outcome: 'adopted', facts: params.facts }),
    }),
    noteProblem: assign(({ context }, params: { error: unknown }) => {
      const problem = toProblem(params.error)
      return { problem, notBefore: context.clock.now() + (problem.retryAfter ?? 0) }
    }),
    noteTimeout: assign({ problem: { code: 'timeout', message: 'No answer came in time.' } as const }),
    /** Nobody named a time for this failure; the one that was named before has been waited for. */
    forgetRetryAfter: assign({
      problem: ({ context: { problem } }) =>
        problem === null ? null : { code: problem.code, message: problem.message },
    }),
    countAttempt: assign({ attempts: ({ context }) => Math.min(context.attempts + 1, maxAttempts) }),
  },
  delays: {
    untilTurnDoubt: ({ context }) => asDelay(context.policy.turnPatience),
    untilVaultTimeout: ({ context }) => asDelay(context.policy.vaultTimeout),
    untilRequestTimeout: ({ context }) => asDelay(context.policy.requestTimeout),
    untilNextTry: ({ context }) => {
      const { attempts, clock, facts, policy, problem } = context
      const now = clock.now()
      // A clock that was set back makes a token expired, too.
      const left = isExpiredAt(facts, now) ? 0 : facts.expiresAt - now
      const spread = waitAfterFailure({ attempts, left, chance: clock.chance() }, policy)
      return asDelay(Math.max(spread, problem?.retryAfter ?? 0))
    },
    untilOfflineDoubt: ({ context }) => asDelay(context.policy.offlineDoubt),
  },
})
