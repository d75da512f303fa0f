import { SessionError } from '../../machines/errors.ts'
import type { CredentialFacts, Profile } from '../../machines/facts.ts'
import type { Notes, Tokens, VaultEntry } from './types.ts'

/** The form in which entries are kept. Raise it with a step that reads the form before. */
export const keptVersion = 1

export interface KeptEntry extends VaultEntry {
  readonly version: typeof keptVersion
}

/** Reads an entry that came from storage, where anything may lie. Throws `vault_unreadable`. */
export function readKeptEntry(value: unknown): VaultEntry {
  const kept = asRecord(value)
  const facts = asRecord(kept['facts'])
  const tokens = asRecord(kept['tokens'])
  const isWhole =
    kept['version'] === keptVersion &&
    hasStrings(facts, ['subject', 'scope', 'generation', 'writtenBy']) &&
    hasNumbers(facts, ['expiresAt', 'renewAt', 'revision', 'storedAt']) &&
    (facts['ceilingAt'] === undefined || hasNumbers(facts, ['ceilingAt'])) &&
    (facts['acr'] === undefined || hasStrings(facts, ['acr'])) &&
    (facts['amr'] === undefined || Array.isArray(facts['amr'])) &&
    (facts['authenticatedAt'] === undefined || hasNumbers(facts, ['authenticatedAt'])) &&
    typeof facts['renewable'] === 'boolean' &&
    hasStrings(tokens, ['accessToken', 'tokenType'])
  if (!isWhole) {
    throw new SessionError(
      'vault_unreadable',
      'The stored session has another form than this version of the app keeps. A new login replaces it.',
    )
  }
  // Checked field by field just above.
  return { facts: facts as unknown as CredentialFacts, tokens: tokens as unknown as Tokens }
}

/** Notes that came from storage; what makes no sense is as if it were not there. */
export function readKeptNotes(value: unknown): Notes | null {
  const kept = asRecord(value)
  if (typeof kept['subject'] !== 'string') return null
  const profile = asRecord(kept['profile'])
  const pending = Array.isArray(kept['pending']) ? kept['pending'].map(asRecord) : []
  return {
    subject: kept['subject'],
    profile: typeof profile['sub'] === 'string' ? (profile as Profile) : null,
    pending,
  }
}

type Fields = Readonly<Record<string, unknown>>

const asRecord = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const hasStrings = (fields: Fields, names: readonly string[]): boolean =>
  names.every((name) => typeof fields[name] === 'string')
const hasNumbers = (fields: Fields, names: readonly string[]): boolean =>
  names.every((name) => Number.isFinite(fields[name]))
