import type { Profile } from '../machines/facts.ts'
import type { LoginRequest } from '../machines/session/types.ts'
import type { TokenAnswer } from './credentials/facts.ts'
import type { NewLogin } from './credentials/types.ts'
import type { VaultEntry } from './vault/types.ts'

/** What a session asks of its provider, once someone is signed in. Rejects with our error codes. */
export interface Provider {
  /** Spends the refresh token of an entry (RFC 6749 section 6), unless `beforeSpending`, called when all else is ready, throws. */
  renew(entry: VaultEntry, beforeSpending: () => void): Promise<TokenAnswer>
  /** The claims of userinfo, of this subject and no other. */
  loadProfile(subject: string, signal: AbortSignal): Promise<Profile>
  /** Revokes what a session leaves behind (RFC 7009). */
  revoke(removed: VaultEntry): Promise<void>
  /** Leaves for the provider's logout page; rejects when there is none. */
  leave(idToken: string | undefined): Promise<void>
}

export interface FinishedLogin extends NewLogin {
  readonly returnTo?: string
}

export interface LoginService {
  /** What the present address is: an answer for this window, an answer for another, or neither. */
  lookAtAddress(): 'loginResponse' | 'relay' | 'nothing'
  redirect(request: LoginRequest): Promise<void>
  /** Opens the window synchronously, so that the click still counts. */
  inPopup(request: LoginRequest, signal: AbortSignal): Promise<FinishedLogin>
  complete(): Promise<FinishedLogin>
  relay(): Promise<void>
}
