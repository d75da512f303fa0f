import { SessionError, sessionMachine, type SessionErrorCode } from '../../../machines/index.ts'
import type { sessionPorts } from '../../../machines/session/ports.ts'
import type { SessionEvent, SessionPolicy } from '../../../machines/session/types.ts'
import {
  someFacts,
  someSession,
  testNow,
  testPolicy,
  type AskingPort,
  type ListeningPort,
  type PortOutput,
} from '../../../services/memory/index.ts'
import type { OutputFrom } from 'xstate'
import { derive } from '../derive.ts'
import { eventsOf, type DelayOf, type Samples } from '../samples.ts'
import { times } from './times.ts'

const failed = (code: SessionErrorCode) => new SessionError(code, `This is ${code}.`)
const problem = { code: 'provider_unavailable', message: 'This is provider_unavailable.' } as const
const verdict = { code: 'invalid_grant', message: 'This is invalid_grant.' } as const

const facts = someFacts()
/** The same login after a renewal. Its times are those of the first, so that the samples' times mean the same for both. */
const newer = someFacts({ revision: 2 })
const lasting = { renewable: false } as const
/** The same person, logged in anew; and another person. */
const again = someSession({ generation: 'login-2' })
const other = someSession({ generation: 'login-3', subject: 'bob' })
/** The absolute end comes when idleness would end it, too; the ceiling wins a tie. */
const capped = someSession({ ceilingAt: testNow + 600_000 })

type Ports = keyof typeof sessionPorts
type Machines = 'renewal' | 'account'
type Outputs = { [TPort in Exclude<Ports, ListeningPort | Machines> & AskingPort]: PortOutput<TPort> } & {
  renewal: OutputFrom<(typeof sessionPorts)['renewal']>
}

