import type { Profile } from '../machines/facts.ts'
import type { LoginRequest, PendingLogin } from '../machines/session/types.ts'
import type { TokenAnswer } from './credentials/facts.ts'
import type { NewLogin } from './credentials/types.ts'
import type { VaultEntry } from './vault/types.ts'

/** What a session asks of its provider, once someone is signed in. Rejects with our error codes. */
export interface Provider {
  /** Spends the refresh token of an entry (RFC 6749 section 6), unless `beforeSpending`, called when all else is ready, throws. */
  renew(entry: VaultEntry, beforeSpending: () => void): Promise<TokenAnswer>
  /** The claims of userinfo, of this subject and no other. */
  loadProfile(subject: string, signal: AbortSignal): Promise<Profile>
  /** Revokes what a session leaves behind (RFC 7009). `unsupported`: the provider does not revoke, or not such tokens. */
  revoke(removed: VaultEntry): Promise<'done' | 'unsupported'>
  /** Leaves for the provider's logout page, unless nobody waits for that any more. `unsupported`: it has none. */
  leave(idToken: string | undefined, signal: AbortSignal): Promise<'left' | 'unsupported'>
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
  /** Takes an answer out of the present address, unless aborted. */
  lookAtAddress(signal: AbortSignal): Promise<AddressFinding>
  redirect(login: PendingLogin): Promise<void>
  /** Opens the window synchronously, so that the click still counts. With `subject`: it has to be that person. */
  inPopup(request: LoginRequest, signal: AbortSignal, subject?: string): Promise<FinishedLogin>
  /** Without asking the person anything: `login_required` where the provider would have to. */
  silently: {
    inFrame(signal: AbortSignal): Promise<FinishedLogin>
    /** Leaves the page, in its place in the history. */
    redirect(): Promise<void>
  }
  complete(): Promise<FinishedLogin>
  relay(): Promise<void>
}
