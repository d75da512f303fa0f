import type { EndReason, FoundSession } from '../../machines/facts.ts'
import type { RestoreOutcome, SessionErrorCode } from '../../machines/index.ts'
import type { News, Step } from '../../services/memory/index.ts'
import { requestGoesOut, verdictIsConfirmed } from '../../services/memory/scenarios/words.ts'

// Words in which journeys are told, besides those that they share with the scenarios. All of them are plain data.

export * from '../../services/memory/scenarios/words.ts'

export const bob = { subject: 'bob', generation: 'login-of-bob' } as const

export const left = { outcome: 'empty', reason: 'logout' } as const

export const logIn: Step = { do: 'send', event: { type: 'login', via: 'popup' } }
export const logOut: Step = { do: 'send', event: { type: 'logout' } }
export const stepUp: Step = { do: 'send', event: { type: 'stepUp', via: 'popup', acrValues: 'mfa' } }
export const needToken: Step = { do: 'send', event: { type: 'token.required' } }
export const comeBackToPage: Step = { do: 'say', port: 'watchPage', news: { type: 'page.resumed' } }

/** … the provider refuses, and the vault says that it meant this session. */
export const renewalIsRefused = (code: SessionErrorCode, oauthError?: string): readonly Step[] => [
  ...requestGoesOut,
  { do: 'fail', port: 'requestTokens', code, ...(oauthError === undefined ? {} : { oauthError }) },
  verdictIsConfirmed(code, oauthError),
]
/** All services that a renewal asks, in order. */
export const renewing = ['holdTurn', 'recheckVault', 'requestTokens', 'commitTokens'] as const

/** The stages of a logout that goes well. */
export const clears: readonly Step[] = [{ do: 'settle', port: 'clearCredentials' }]
export const revokes: readonly Step[] = [{ do: 'settle', port: 'revokeTokens', output: 'done' }]

export const signedIn = 'active.access.authenticated'
export const early = 'active.access.refreshing.early'
export const late = 'active.access.refreshing.late'

export const loginFailed = (code: SessionErrorCode) => ({ type: 'login.failed', problem: { code } }) as const
export const ended = (reason: EndReason) => ({ type: 'session.ended', reason }) as const

/** The login window answers, or fails, and the vault is looked at again. */
export const loginFails = (code: SessionErrorCode, restored: RestoreOutcome): readonly Step[] => [
  logIn,
  { do: 'fail', port: 'loginInPopup', code },
  { do: 'settle', port: 'restoreSession', output: restored },
]
export const looksAndFinds = (restored: RestoreOutcome): Step => ({
  do: 'settle',
  port: 'restoreSession',
  output: restored,
})
export const logsIn = (session: FoundSession): readonly Step[] => [
  logIn,
  { do: 'settle', port: 'loginInPopup', output: session },
]
export const siblingTells = (news: News['watchSiblings']): Step => ({ do: 'say', port: 'watchSiblings', news })
