import type { MetadataPatch } from '../../machines/account/types.ts'
import type { Profile } from '../../machines/facts.ts'
import type { Notes, Vault } from '../vault/types.ts'

/** What is kept beside the credentials, one write after the other. A failure here loses a convenience, never a session. */
export interface Notebook {
  profileOf(subject: string): Promise<Profile | null>
  pendingOf(subject: string): Promise<readonly MetadataPatch[]>
  noteProfile(profile: Profile): Promise<void>
  notePending(subject: string, pending: readonly MetadataPatch[]): Promise<void>
  forget(): void
}

export function createNotebook(vault: Vault): Notebook {
  let notes: Notes | null = null
  let lastWrite: Promise<void> = Promise.resolve()

  const notesOf = async (subject: string): Promise<Notes> => {
    if (notes?.subject !== subject) {
      const kept = await vault.readNotes(subject).catch(() => null)
      notes = kept ?? { subject, profile: null, pending: [] }
    }
    return notes
  }
  const change = (subject: string, changed: (before: Notes) => Notes): Promise<void> => {
    const write = lastWrite.then(async () => {
      const next = changed(await notesOf(subject))
      notes = next
      await vault.writeNotes(next)
    })
    lastWrite = write.catch(() => {})
    return lastWrite
  }

  return {
    profileOf: async (subject) => (await notesOf(subject)).profile,
    pendingOf: async (subject) => (await notesOf(subject)).pending,
    noteProfile: (profile) => change(profile.sub, (before) => ({ ...before, profile })),
    notePending: (subject, pending) => change(subject, (before) => ({ ...before, pending })),
    forget: () => {
      notes = null
    },
  }
}
