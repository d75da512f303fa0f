import type { Ending, Problem, SessionErrorCode, SignedOutReason, StageOutcome } from '../../machines/index.ts'

/** What people read; `detail` is the chart's own message, for those who want to know more. */
export interface Words {
  readonly title: string
  readonly text: string
}

const reasons: Readonly<Record<SignedOutReason | 'logout', Words | null>> = {
  never: null,
  logout: { title: 'You are logged out', text: 'Nothing of your session is left in this browser.' },
  expired: {
    title: 'Your session has expired',
    text: 'It could not be renewed, because the provider gave nothing to renew it with. Log in to go on.',
  },
  revoked: {
    title: 'Your session was ended by the provider',
    text: 'It does not renew it any more: you may have logged out elsewhere, or your access was withdrawn. Log in to go on.',
  },
  login_required: {
    title: 'Your provider asks you to log in again',
    text: 'It wants to be sure that it is you before it renews your session. Log in to go on.',
  },
  invalid_client: {
    title: 'The provider does not renew sessions of this app',
    text: 'It no longer knows the app, or does not allow it to. Log in to go on; if that fails, the app has to be mended.',
  },
  ceiling: {
    title: 'Your session has reached its greatest age',
    text: 'For safety a session lasts only so long, however active you are. Log in to go on.',
  },
  idle: {
    title: 'You were away for a while',
    text: 'So that nobody else goes on in your place, your session was ended. Log in to go on.',
  },
  subject_changed: {
    title: 'Another person signed in',
    text: 'That happened in another tab of this browser, so your session ended here. Log in to go on as yourself.',
  },
  storage_lost: {
    title: 'Your session could not be found again',
    text: 'What this browser kept of it is unreadable or was removed. Log in to go on.',
  },
}

/** Why nobody is signed in; `null` where there is nothing to explain. */
export const reasonWords = (reason: SignedOutReason | 'logout'): Words | null => reasons[reason]

const leftBehind: Readonly<Partial<Record<StageOutcome, string>>> = {
  unsupported:
    'Your provider has no logout page, so it may still know you: you may be signed in again without a password.',
  failed:
    'Your provider could not be reached, so it may still know you: you may be signed in again without a password.',
  timedOut: 'Your provider did not answer, so it may still know you: you may be signed in again without a password.',
}

/** What a logout did not reach at the provider; `null`: nothing that a person would have to know. */
export function leftBehindWords({ from, revoking, leavingProvider }: Ending): string | null {
  if (from === 'provider') return leftBehind[leavingProvider] ?? null
  return revoking === 'failed' || revoking === 'timedOut' ? 'The provider could not be told.' : null
}

const unreachable = 'The provider cannot be reached just now. Look at your connection, and try again.'
const setUp = 'The app is set up wrongly; trying again will not help until that is mended.'

const untrusted: Words = {
  title: 'The login could not be trusted',
  text: 'The provider’s answer does not belong to this login, so it was refused. Try again.',
}
const wrongClock: Words = {
  title: 'The login is out of time',
  text: 'By this device’s clock the provider’s answer is not valid now. Set the clock right, and try again.',
}

const loginProblems: Partial<Record<SessionErrorCode, Words>> = {
  login_cancelled: { title: 'Login cancelled', text: 'Nothing has changed. You can log in whenever you like.' },
  popup_closed: {
    title: 'The login window was closed',
    text: 'Nothing has changed. You can log in whenever you like.',
  },
  popup_blocked: {
    title: 'The browser blocked the login window',
    text: 'Allow windows for this site, or log in on this page instead.',
  },
  login_denied: { title: 'The login was refused', text: 'You or the provider said no. You can try again.' },
  login_timeout: { title: 'The login took too long', text: 'No answer came in time. Try again.' },
  login_required: { title: 'A fresh login is needed', text: 'The provider asks you to log in again.' },
  login_loop: {
    title: 'The login goes in circles',
    text: 'Several logins in a row came to nothing, so the app stopped trying by itself. Log in yourself to go on.',
  },
  invalid_grant: {
    title: 'This login answer is not valid any more',
    text: 'It was left lying for too long, or was used before. Start a new login.',
  },
  subject_changed: {
    title: 'Another person logged in',
    text: 'You were asked to confirm that it is you, so that answer was refused. Nothing has changed.',
  },
  authentication_too_weak: {
    title: 'A stronger login was asked for',
    text: 'The provider did not do what was asked for, so its answer was refused. Nothing has changed.',
  },
  unknown_response: {
    title: 'This login answer was used before',
    text: 'It may come from the back button or an old link. Start a new login.',
  },
  invalid_id_token: untrusted,
  algorithm_refused: untrusted,
  signature_invalid: untrusted,
  audience_mismatch: untrusted,
  nonce_mismatch: untrusted,
  access_token_mismatch: untrusted,
  id_token_expired: wrongClock,
  issued_at_invalid: wrongClock,
  authentication_too_old: {
    title: 'A fresh login was asked for',
    text: 'The provider let you in by an older one, so it was refused. Try again, and enter your password.',
  },
  subject_mismatch: { title: 'That was another person', text: 'The answer was refused. Log in as yourself.' },
  offline: { title: 'This device is offline', text: 'Log in again once it has a network.' },
  network: { title: 'The provider does not answer', text: unreachable },
  timeout: { title: 'The provider does not answer', text: unreachable },
  provider_unavailable: { title: 'The provider is not available', text: 'Try again in a moment.' },
  invalid_response: { title: 'The provider’s answer makes no sense', text: setUp },
  issuer_mismatch: {
    title: 'Another provider answered',
    text: 'Its answer was refused. Try again; if that does not help, the app is set up wrongly.',
  },
  invalid_client: { title: 'The provider does not know this app', text: setUp },
  invalid_option: { title: 'The app is set up wrongly', text: setUp },
  vault_unreadable: {
    title: 'What was stored could not be read',
    text: 'It was put aside. Log in to start afresh.',
  },
  vault_unavailable: {
    title: 'This browser gives no storage',
    text: 'Private windows and strict settings do that. You may have to log in each time.',
  },
}

/** Why the last login failed. */
export const loginProblemWords = ({ code }: Problem): Words =>
  loginProblems[code] ?? { title: 'The login did not work', text: 'Something went wrong on the way. Try again.' }

/** Whether the person caused it on purpose, so that it is no alarm. */
export const isHarmless = ({ code }: Problem): boolean => code === 'login_cancelled' || code === 'popup_closed'

/** Why a renewal, a fetch or a save did not work, within a sentence. */
export function cause(problem: Problem): string {
  switch (problem.code) {
    case 'offline':
      return 'this device is offline'
    case 'network':
      return 'the provider does not answer'
    case 'timeout':
      return 'no answer came in time'
    case 'provider_unavailable':
      return 'the provider is not available just now'
    case 'unauthorized':
      return 'the provider does not accept the session'
    case 'vault_unavailable':
    case 'store_failed':
      return 'this browser’s storage does not answer'
    default:
      return problem.message.replace(/\.$/, '')
  }
}

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