export const sessionSamples = {
  events: {
    login: [{ event: { type: 'login' } }, { event: { type: 'login', via: 'popup' } }],
    'login.cancel': [{ event: { type: 'login.cancel' } }],
    stepUp: [{ event: { type: 'stepUp' } }, { event: { type: 'stepUp', via: 'popup' } }],
    'stepUp.cancel': [{ event: { type: 'stepUp.cancel' } }],
    logout: [{ event: { type: 'logout' } }, { event: { type: 'logout', from: 'provider' } }],
    'token.required': [
      { event: { type: 'token.required' } },
      { event: { type: 'token.required' }, now: times.expired },
    ],
    'renewal.retry': [{ event: { type: 'renewal.retry' } }],
    'token.refused': [
      { event: { type: 'token.refused', revision: 1 } },
      { event: { type: 'token.refused', revision: 2 } },
      { event: { type: 'token.refused', revision: 9 } },
    ],
    'person.active': [
      { event: { type: 'person.active', at: times.fresh } },
      { event: { type: 'person.active', at: times.over }, now: times.over },
    ],
    'profile.reload': [{ event: { type: 'profile.reload' } }],
    'metadata.reload': [{ event: { type: 'metadata.reload' } }],
    'metadata.patch': [{ event: { type: 'metadata.patch', patch: { first: 'Ada' } } }],
    'metadata.retry': [{ event: { type: 'metadata.retry' } }],
    'metadata.discard': [{ event: { type: 'metadata.discard' } }],
    'metadata.acknowledge': [{ event: { type: 'metadata.acknowledge' } }],
    'sibling.renewed': [
      { event: { type: 'sibling.renewed', facts: newer } },
      { event: { type: 'sibling.renewed', facts: someFacts({ revision: 0 }) } },
    ],
    'sibling.loggedIn': [
      { event: { type: 'sibling.loggedIn', ...again } },
      { event: { type: 'sibling.loggedIn', ...other } },
    ],
    'sibling.ended': [
      { event: { type: 'sibling.ended', generation: facts.generation, reason: 'logout' } },
      { event: { type: 'sibling.ended', generation: facts.generation, reason: 'revoked' } },
      { event: { type: 'sibling.ended', generation: 'login-0', reason: 'logout' } },
    ],
    'page.resumed': [
      { event: { type: 'page.resumed' } },
      { event: { type: 'page.resumed' }, now: times.setBack },
      { event: { type: 'page.resumed' }, now: times.due },
      { event: { type: 'page.resumed' }, now: times.expired },
      { event: { type: 'page.resumed' }, now: times.near },
      { event: { type: 'page.resumed' }, now: times.over },
    ],
    'page.restored': [{ event: { type: 'page.restored' } }],
    'profile.loaded': [{ event: { type: 'profile.loaded' } }],
    'profile.failed': [{ event: { type: 'profile.failed', problem } }],
    'metadata.loaded': [{ event: { type: 'metadata.loaded' } }],
    'metadata.failed': [{ event: { type: 'metadata.failed', problem } }],
    'metadata.saved': [{ event: { type: 'metadata.saved' } }],
    'metadata.refused': [{ event: { type: 'metadata.refused', problem } }],
    'metadata.changedElsewhere': [{ event: { type: 'metadata.changedElsewhere', keys: ['first'], contested: [] } }],
    'credentials.replaced': [{ event: { type: 'credentials.replaced', ...again } }],
  },
  done: {
    restoreSession: [
      { output: { outcome: 'found', ...someSession() } },
      { output: { outcome: 'found', ...someSession() }, now: times.expired },
      { output: { outcome: 'found', ...someSession() }, now: times.over },
      { output: { outcome: 'found', ...someSession(lasting) } },
      { output: { outcome: 'found', ...someSession(lasting) }, now: times.expired },
      { output: { outcome: 'found', ...capped } },
      { output: { outcome: 'found', ...other } },
      { output: { outcome: 'empty', reason: 'never' } },
      { output: { outcome: 'empty', reason: 'logout' } },
      { output: { outcome: 'empty', reason: 'idle' } },
      { output: { outcome: 'loginResponse' } },
      { output: { outcome: 'loginResponse', isSilent: true, returnTo: '/orders' } },
      { output: { outcome: 'relay' } },
    ],
    loginInFrame: [{ output: someSession() }],
    redirectSilently: [{ output: undefined }],
    redirectToLogin: [{ output: undefined }],
    loginInPopup: [{ output: someSession() }],
    completeLogin: [{ output: { ...someSession(), returnTo: '/orders' } }],
    relayLoginResponse: [{ output: undefined }],
    stepUpInPopup: [{ output: again }],
    saveCredentials: [{ output: { outcome: 'stored', facts: newer } }, { output: { outcome: 'discarded' } }],
    clearCredentials: [{ output: undefined }],
    revokeTokens: [{ output: 'done' }],
    leaveProvider: [{ output: 'done' }],
    renewal: [
      { output: { outcome: 'renewed', facts: newer } },
      { output: { outcome: 'renewed', facts: newer }, now: times.expired },
      { output: { outcome: 'renewed', facts: { ...newer, ...lasting } }, now: times.expired },
      { output: { outcome: 'adopted', facts: newer } },
      { output: { outcome: 'unsaved', facts: newer } },
      { output: { outcome: 'unsaved', facts: { ...newer, ...lasting } } },
      { output: { outcome: 'rejected', problem: verdict } },
      { output: { outcome: 'discarded' } },
    ],
  },
  failed: {
    watchSiblings: [{ error: failed('unexpected') }],
    watchPage: [{ error: failed('unexpected') }],
    watchActivity: [{ error: failed('unexpected') }],
    restoreSession: [{ error: failed('vault_unavailable') }],
    loginInFrame: [{ error: failed('login_required') }, { error: failed('network') }],
    redirectSilently: [{ error: failed('login_required') }, { error: failed('network') }],
    redirectToLogin: [{ error: failed('network') }],
    loginInPopup: [{ error: failed('popup_closed') }],
    completeLogin: [{ error: failed('login_required') }, { error: failed('unknown_response') }],
    relayLoginResponse: [{ error: failed('unknown_response') }],
    stepUpInPopup: [{ error: failed('login_denied') }],
    saveCredentials: [{ error: failed('store_failed') }],
    clearCredentials: [{ error: failed('vault_unavailable') }],
    revokeTokens: [{ error: failed('network') }],
    leaveProvider: [{ error: failed('network') }],
    renewal: [{ error: new Error('This renewal broke.') }],
    account: [{ error: new TypeError('This account broke.') }],
  },
  delays: {
    untilStorageTimeout: [times.fresh],
    untilSilentTimeout: [times.fresh],
    untilRedirectTimeout: [times.fresh],
    untilPopupTimeout: [times.fresh],
    untilCompletionTimeout: [times.fresh],
    untilStageTimeout: [times.fresh],
    untilRecovery: [times.fresh, times.expired],
    untilNextWrite: [times.fresh],
    untilDue: [times.fresh, times.due, times.expired],
    untilExpiry: [times.expired, times.fresh],
    untilWarning: [times.near, times.over, times.fresh],
    untilLimit: [times.over, times.fresh],
  },
} satisfies Samples<SessionEvent, Outputs, Ports, DelayOf<typeof sessionMachine>>

/** What apps may set that leads to other ways: each is explored by itself. */
export const sessionPolicies = {
  plain: {},
  following: {
    silentLogin: 'iframe',
    onSubjectChange: 'follow',
    account: { ...testPolicy.account, readOnlyBecause: 'It is kept elsewhere.' },
  },
  asking: { silentLogin: 'redirect' },
} satisfies Record<string, Partial<SessionPolicy>>

/** ms; such that `times` say of idleness what they say. */
export const idleTimeout = 600_000

export function sessionModel(policy: Partial<SessionPolicy> = {}) {
  const clock = { now: () => times.fresh, chance: () => 0.5 }
  const machine = derive(sessionMachine, { clock, policy: { ...testPolicy, idleTimeout, ...policy } })
  return { machine, events: eventsOf(machine, sessionSamples, times.fresh) }
}
