import { fromCallback, fromPromise } from 'xstate'
import { missingPort, type Problem } from '../errors.ts'
import type { CredentialFacts } from '../facts.ts'
import { latePorts } from '../late.ts'
import type { RenewalEvent, RenewalOutcome } from './types.ts'

export interface RenewalPortInput {
  readonly facts: CredentialFacts
}

type Outcome<TName extends RenewalOutcome['outcome']> = Extract<RenewalOutcome, { readonly outcome: TName }>

const absent = (port: string) => (): Promise<never> => Promise.reject(missingPort('renewal', port))

/** The services that `renewal` invokes. Tokens stay in the services: what comes back are facts. */
export const renewalPorts = latePorts('renewal', {
  /** Tells `network.online`, `page.resumed` and `sibling.renewed` while a renewal is under way. */
  watchConditions: fromCallback<RenewalEvent, RenewalPortInput>(() => {}),

  /**
   * Asks for the turn and sends `turn.granted` or `turn.refused`. The turn is a lease: when the chart lets go, it goes on
   * until a request that was sent has settled and its answer is written.
   */
  holdTurn: fromCallback<RenewalEvent, RenewalPortInput>(() => {
    throw missingPort('renewal', 'holdTurn')
  }),

  /** Reads the vault again, now that it is our turn: `adopted` when it holds a later write of this login, `discarded` when another login or none. */
  recheckVault: fromPromise<{ readonly outcome: 'same' } | Outcome<'adopted' | 'discarded'>, RenewalPortInput>(
    absent('recheckVault'),
  ),

  /** Spends the refresh token (RFC 6749 section 6) and keeps the answer for `commitTokens`. Never two in flight for one refresh token. */
  requestTokens: fromPromise<void, RenewalPortInput>(absent('requestTokens')),

  /** After a verdict: compare and remove, in one transaction; `rejected` when the verdict was about what the vault holds. */
  confirmVerdict: fromPromise<
    Outcome<'adopted' | 'discarded' | 'rejected'>,
    RenewalPortInput & { readonly problem: Problem }
  >(absent('confirmVerdict')),

  /** Compare and write the answer of `requestTokens`, in one transaction; `unsaved`: the write failed, the answer is kept in memory. */
  commitTokens: fromPromise<Outcome<'renewed' | 'unsaved' | 'discarded'>, RenewalPortInput>(absent('commitTokens')),
})
