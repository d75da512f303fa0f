import { fromCallback, fromPromise } from 'xstate'
import type { AccountPortInput, accountPorts } from '../machines/account/ports.ts'
import type { AccountEvent } from '../machines/account/types.ts'
import { SessionError } from '../machines/errors.ts'
import type { RenewalPortInput, renewalPorts } from '../machines/renewal/ports.ts'
import type { RenewalEvent } from '../machines/renewal/types.ts'
import type { sessionPorts } from '../machines/session/ports.ts'
import type { CompletedLogin, RestoreOutcome, SessionEvent } from '../machines/session/types.ts'
import type { Services } from './services.ts'
import { all, onOnline, onRestored, onResumed } from './browser/conditions.ts'
import type { Lease } from './browser/turns.ts'
import type { FinishedLogin } from './oidc/login.ts'
import { leaveProvider, revokeTokens } from './oidc/logout.ts'
import { renewTokens } from './oidc/renewal.ts'
import { loadProfile } from './oidc/userinfo.ts'
import type { TokenAnswer } from './credentials/facts.ts'

type Implements<TPorts, TExcept extends keyof TPorts = never> = {
  readonly [TPort in Exclude<keyof TPorts, TExcept>]: TPorts[TPort]
}

/** `renewal`'s ports on the real services. */
export function renewalActors({ oidc, keeper, turns, platform, settings }: Services): Implements<typeof renewalPorts> {
  let lease: Lease | null = null
  /** Answers that are not written yet, by the write whose refresh token they cost. */
  const answers = new Map<string, TokenAnswer>()
  const keyOf = ({ generation, revision }: { generation: string; revision: number }): string =>
    `${generation}/${revision}`

  return {
    watchConditions: fromCallback<RenewalEvent, RenewalPortInput>(({ sendBack }) =>
      all([
        onOnline(platform, () => sendBack({ type: 'network.online' })),
        onResumed(platform, () => sendBack({ type: 'page.resumed' })),
        keeper.listen((news) => {
          if (news.type === 'sibling.renewed') sendBack(news)
        }),
      ]),
    ),

    holdTurn: fromCallback<RenewalEvent, RenewalPortInput>(({ sendBack }) => {
      const mine = turns.ask(settings.policy.renewal.turnPatience, {
        granted: () => sendBack({ type: 'turn.granted' }),
        refused: () => sendBack({ type: 'turn.refused' }),
      })
      lease = mine
      return () => mine.letGo()
    }),

    recheckVault: fromPromise(({ input }) => keeper.recheck(input.facts)),

    requestTokens: fromPromise(async ({ input: { facts }, signal }) => {
      const entry = keeper.current()
      if (entry === null) throw new SessionError('session_ended', 'The session ended before it was renewed.')
      const work = renewTokens(oidc, entry).then(async (answer) => {
        // Nobody waits for it any more: the refresh token is spent all the same, so the answer is written from here.
        if (signal.aborted) await keeper.commit(facts, answer)
        else answers.set(keyOf(facts), answer)
      })
      lease?.hold(work)
      await work
    }),

    confirmVerdict: fromPromise(({ input }) => keeper.confirm(input.facts, input.problem)),

    commitTokens: fromPromise(async ({ input: { facts } }) => {
      const answer = answers.get(keyOf(facts))
      answers.delete(keyOf(facts))
      if (answer === undefined) throw new SessionError('unexpected', 'There is no answer to write.')
      const work = keeper.commit(facts, answer)
      lease?.hold(work)
      const outcome = await work
      // The turn is kept, so that no other tab spends the refresh token that the vault still holds.
      if (outcome.outcome === 'unsaved') lease?.keep(keeper.untilSaved())
      return outcome
    }),
  }
}

