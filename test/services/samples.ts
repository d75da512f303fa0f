import type { Clock, CredentialFacts } from '../../machines/facts.ts'
import type { VaultEntry } from '../../services/vault/types.ts'

export const entryOf = (generation: string, revision = 1, more: Partial<CredentialFacts> = {}): VaultEntry => ({
  facts: {
    subject: 'alice',
    scope: 'openid',
    expiresAt: 300_000,
    renewAt: 240_000,
    renewable: true,
    generation,
    revision,
    storedAt: 0,
    writtenBy: 'tab',
    ...more,
  },
  tokens: {
    accessToken: `access-${generation}-${revision}`,
    tokenType: 'Bearer',
    refreshToken: `refresh-${generation}-${revision}`,
    idToken: 'id-token',
  },
})

export const clockAt = (now: number, chance = 0.5): Clock => ({ now: () => now, chance: () => chance })

export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'no code'),
  )
