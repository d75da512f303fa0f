import type { Authentication, Clock, CredentialFacts } from '../../machines/facts.ts'
import type { Stamp, VaultEntry } from '../vault/types.ts'
import { factsOf, type FactsPolicy, type TokenAnswer } from './facts.ts'
import type { NewLogin, Unsaved } from './types.ts'

interface EntryParts {
  readonly clock: Clock
  readonly policy: FactsPolicy
  readonly tab: string
}

/** The first write of a login. */
export function newEntry(login: NewLogin, generation: string, { clock, policy, tab }: EntryParts): VaultEntry {
  const { answer, subject, scope, ceilingAt, authentication = {} } = login
  return {
    tokens: {
      accessToken: answer.accessToken,
      tokenType: answer.tokenType,
      ...(answer.refreshToken === undefined ? {} : { refreshToken: answer.refreshToken }),
      ...(answer.idToken === undefined ? {} : { idToken: answer.idToken }),
    },
    facts: factsOf({
      answer,
      subject,
      scope: answer.scope ?? scope,
      renewable: answer.refreshToken !== undefined,
      ceilingAt,
      authentication,
      stamp: { generation, revision: 1 },
      writtenBy: tab,
      before: null,
      clock,
      policy,
    }),
  }
}

const authenticationOf = ({ acr, amr, authenticatedAt }: CredentialFacts): Authentication => ({
  ...(acr === undefined ? {} : { acr }),
  ...(amr === undefined ? {} : { amr }),
  ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
})

/** The next write of the same login. What the answer leaves out stays as it was (RFC 6749 section 6, OpenID Connect Core 12.2). */
export function renewedEntry(
  facts: CredentialFacts,
  before: VaultEntry,
  answer: TokenAnswer,
  { clock, policy, tab }: EntryParts,
): VaultEntry {
  const refreshToken = answer.refreshToken ?? before.tokens.refreshToken
  const idToken = answer.idToken ?? before.tokens.idToken
  return {
    tokens: {
      accessToken: answer.accessToken,
      tokenType: answer.tokenType,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(idToken === undefined ? {} : { idToken }),
    },
    facts: factsOf({
      answer,
      subject: facts.subject,
      scope: answer.scope ?? facts.scope,
      renewable: refreshToken !== undefined,
      ceilingAt: facts.ceilingAt,
      authentication: authenticationOf(facts),
      stamp: { generation: facts.generation, revision: facts.revision + 1 },
      writtenBy: tab,
      before: facts,
      clock,
      policy,
    }),
  }
}

/** Credentials that only this tab has; whoever must not spend the old ones waits for `settled`. */
export function unsavedEntry(entry: VaultEntry, expected: Stamp): Unsaved {
  let settle = (): void => {}
  const settled = new Promise<void>((resolve) => (settle = resolve))
  return { entry, expected, settle, settled }
}
