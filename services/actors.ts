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
import type { CredentialFacts } from '../machines/facts.ts'
import { isSameWrite } from './vault/stamp.ts'
import type { VaultEntry } from './vault/types.ts'

type Implements<TPorts, TExcept extends keyof TPorts = never> = {
  readonly [TPort in Exclude<keyof TPorts, TExcept>]: TPorts[TPort]
}

/** `renewal`'s ports on the real services. */
export function renewalActors({ oidc, keeper, turns, platform, settings }: Services): Implements<typeof renewalPorts> {
  let lease: Lease | null = null
  /** Answers that are not written yet, by the write whose refresh token they cost: it is never spent twice. */
  const answers = new Map<string, TokenAnswer>()
  const keyOf = ({ generation, revision }: CredentialFacts): string => `${generation}/${revision}`

  const write = async (facts: CredentialFacts, turn: Lease | null): ReturnType<typeof keeper.commit> => {
    const answer = answers.get(keyOf(facts))
    if (answer === undefined) throw new SessionError('unexpected', 'There is no answer to write.')
    const work = keeper.commit(facts, answer)
    turn?.hold(work)
    const outcome = await work
    answers.delete(keyOf(facts))
    // The turn is kept, so that no other tab spends the refresh token that the vault still holds.
    if (outcome.outcome === 'unsaved') turn?.keep(keeper.untilSaved())
    return outcome
  }
  const ask = async (facts: CredentialFacts, turn: Lease | null, signal: AbortSignal): Promise<void> => {
    const entry = keeper.current()
    if (entry === null || !isSameWrite(entry.facts, facts))
      throw new SessionError('session_ended', 'The session ended before it was renewed.')
    answers.set(keyOf(facts), await renewTokens(oidc, entry))
    // Nobody waits for it any more: the refresh token is spent all the same, so the answer is written from here.
    if (signal.aborted) await write(facts, turn)
    else signal.addEventListener('abort', () => keeper.hold(write(facts, turn)))
  }

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
      if (answers.has(keyOf(facts))) return
      const work = ask(facts, lease, signal)
      lease?.hold(work)
      keeper.hold(work)
      await work
    }),

    confirmVerdict: fromPromise(({ input }) => keeper.confirm(input.facts, input.problem)),

    commitTokens: fromPromise(({ input: { facts } }) => write(facts, lease)),
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
  const { oidc, keeper, login, activity, siblings, platform, isDisposing } = services

  /**
   * Writes a login. One that was given up meanwhile is thrown away; with the whole session disposed it is written all the
   * same, for the code is spent, and the next session of this page finds it.
   */
  const begin = (logIn: Promise<FinishedLogin>, signal: AbortSignal): Promise<CompletedLogin> => {
    let isGivenUp = false
    const onAbort = (): void => {
      isGivenUp = !isDisposing()
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort)
    const work = logIn.then(async (finished): Promise<CompletedLogin> => {
      if (isGivenUp) throw new SessionError('aborted', 'The login was given up before it was done.')
      const session = await keeper.begin(finished)
      activity.begin()
      // Given up in the very moment in which it was written: the chart hears of it like of another tab's.
      if (signal.aborted) keeper.tell({ type: 'sibling.loggedIn', ...session })
      return { ...session, ...(finished.returnTo === undefined ? {} : { returnTo: finished.returnTo }) }
    })
    keeper.hold(work)
    return work
  }
  /** What the provider's own part of a logout needs. */
  let removed: VaultEntry | null = null
  let idTokenHint: string | undefined

  return {
    restoreSession: fromPromise(async ({ signal }): Promise<RestoreOutcome> => {
      // A page may be thrown away as soon as it was made (React's StrictMode): the answer is left to the next one.
      await Promise.resolve()
      signal.throwIfAborted()
      const address = login.lookAtAddress()
      if (address !== 'nothing') return { outcome: address }
      const { session, end, problem } = await keeper.open(signal)
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
    loginInPopup: fromPromise(({ input, signal }) => begin(login.inPopup(input.request, signal), signal)),
    completeLogin: fromPromise(({ signal }) => begin(login.complete(), signal)),
    relayLoginResponse: fromPromise(() => login.relay()),
    stepUpInPopup: fromPromise(({ input, signal }) => {
      const same = async (): Promise<FinishedLogin> => {
        const finished = await login.inPopup(input.request, signal)
        if (finished.subject === input.subject) return finished
        throw new SessionError('subject_changed', 'Another person logged in; the session stays as it was.')
      }
      return begin(same(), signal)
    }),

    saveCredentials: fromPromise(({ input }) => keeper.save(input.facts)),
    clearCredentials: fromPromise(async ({ input: { generation, reason } }) => {
      const ending = keeper.end(generation, reason)
      removed = keeper.takeRemoved()
      idTokenHint = removed?.tokens.idToken
      activity.forget()
      await ending
    }),
    revokeTokens: fromPromise(async () => {
      const gone = removed
      if (gone === null) return
      removed = null
      await revokeTokens(oidc, gone)
    }),
    leaveProvider: fromPromise(async () => {
      await leaveProvider(oidc, platform, idTokenHint)
      // The page is going away; if it does not, the chart's own bound says so.
      await new Promise(() => {})
    }),
  }
}
