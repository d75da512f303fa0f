import type { CredentialFacts, EndReason, FoundSession } from '../../machines/facts.ts'
import type { RestoreOutcome, SessionErrorCode } from '../../machines/index.ts'
import { someFacts, someSession, testNow, type News, type Step } from '../../services/memory/index.ts'

// Words in which journeys are told. All of them are plain data.

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute

/** alice's credentials as of a moment, ms since the beginning: they last five minutes and are renewed after four. */
export function writtenAt(ms: number, changes: Partial<CredentialFacts> = {}): CredentialFacts {
  const now = testNow + ms
  return someFacts({ storedAt: now, renewAt: now + 4 * minute, expiresAt: now + 5 * minute, ...changes })
}

/** The same with everything that comes with a login. */
export const sessionAt = (ms: number, changes: Partial<CredentialFacts> = {}): FoundSession =>
  someSession(writtenAt(ms, changes))

export const bob = { subject: 'bob', generation: 'login-of-bob' } as const

export const found = (session: FoundSession) => ({ outcome: 'found', ...session }) as const
export const nobody = { outcome: 'empty', reason: 'never' } as const
export const left = { outcome: 'empty', reason: 'logout' } as const

export const pass = (ms: number): Step => ({ do: 'pass', ms })
export const logIn: Step = { do: 'send', event: { type: 'login', via: 'popup' } }
export const logOut: Step = { do: 'send', event: { type: 'logout' } }
export const stepUp: Step = { do: 'send', event: { type: 'stepUp', via: 'popup', acrValues: 'mfa' } }
export const needToken: Step = { do: 'send', event: { type: 'token.required' } }
export const comeBackToPage: Step = { do: 'say', port: 'watchPage', news: { type: 'page.resumed' } }

/** It is our turn, nobody renewed before us, and the refresh token is on its way. */
export const requestGoesOut: readonly Step[] = [
  { do: 'say', port: 'holdTurn', news: { type: 'turn.granted' } },
  { do: 'settle', port: 'recheckVault', output: { outcome: 'same' } },
]
/** … the provider answers, and the answer is written. */
export const answerIsWritten = (facts: CredentialFacts): readonly Step[] => [
  { do: 'settle', port: 'requestTokens' },
  { do: 'settle', port: 'commitTokens', output: { outcome: 'renewed', facts } },
]
export const renewalGoesThrough = (facts: CredentialFacts): readonly Step[] => [
  ...requestGoesOut,
  ...answerIsWritten(facts),
]
/** … the provider refuses, and the vault says that it meant this session. */
export const renewalIsRefused = (code: SessionErrorCode, oauthError?: string): readonly Step[] => [
  ...requestGoesOut,
  { do: 'fail', port: 'requestTokens', code, ...(oauthError === undefined ? {} : { oauthError }) },
  {
    do: 'settle',
    port: 'confirmVerdict',
    output: {
      outcome: 'rejected',
      problem: { code, message: '…', ...(oauthError === undefined ? {} : { oauthError }) },
    },
  },
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