/** `account`'s ports on the real services. */
export function accountActors(services: Services): Implements<typeof accountPorts> {
  const { oidc, keeper, platform, settings, fetchWithToken } = services
  const adapter = () => {
    if (settings.metadata !== undefined) return settings.metadata
    throw new SessionError(
      'metadata_not_provided',
      'This session has no metadata adapter. Give one to createSession, e.g. metadata: auth0UserMetadata({ domain }).',
    )
  }
  return {
    watchConditions: fromCallback<AccountEvent, AccountPortInput>(({ sendBack }) =>
      all([
        onOnline(platform, () => sendBack({ type: 'network.online' })),
        onResumed(platform, () => sendBack({ type: 'page.resumed' })),
      ]),
    ),

    loadProfile: fromPromise(async ({ input: { subject }, signal }) => {
      const profile = await loadProfile(oidc, fetchWithToken, subject, signal)
      await keeper.noteProfile(profile)
      return profile
    }),
    loadMetadata: fromPromise(async ({ input: { subject }, signal }) => {
      const { metadata, writable } = await adapter().load({ subject, signal, fetch: fetchWithToken })
      return { metadata, writable, pending: await keeper.readPending(subject) }
    }),
    saveMetadata: fromPromise(({ input: { subject, patch }, signal }) => {
      const { check, save } = adapter()
      check?.(patch)
      return save(patch, { subject, signal, fetch: fetchWithToken })
    }),
    discardPatches: fromPromise(({ input: { subject } }) => keeper.notePending(subject, [])),
  }
}

/** `session`'s ports on the real services; the two charts within it are the composition root's. */
export function sessionActors(services: Services): Implements<typeof sessionPorts, 'renewal' | 'account'> {
  const { oidc, keeper, login, activity, siblings, platform } = services

  const begin = async (finished: FinishedLogin): Promise<CompletedLogin> => {
    const session = await keeper.begin(finished)
    return { ...session, ...(finished.returnTo === undefined ? {} : { returnTo: finished.returnTo }) }
  }
  let removed: ReturnType<typeof keeper.takeRemoved> = null

  return {
    restoreSession: fromPromise(async (): Promise<RestoreOutcome> => {
      const address = await login.lookAtAddress()
      if (address !== 'nothing') return { outcome: address }
      const { session, end, problem } = await keeper.open()
      if (session !== null) return { outcome: 'found', ...session }
      return { outcome: 'empty', reason: end?.reason ?? 'never', ...(problem === undefined ? {} : { problem }) }
    }),

    watchSiblings: fromCallback<SessionEvent>(({ sendBack }) =>
      all([
        keeper.listen(sendBack),
        siblings.listen((message) => {
          if (message.kind === 'look') void keeper.look()
        }),
        // A tab that slept, or missed a message, finds out when it is shown.
        onResumed(platform, () => void keeper.look()),
      ]),
    ),
    watchPage: fromCallback<SessionEvent>(({ sendBack }) =>
      all([
        onRestored(platform, () => sendBack({ type: 'page.restored' })),
        onResumed(platform, () => sendBack({ type: 'page.resumed' })),
      ]),
    ),
    watchActivity: fromCallback<SessionEvent>(({ sendBack }) =>
      activity.watch((at) => sendBack({ type: 'person.active', at })),
    ),

    redirectToLogin: fromPromise(({ input }) => login.redirect(input.request)),
    loginInPopup: fromPromise(async ({ input, signal }) => begin(await login.inPopup(input.request, signal))),
    completeLogin: fromPromise(async () => begin(await login.complete())),
    relayLoginResponse: fromPromise(() => login.relay()),
    stepUpInPopup: fromPromise(async ({ input, signal }) => {
      const finished = await login.inPopup(input.request, signal)
      if (finished.subject !== input.subject) {
        throw new SessionError('subject_changed', 'Another person logged in; the session stays as it was.')
      }
      return begin(finished)
    }),

    saveCredentials: fromPromise(({ input }) => keeper.save(input.facts)),
    clearCredentials: fromPromise(async ({ input: { generation, reason } }) => {
      const ending = keeper.end(generation, reason)
      removed = keeper.takeRemoved()
      activity.forget()
      await ending
    }),
    revokeTokens: fromPromise(async () => {
      if (removed !== null) await revokeTokens(oidc, removed)
    }),
    leaveProvider: fromPromise(async () => {
      await leaveProvider(oidc, platform, removed)
      // The page is going away; if it does not, the chart's own bound says so.
      await new Promise(() => {})
    }),
  }
}
