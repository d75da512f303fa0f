import { assign, setup } from 'xstate'
import { asDelay, isNewer, type CredentialFacts } from '../facts.ts'
import { toProblem } from '../errors.ts'
import { isVerdict } from '../verdicts.ts'
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
    noteProblem: assign({ problem: (_, params: { error: unknown }) => toProblem(params.error) }),
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
      const { backoffFirst, backoffMost } = context.policy
      const ceiling = Math.min(backoffMost, backoffFirst * 2 ** Math.max(0, context.attempts - 1))
      const jittered = ceiling * context.clock.chance()
      return asDelay(Math.max(jittered, context.problem?.retryAfter ?? 0))
    },
    untilOfflineDoubt: ({ context }) => asDelay(context.policy.offlineDoubt),
  },
})
