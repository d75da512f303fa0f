import type { CredentialFacts, FoundSession } from '../../machines/facts.ts'
import type { SessionPolicy } from '../../machines/session/types.ts'

/** When scripted time begins: 15 January 2027, 08:00 UTC. */
export const testNow = 1_800_000_000_000

/** Every wait is of another length, so that a test can tell which one it saw. All in ms. */
export const testPolicy: SessionPolicy = {
  storageTimeout: 5_000,
  silentTimeout: 9_000,
  redirectTimeout: 12_000,
  popupTimeout: 120_000,
  completionTimeout: 30_000,
  stageTimeout: 4_000,
  recoveryDelay: 20_000,
  onSubjectChange: 'end',
  warningLead: 60_000,
  renewal: {
    turnPatience: 15_000,
    vaultTimeout: 3_000,
    requestTimeout: 45_000,
    backoffFirst: 1_000,
    backoffMost: 64_000,
    offlineDoubt: 100_000,
  },
  account: { requestTimeout: 8_000, backoffFirst: 2_000, backoffMost: 32_000 },
}

/** Credentials of alice's first login: they last 300 s, and are renewed after 240 s. */
export function someFacts(changes: Partial<CredentialFacts> = {}): CredentialFacts {
  return {
    subject: 'alice',
    scope: 'openid profile email offline_access',
    expiresAt: testNow + 300_000,
    renewAt: testNow + 240_000,
    renewable: true,
    generation: 'login-1',
    revision: 1,
    storedAt: testNow,
    writtenBy: 'this-tab',
    ...changes,
  }
}

/** The same login after a renewal at `now`, with the same lifetime and lead as before. */
export function renewedFacts(facts: CredentialFacts, now: number): CredentialFacts {
  return {
    ...facts,
    expiresAt: now + facts.expiresAt - facts.storedAt,
    renewAt: now + facts.renewAt - facts.storedAt,
    revision: facts.revision + 1,
    storedAt: now,
  }
}

/** What `restoreSession` finds for somebody who is signed in: alice, if `changes` names nobody else. */
export function someSession(changes: Partial<CredentialFacts> = {}): FoundSession {
  const facts = someFacts(changes)
  return { facts, profile: { sub: facts.subject, name: facts.subject }, lastActiveAt: facts.storedAt }
}
