import { assign, enqueueActions, raise, sendTo, setup } from 'xstate'
import { toProblem, type Problem } from '../errors.ts'
import {
  asDelay,
  isExpiredAt,
  isNewer,
  type CredentialFacts,
  type EndReason,
  type FoundSession,
  type SignedOutReason,
} from '../facts.ts'
import { tellOutward } from '../telling.ts'
import { asLogout, newEnding, withStage } from './endings.ts'
import { nearestLimit } from './limits.ts'
import type { RenewalOutcome } from '../renewal/types.ts'
import { sessionPorts } from './ports.ts'
import type {
  LoginRequest,
  RestoreOutcome,
  SessionContext,
  SessionEvent,
  SessionFact,
  SessionInput,
  SessionTag,
  Stage,
  StageOutcome,
} from './types.ts'

/** A vault that knows of nothing has nothing to say about a reason that is known; but credentials were there before. */
function reasonOfEmpty(context: SessionContext, reason: SignedOutReason | 'logout'): SignedOutReason {
  if (reason !== 'never' && reason !== 'logout') return reason
  return reason === 'never' && context.facts !== null ? 'storage_lost' : context.signedOutReason
}

export const sessionSetup = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionEvent,
    emitted: {} as SessionFact,
    input: {} as SessionInput,
    tags: {} as SessionTag,
    children: {} as {
      account: 'account'
      renewal: 'renewal'
    },
  },
  actors: sessionPorts,
  guards: {
    // What opening found
    hasOutcome: (_, params: { restored: RestoreOutcome; expected: RestoreOutcome['outcome'] }) =>
      params.restored.outcome === params.expected,
    isSilentAnswer: (_, params: { restored: RestoreOutcome }) =>
      params.restored.outcome === 'loginResponse' && params.restored.isSilent === true,
    /** Who was put out by a limit of the app's does not come back in without doing something. */
    mayAskProvider: ({ context }, params: { reason: SignedOutReason | 'logout' }) =>
      context.isOpening && context.policy.silentLogin !== undefined && !['idle', 'ceiling'].includes(params.reason),
    isFrameWanted: ({ context }) => context.policy.silentLogin === 'iframe',
    isLoginWanted: (_, params: { error: unknown }) => toProblem(params.error).code === 'login_required',
    hasLoggedOut: (_, params: { restored: RestoreOutcome }) =>
      params.restored.outcome === 'empty' && params.restored.reason === 'logout',

    // What the clock says
    isExpired: ({ context }) => context.facts === null || isExpiredAt(context.facts, context.clock.now()),
    isRenewable: ({ context }) => context.facts?.renewable ?? false,
    isDue: ({ context }) =>
      context.facts !== null && context.facts.renewable && !(context.facts.renewAt > context.clock.now()),
    isPastLimit: ({ context }) => nearestLimit(context).at <= context.clock.now(),
    wasPastLimit: ({ context }, params: { at: number }) => nearestLimit(context).at <= params.at,
    isLimitNear: ({ context }) => nearestLimit(context).at - context.policy.warningLead <= context.clock.now(),
    isNearestLimitIdle: ({ context }) => nearestLimit(context).limit === 'idle',

    hasBornExpired: ({ context }, params: { result: RenewalOutcome }) =>
      params.result.outcome === 'renewed' && isExpiredAt(params.result.facts, context.clock.now()),
    hasRenewalOutcome: (_, params: { result: RenewalOutcome; expected: RenewalOutcome['outcome'] }) =>
      params.result.outcome === params.expected,
    isStored: (_, params: { facts: CredentialFacts | null }) => params.facts !== null,

    // What others did
    isNewer: ({ context }, params: { facts: CredentialFacts }) =>
      context.facts !== null && isNewer(context.facts, params.facts),
    isRefusedTokenCurrent: ({ context }, params: { revision: number }) =>
      context.facts !== null && context.facts.renewable && params.revision === context.facts.revision,
    isOurGeneration: ({ context }, params: { generation: string }) => context.facts?.generation === params.generation,
    isOurGenerationLoggedOut: ({ context }, params: { generation: string; reason: EndReason }) =>
      context.facts?.generation === params.generation && params.reason === 'logout',
    isSameSubject: ({ context }, params: { facts: CredentialFacts }) =>
      context.facts?.subject === params.facts.subject && context.facts.generation !== params.facts.generation,
    isOtherSubjectFollowed: ({ context }, params: { facts: CredentialFacts }) =>
      context.policy.onSubjectChange === 'follow' &&
      context.facts !== null &&
      context.facts.subject !== params.facts.subject,
    isOtherSubject: ({ context }, params: { facts: CredentialFacts }) =>
      context.facts !== null && context.facts.subject !== params.facts.subject,

    // What was asked for
    isViaPopup: (_, params: { request: LoginRequest }) => params.request.via === 'popup',
    isEndingByLogout: ({ context }) => context.ending?.reason === 'logout',
    isLeavingProviderAsked: ({ context }) => context.ending?.reason === 'logout' && context.ending.from === 'provider',
    hasHeardLogin: ({ context }) => context.heardLogin,
  },
  actions: {
    noteSession: assign(({ context }, params: FoundSession & { readonly problem?: Problem }) => ({
      facts: params.facts,
      profile: params.profile,
      lastActiveAt: params.lastActiveAt ?? context.clock.now(),
      signedOutReason: 'never' as const,
      problem: params.problem ?? null,
      login: null,
      ending: null,
    })),
    noteRestored: assign(({ context }, params: { restored: RestoreOutcome }) =>
      params.restored.outcome !== 'found'
        ? {}
        : {
            facts: params.restored.facts,
            profile: params.restored.profile,
            lastActiveAt: params.restored.lastActiveAt ?? context.clock.now(),
            signedOutReason: 'never' as const,
            login: null,
            ending: null,
          },
    ),
    noteFacts: assign({
      facts: ({ context }, params: { facts: CredentialFacts | null }) => params.facts ?? context.facts,
    }),
    noteRenewal: assign({
      facts: ({ context }, params: { result: RenewalOutcome }) =>
        'facts' in params.result ? params.result.facts : context.facts,
    }),
    noteEmpty: assign(({ context }, params: { restored: RestoreOutcome }) =>
      params.restored.outcome !== 'empty'
        ? {}
        : {
            facts: null,
            profile: null,
            login: null,
            signedOutReason: reasonOfEmpty(context, params.restored.reason),
            problem: params.restored.problem ?? context.problem,
          },
    ),
    /** Comes before the facts are forgotten: without facts, nobody was signed in here, and nothing ends. */
    tellLoss: enqueueActions(({ context, enqueue, self }, params: { reason: EndReason | 'never' }) => {
      const reason = params.reason === 'never' ? 'storage_lost' : params.reason
      if (context.facts !== null) tellOutward<SessionFact>({ enqueue, self }, { type: 'session.ended', reason })
    }),
    noteSignedOut: assign((_, params: { reason: EndReason }) => ({
      facts: null,
      profile: null,
      login: null,
      problem: null,
      ...(params.reason === 'logout' ? {} : { signedOutReason: params.reason }),
    })),
    noteProblem: assign({ problem: (_, params: { error: unknown }) => toProblem(params.error) }),
    noteGivenProblem: assign({ problem: (_, params: Problem) => params }),
    forgetProblem: assign({ problem: null }),
    noteLogin: assign((_, params: { request: LoginRequest }) => ({ login: params, problem: null })),
    noteStepUp: assign(({ context }, params: { request: LoginRequest }) => ({
      login: { ...params, ...(context.facts === null ? {} : { subject: context.facts.subject }) },
      problem: null,
    })),
    /** Where to go when the answer is there; the page that asked is gone. */
    noteReturn: assign((_, params: { restored: RestoreOutcome }) => ({
      login:
        'returnTo' in params.restored && params.restored.returnTo !== undefined
          ? { request: { returnTo: params.restored.returnTo } }
          : null,
    })),
    noteOpened: assign({ isOpening: false }),
    noteHeardLogin: assign({ heardLogin: true }),
    forgetHeardLogin: assign({ heardLogin: false }),
    noteActivity: assign({
      lastActiveAt: ({ context }, params: { at: number }) => Math.max(context.lastActiveAt, params.at),
    }),

    beginEnding: assign(({ context }, params: { reason: EndReason; from?: 'app' | 'provider' }) => ({
      ending: newEnding(params.reason, params.from, context.facts?.generation),
    })),
    /** While nobody knows what the vault holds by now; then all of it has to go. */
    beginBlindLogout: assign((_, params: { from: 'app' | 'provider' }) => ({
      ending: newEnding('logout', params.from),
    })),
    turnEndingIntoLogout: assign(({ context: { ending } }, params: { from: 'app' | 'provider' }) => ({
      ending: ending && asLogout(ending, params.from),
    })),
    noteStage: assign(({ context: { ending } }, params: { stage: Stage; outcome: StageOutcome; error?: unknown }) => ({
      ending: ending && withStage(ending, params.stage, params.outcome, params.error),
    })),
    noteEnded: assign(({ context }) => {
      const reason = context.ending?.reason
      return {
        facts: null,
        profile: null,
        login: null,
        problem: null,
        ...(reason === undefined || reason === 'logout' ? {} : { signedOutReason: reason }),
      }
    }),

    replaceCredentials: raise((_, params: FoundSession) => ({ ...params, type: 'credentials.replaced' as const })),
    passToRenewal: sendTo('renewal', ({ event }) => event),
    /** What failed for want of a token can be tried again. */
    tellAccountOfRenewal: sendTo('account', { type: 'access.renewed' }),
    passToAccount: sendTo('account', ({ event }) => event),

    /** A login that could not be stored goes with the page: the app is told. */
    tellTrouble: enqueueActions(({ enqueue, self, context }) => {
      if (context.problem === null) return
      tellOutward<SessionFact>({ enqueue, self }, { type: 'session.troubled', problem: context.problem })
    }),
    tell: enqueueActions(({ enqueue, self }, params: SessionFact) =>
      tellOutward<SessionFact>({ enqueue, self }, params),
    ),
  },
  delays: {
    untilStorageTimeout: ({ context }) => asDelay(context.policy.storageTimeout),
    untilSilentTimeout: ({ context }) => asDelay(context.policy.silentTimeout),
    untilRedirectTimeout: ({ context }) => asDelay(context.policy.redirectTimeout),
    untilPopupTimeout: ({ context }) => asDelay(context.policy.popupTimeout),
    untilCompletionTimeout: ({ context }) => asDelay(context.policy.completionTimeout),
    untilStageTimeout: ({ context }) => asDelay(context.policy.stageTimeout),
    untilRecovery: ({ context }) => asDelay(context.policy.recoveryDelay),
    untilNextWrite: ({ context }) => asDelay(context.policy.recoveryDelay),
    /** Until the renewal is due, or the access token has expired, whichever comes first. */
    untilDue: ({ context: { facts, clock } }) =>
      asDelay(facts === null ? 0 : Math.min(facts.expiresAt, facts.renewable ? facts.renewAt : Infinity) - clock.now()),
    untilExpiry: ({ context }) => asDelay((context.facts?.expiresAt ?? 0) - context.clock.now()),
    untilWarning: ({ context }) => asDelay(nearestLimit(context).at - context.policy.warningLead - context.clock.now()),
    untilLimit: ({ context }) => asDelay(nearestLimit(context).at - context.clock.now()),
  },
})

