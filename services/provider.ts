import type { Profile } from '../machines/facts.ts'
import type { LoginRequest, PendingLogin } from '../machines/session/types.ts'
import type { TokenAnswer } from './credentials/facts.ts'
import type { NewLogin } from './credentials/types.ts'
import type { OnDemand } from './on-demand.ts'
import type { VaultEntry } from './vault/types.ts'

/** What a session asks of its provider, once someone is signed in. Rejects with our error codes. */
export interface Provider {
  /** Loads what a renewal takes, ahead of its turn; `null`: it is there. Absent: it always was. */
  prepare?(): Promise<unknown> | null
  /** Spends the refresh token of an entry (RFC 6749 section 6), unless `beforeSpending`, called when all else is ready, throws. */
  renew(entry: VaultEntry, beforeSpending: () => void): Promise<TokenAnswer>
  /** The claims of userinfo, of this subject and no other. */
  loadProfile(subject: string, signal: AbortSignal): Promise<Profile>
  /** The same over the claims of an ID token that was checked when it came. */
  loadClaims(
    subject: string,
    idToken: string | undefined,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>>
  /** Revokes what a session leaves behind (RFC 7009). `unsupported`: the provider does not revoke, or not such tokens. */
  revoke(removed: VaultEntry): Promise<'done' | 'unsupported'>
  /** Leaves for the provider's logout page, unless nobody waits for that any more. `unsupported`: it has none. */
  leave(idToken: string | undefined, signal: AbortSignal): Promise<'left' | 'unsupported'>
}

/** A provider whose code is loaded when it is first asked for something, and that has spent nothing before. */
export function providerOnDemand(part: OnDemand<{ readonly provider: Provider }>): Provider {
  const provider = async (): Promise<Provider> => (await part.load()).provider
  return {
    prepare: () => (part.loaded() === null ? part.load() : null),
    renew: async (...asked) => (await provider()).renew(...asked),
    loadProfile: async (...asked) => (await provider()).loadProfile(...asked),
    loadClaims: async (...asked) => (await provider()).loadClaims(...asked),
    revoke: async (...asked) => (await provider()).revoke(...asked),
    leave: async (...asked) => (await provider()).leave(...asked),
  }
}

export interface FinishedLogin extends NewLogin {
  readonly returnTo?: string
}

/** What an address is: an answer for this window, an answer for another, or neither. */
export type AddressFinding =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'relay' }
  /** `isSilent`: the person was not asked. */
  | { readonly kind: 'loginResponse'; readonly isSilent: boolean; readonly returnTo?: string }

export interface LoginService {
  /** Takes an answer out of the present address. */
  lookAtAddress(): AddressFinding
  /** Leaves the page, unless nobody waits for that any more. */
  redirect(login: PendingLogin, signal: AbortSignal): Promise<void>
  /** Opens the window synchronously, so that the click still counts. With `subject`: it has to be that person. */
  inPopup(request: LoginRequest, signal: AbortSignal, subject?: string): Promise<FinishedLogin>
  /** Without asking the person anything: `login_required` where the provider would have to. */
  silently: {
    inFrame(signal: AbortSignal): Promise<FinishedLogin>
    /** Leaves the page, in its place in the history, unless nobody waits for that any more. */
    redirect(signal: AbortSignal): Promise<void>
  }
  complete(): Promise<FinishedLogin>
  relay(): Promise<void>
}
