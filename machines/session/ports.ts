import { fromCallback, fromPromise } from 'xstate'
import { accountMachine } from '../account/machine.ts'
import { missingPort } from '../errors.ts'
import type { CredentialFacts, EndReason } from '../facts.ts'
import { latePorts } from '../late.ts'
import { renewalMachine } from '../renewal/machine.ts'
import type { CompletedLogin, LoginRequest, PendingLogin, RestoreOutcome, SessionEvent } from './types.ts'

const absent = (port: string) => (): Promise<never> => Promise.reject(missingPort('session', port))

/** The services that `session` invokes. Tokens stay in the services: what comes back are facts. */
const services = latePorts('session', {
  /** Looks at the address and into the vault. */
  restoreSession: fromPromise<RestoreOutcome>(absent('restoreSession')),

  /** Tells what other tabs did to the vault. */
  watchSiblings: fromCallback<SessionEvent>(() => {}),

  /** Tells `page.resumed` and `page.restored`. */
  watchPage: fromCallback<SessionEvent>(() => {}),

  /** Tells `person.active`, of all tabs, now and then while the person does something. */
  watchActivity: fromCallback<SessionEvent>(() => {}),

  /** Asks the provider in a hidden frame whether the person is signed in there: `login_required` where it would have to ask. */
  loginInFrame: fromPromise<CompletedLogin>(absent('loginInFrame')),

  /** The same by leaving this page, in its place in the history; settles only when that fails. */
  redirectSilently: fromPromise<void>(absent('redirectSilently')),

  /** Leaves for the provider's login page; settles only when that fails. */
  redirectToLogin: fromPromise<void, PendingLogin>(absent('redirectToLogin')),

  /** Opens the provider's login page in a window, within the click, and waits for its answer. */
  loginInPopup: fromPromise<CompletedLogin, { readonly request: LoginRequest }>(absent('loginInPopup')),

  /** Exchanges the answer in the address for credentials and writes them. The answer is taken once. */
  completeLogin: fromPromise<CompletedLogin>(absent('completeLogin')),

  /** Hands the answer in the address to the window that waits for it, and closes this one. */
  relayLoginResponse: fromPromise<void>(absent('relayLoginResponse')),

  /** The same as `loginInPopup`, from within a session: it must be the same person, and nothing is replaced until it succeeds. */
  stepUpInPopup: fromPromise<CompletedLogin, { readonly request: LoginRequest; readonly subject: string }>(
    absent('stepUpInPopup'),
  ),

  /** Tries again to write renewed credentials that are only in memory: `discarded` when the vault holds another login by now. */
  saveCredentials: fromPromise<
    { readonly outcome: 'stored'; readonly facts: CredentialFacts } | { readonly outcome: 'discarded' },
    { readonly facts: CredentialFacts }
  >(absent('saveCredentials')),

  /**
   * Marks the generation as ended, synchronously and first, then removes the credentials here and tells the other tabs.
   * Without a generation: whatever the vault holds.
   */
  clearCredentials: fromPromise<void, { readonly generation: string | null; readonly reason: EndReason }>(
    absent('clearCredentials'),
  ),

  /** Revokes the removed refresh token at the provider (RFC 7009), where there is one and the provider can. */
  revokeTokens: fromPromise<'done' | 'skipped' | 'unsupported'>(absent('revokeTokens')),

  /** Leaves for the provider's logout page (RP-initiated logout 1.0); settles when there is none, or that fails. */
  leaveProvider: fromPromise<'done' | 'unsupported'>(absent('leaveProvider')),
})

/** All that `session` invokes. */
export const sessionPorts = { ...services, renewal: renewalMachine, account: accountMachine }