/** The request without the event's `type`. */
export function requestOf({ event }: { event: LoginRequest & { readonly type: string } }): { request: LoginRequest } {
  const { type: _type, ...request } = event
  return { request }
}

/** `params` that hand on the facts which an event carries. */
export const factsOf = ({ event }: { event: { readonly facts: CredentialFacts } }): { facts: CredentialFacts } => ({
  facts: event.facts,
})

/** Facts to be told, put together from what the context says by then. */
export const startedFact = ({ context }: { context: SessionContext }): SessionFact => ({
  type: 'session.started',
  subject: context.facts?.subject ?? '',
})
export const renewedFact = ({ context }: { context: SessionContext }): SessionFact => ({
  type: 'session.renewed',
  expiresAt: context.facts?.expiresAt ?? 0,
})
export const endedFact = ({ context }: { context: SessionContext }): SessionFact => ({
  type: 'session.ended',
  reason: context.ending?.reason ?? 'logout',
})
export const finishedFact = ({ context }: { context: SessionContext }): SessionFact => ({
  type: 'logout.finished',
  ending: context.ending ?? newEnding('logout'),
})
/** Stands in for facts in states that always have them; no vault holds this generation, so nothing comes of it. */
export const noFacts: CredentialFacts = {
  subject: '',
  scope: '',
  expiresAt: 0,
  renewAt: 0,
  renewable: false,
  generation: '',
  revision: 0,
  storedAt: 0,
  writtenBy: '',
}
