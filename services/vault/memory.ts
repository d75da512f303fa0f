import type { EndReason } from '../../machines/facts.ts'
import {
  noNotes,
  type CompareResult,
  type EndMark,
  type Notes,
  type Stamp,
  type Vault,
  type VaultContent,
  type VaultEntry,
} from './types.ts'

/** A vault that goes with the page. Nothing is shared with other tabs. */
export function createMemoryVault(): Vault {
  let entry: VaultEntry | null = null
  let end: EndMark | null = null
  let notes: Notes | null = null

  const content = (): VaultContent => ({ entry, end })
  const holds = (expected: Stamp): boolean =>
    entry !== null && entry.facts.generation === expected.generation && entry.facts.revision === expected.revision
  const clear = (generation: string, reason: EndReason): void => {
    entry = null
    notes = null
    end = { generation, reason }
  }
  const compared = (expected: Stamp, then: () => void): Promise<CompareResult> => {
    if (!holds(expected)) return Promise.resolve({ outcome: 'moved', content: content() })
    then()
    return Promise.resolve({ outcome: 'done' })
  }

  return {
    read: () => Promise.resolve(content()),
    begin: (next) => {
      if (notes !== null && notes.subject !== next.facts.subject) notes = null
      entry = next
      end = null
      return Promise.resolve(null)
    },
    replace: (expected, next) => compared(expected, () => (entry = next)),
    reject: (expected, reason) => compared(expected, () => clear(expected.generation, reason)),
    end: (generation, reason) => {
      const removed = entry
      const isReplaced = entry !== null && generation !== null && entry.facts.generation !== generation
      if (isReplaced) return Promise.resolve({ removed: null, isReplaced })
      clear(entry?.facts.generation ?? generation ?? end?.generation ?? '', reason)
      return Promise.resolve({ removed, isReplaced })
    },
    markOn: (generation) => (end?.generation === generation ? end : null),
    putAside: () => Promise.resolve(),
    readNotes: () => Promise.resolve(notes),
    changeNotes: (subject, changed) => {
      // After a logout nothing of the person is kept any more.
      if (entry?.facts.subject !== subject) return Promise.resolve(null)
      notes = changed(notes?.subject === subject ? notes : noNotes(subject))
      return Promise.resolve(notes)
    },
    close: () => {},
  }
}
