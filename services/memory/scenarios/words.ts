import type { SessionErrorCode } from '../../../machines/errors.ts'
import type { CredentialFacts, FoundSession } from '../../../machines/facts.ts'
import { someFacts, someSession, testNow } from '../samples.ts'
import type { SceneStep } from '../scene.ts'
import type { Step } from '../steps.ts'

// Words in which scenarios and journeys are told. All of them are plain data.

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

export const found = (session: FoundSession) => ({ outcome: 'found', ...session }) as const
export const nobody = { outcome: 'empty', reason: 'never' } as const

export const pass = (ms: number) => ({ do: 'pass', ms }) as const

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
/** The vault says of a refusal that it meant this session. */
export const verdictIsConfirmed = (code: SessionErrorCode, oauthError?: string): Step => ({
  do: 'settle',
  port: 'confirmVerdict',
  output: {
    outcome: 'rejected',
    problem: { code, message: '…', ...(oauthError === undefined ? {} : { oauthError }) },
  },
})

export const loadsMetadata: Step = {
  do: 'settle',
  port: 'loadMetadata',
  output: { metadata: { city: 'Ghent' }, pending: [], writable: true },
}
/** What profile and metadata ask for at each opening is answered. */
export const loads: readonly Step[] = [
  { do: 'settle', port: 'loadProfile', output: { sub: 'alice', name: 'Alice' } },
  loadsMetadata,
]

/** Alice's session as it was kept, with her name as last seen. */
export const kept = (ms: number, changes: Partial<CredentialFacts> = {}): FoundSession => ({
  ...sessionAt(ms, changes),
  profile: { sub: 'alice', name: 'Alice' },
})

/** A page is opened, finds a session, and fetches what there is to show. */
export const opensAndFinds = (session: FoundSession, tab = 0): readonly SceneStep[] =>
  inTab(tab, [{ do: 'open' }, { do: 'settle', port: 'restoreSession', output: found(session) }, ...loads])

export const inTab = (tab: number, steps: readonly SceneStep[]): readonly SceneStep[] =>
  tab === 0 ? steps : steps.map((step) => ({ ...step, tab }))
