import type { RenewalEvent } from '../../../machines/renewal/types.ts'
import { SessionError, renewalMachine } from '../../../machines/index.ts'
import {
  someFacts,
  testNow,
  testPolicy,
  type AskingPort,
  type ListeningPort,
  type PortOutput,
} from '../../../services/memory/index.ts'
import type { renewalPorts } from '../../../machines/renewal/ports.ts'
import { derive } from '../derive.ts'
import { eventsOf, type DelayOf, type Samples } from '../samples.ts'
import { times } from './times.ts'

const facts = someFacts()
const newer = someFacts({ revision: 2 })
const failed = (code: SessionError['code'], retryAfter?: number) =>
  new SessionError(code, `This is ${code}.`, retryAfter === undefined ? {} : { retryAfter })
const problem = { code: 'invalid_grant', message: 'This is invalid_grant.' } as const

type Ports = keyof typeof renewalPorts

export const renewalSamples = {
  events: {
    'turn.granted': [{ event: { type: 'turn.granted' } }],
    'turn.refused': [{ event: { type: 'turn.refused' } }],
    'sibling.renewed': [
      { event: { type: 'sibling.renewed', facts: newer } },
      { event: { type: 'sibling.renewed', facts } },
    ],
    'renewal.retry': [{ event: { type: 'renewal.retry' } }],
    // At the time that the provider named, and before it.
    'network.online': [{ event: { type: 'network.online' }, now: times.due }, { event: { type: 'network.online' } }],
    'page.resumed': [{ event: { type: 'page.resumed' }, now: times.due }, { event: { type: 'page.resumed' } }],
  },
  done: {
    recheckVault: [
      { output: { outcome: 'same' } },
      { output: { outcome: 'adopted', facts: newer } },
      { output: { outcome: 'discarded' } },
    ],
    requestTokens: [{ output: undefined }],
    confirmVerdict: [
      { output: { outcome: 'rejected', problem } },
      { output: { outcome: 'adopted', facts: newer } },
      { output: { outcome: 'discarded' } },
    ],
    commitTokens: [
      { output: { outcome: 'renewed', facts: newer } },
      { output: { outcome: 'unsaved', facts: newer } },
      { output: { outcome: 'discarded' } },
    ],
  },
  failed: {
    watchConditions: [{ error: failed('unexpected') }],
    holdTurn: [{ error: failed('unexpected') }],
    recheckVault: [{ error: failed('vault_unavailable') }],
    requestTokens: [
      { error: failed('invalid_grant') },
      { error: failed('offline') },
      { error: failed('provider_unavailable', 90_000) },
      { error: failed('network') },
    ],
    confirmVerdict: [{ error: failed('vault_unavailable') }],
    commitTokens: [{ error: failed('unexpected') }],
  },
  delays: {
    untilTurnDoubt: [times.fresh],
    untilVaultTimeout: [times.fresh],
    untilRequestTimeout: [times.fresh],
    untilNextTry: [times.fresh],
    untilOfflineDoubt: [times.fresh],
  },
} satisfies Samples<
  RenewalEvent,
  { [TPort in Exclude<Ports, ListeningPort> & AskingPort]: PortOutput<TPort> },
  Ports,
  DelayOf<typeof renewalMachine>
>

export function renewalModel() {
  const clock = { now: () => testNow, chance: () => 0.5 }
  const machine = derive(renewalMachine, { facts, clock, policy: testPolicy.renewal })
  return { machine, events: eventsOf(machine, renewalSamples, times.fresh) }
}
