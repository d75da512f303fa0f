import { fromPromise } from 'xstate'
import { SessionError } from '../../machines/errors.ts'
import type { sessionPorts } from '../../machines/session/ports.ts'
import type { CompletedLogin, RestoreOutcome, SessionEvent } from '../../machines/session/types.ts'
import { all, onRestored, onResumed } from '../browser/conditions.ts'
import type { FinishedLogin } from '../provider.ts'
import type { Services } from '../services.ts'
import type { Implements } from './implements.ts'
import { fromListener } from './listener.ts'

/** `session`'s ports on the real services; the two charts within it are the composition root's. */
export function sessionActors(services: Services): Implements<typeof sessionPorts, 'renewal' | 'account'> {
  const { provider, keeper, login, activity, siblings, platform, isDisposing, letGo } = services

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
      // Before other tabs hear of the login: what they take up with it says when the person was last active.
      activity.begin()
      const session = await keeper.begin(finished)
      // Given up in the very moment in which it was written: the chart hears of it like of another tab's.
      if (signal.aborted) keeper.tell({ type: 'sibling.loggedIn', ...session })
      return { ...session, ...(finished.returnTo === undefined ? {} : { returnTo: finished.returnTo }) }
    })
    keeper.hold(work)
    return work
  }

  return {
    restoreSession: fromPromise(async ({ signal }): Promise<RestoreOutcome> => {
      // A page may be thrown away as soon as it was made (React's StrictMode): the answer is left to the next one.
      await Promise.resolve()
      signal.throwIfAborted()
      const address = login.lookAtAddress()
      if (address.kind !== 'nothing') {
        const { kind: outcome, ...rest } = address
        return { outcome, ...rest }
      }
      const { session, end, problem } = await keeper.open(signal)
      if (session !== null) return { outcome: 'found', ...session }
      return { outcome: 'empty', reason: end?.reason ?? 'never', ...(problem === undefined ? {} : { problem }) }
    }),

    watchSiblings: fromListener<SessionEvent>(({ sendBack }) =>
      all([
        // Invoked by the root, and first: it ends with the chart alone, before whatever else is cut off then.
        letGo,
        keeper.listen(sendBack),
        siblings.listen((message) => {
          if (message.kind === 'look') void keeper.look()
        }),
        // A tab that slept, or missed a message, finds out when it is shown.
        onResumed(platform, () => void keeper.look()),
      ]),
    ),
    watchPage: fromListener<SessionEvent>(({ sendBack }) =>
      all([
        onRestored(platform, () => sendBack({ type: 'page.restored' })),
        onResumed(platform, () => sendBack({ type: 'page.resumed' })),
      ]),
    ),
    watchActivity: fromListener<SessionEvent>(({ sendBack }) =>
      activity.watch((at) => sendBack({ type: 'person.active', at })),
    ),

    loginInFrame: fromPromise(({ signal }) => begin(login.silently.inFrame(signal), signal)),
    redirectSilently: fromPromise(({ signal }) => login.silently.redirect(signal)),
    redirectToLogin: fromPromise(({ input, signal }) => login.redirect(input, signal)),
    loginInPopup: fromPromise(({ input, signal }) => begin(login.inPopup(input.request, signal), signal)),
    completeLogin: fromPromise(({ signal }) => begin(login.complete(), signal)),
    relayLoginResponse: fromPromise(() => login.relay()),
    stepUpInPopup: fromPromise(({ input, signal }) =>
      begin(login.inPopup(input.request, signal, input.subject), signal),
    ),

    saveCredentials: fromPromise(({ input }) => keeper.save(input.facts)),
    clearCredentials: fromPromise(async ({ input: { generation, reason } }) => {
      // Logging out is unconditional: also of a login of another tab's that this one has not heard of yet.
      const ending = keeper.end(reason === 'logout' ? null : generation, reason)
      activity.forget()
      await ending
    }),
    revokeTokens: fromPromise(async () => {
      const removed = keeper.removal.entry()
      return removed === null ? 'skipped' : provider.revoke(removed)
    }),
    leaveProvider: fromPromise(async ({ signal }) => {
      const outcome = await provider.leave(keeper.removal.entry()?.tokens.idToken, signal)
      // The page is going away; if it does not, the chart's own bound says so.
      return outcome === 'unsupported' ? outcome : new Promise<never>(() => {})
    }),
  }
}
