import { SessionError, accountMachine, type SessionErrorCode } from '../../../machines/index.ts'
import type { accountPorts } from '../../../machines/account/ports.ts'
import type { AccountEvent, AccountPolicy } from '../../../machines/account/types.ts'
import { testPolicy, type AskingPort, type ListeningPort, type PortOutput } from '../../../services/memory/index.ts'
import { derive } from '../derive.ts'
import { eventsOf, type DelayOf, type Samples } from '../samples.ts'
import { times } from './times.ts'

const failed = (code: SessionErrorCode) => new SessionError(code, `This is ${code}.`)
const problem = { code: 'metadata_refused', message: 'This is metadata_refused.' } as const

const metadata = { first: 'Ada' }
const patch = { first: 'Grace' }
const typed = { id: 'change-1', patch }
const refused = { ...typed, setback: { problem } }

type Ports = keyof typeof accountPorts

export const accountSamples = {
  events: {
    'profile.reload': [{ event: { type: 'profile.reload' } }],
    'metadata.reload': [{ event: { type: 'metadata.reload' } }],
    'metadata.patch': [{ event: { type: 'metadata.patch', patch } }],
    'metadata.retry': [{ event: { type: 'metadata.retry' } }],
    'metadata.discard': [{ event: { type: 'metadata.discard' } }],
    'metadata.acknowledge': [{ event: { type: 'metadata.acknowledge' } }],
    'access.renewed': [{ event: { type: 'access.renewed' } }],
    'notes.changed': [
      { event: { type: 'notes.changed', pending: [], metadata } },
      { event: { type: 'notes.changed', pending: [typed], metadata } },
      { event: { type: 'notes.changed', pending: [refused], metadata } },
    ],
    'network.online': [{ event: { type: 'network.online' } }],
    'page.resumed': [{ event: { type: 'page.resumed' } }],
  },
  done: {
    loadProfile: [{ output: { sub: 'alice', name: 'Alice' } }],
    loadMetadata: [
      { output: { metadata, pending: [], writable: true } },
      { output: { metadata, pending: [typed], writable: true } },
      { output: { metadata, pending: [], writable: false } },
    ],
    saveMetadata: [{ output: { metadata, patch, pending: [] } }, { output: { metadata, patch, pending: [typed] } }],
    discardPatches: [{ output: undefined }],
  },
  failed: {
    watchConditions: [{ error: failed('unexpected') }],
    loadProfile: [{ error: failed('network') }],
    loadMetadata: [{ error: failed('network') }, { error: failed('invalid_response') }],
    saveMetadata: [{ error: failed('network') }, { error: failed('metadata_refused') }],
    discardPatches: [{ error: failed('vault_unavailable') }],
  },
  delays: {
    untilProfileTimeout: [times.fresh],
    untilMetadataTimeout: [times.fresh],
    untilNextLoad: [times.fresh],
    untilNextSave: [times.fresh],
  },
} satisfies Samples<
  AccountEvent,
  { [TPort in Exclude<Ports, ListeningPort> & AskingPort]: PortOutput<TPort> },
  Ports,
  DelayOf<typeof accountMachine>
>

/** What apps may set that leads to other ways: each is explored by itself. */
export const accountPolicies = {
  writable: {},
  readOnly: { readOnlyBecause: 'It is kept elsewhere.' },
} satisfies Record<string, Partial<AccountPolicy>>

export function accountModel(policy: Partial<AccountPolicy> = {}) {
  const clock = { now: () => times.fresh, chance: () => 0.5 }
  const input = { subject: 'alice', profile: null, clock, policy: { ...testPolicy.account, ...policy } }
  const machine = derive(accountMachine, input)
  return { machine, events: eventsOf(machine, accountSamples, times.fresh) }
}
