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
  /** The last write failed: what is kept is older than what is known. */
  let isBehind = false
  let lastWrite: Promise<void> = Promise.resolve()

  /** Another tab writes here too: what is kept is read each time, and the last known counts where that fails. */
  const notesOf = async (subject: string): Promise<Notes> => {
    const known = notes?.subject === subject ? notes : { subject, profile: null, pending: [] }
    if (isBehind && notes?.subject === subject) return notes
    notes = await vault.readNotes(subject).then(
      (kept) => kept ?? known,
      () => known,
    )
    return notes
  }
  const change = (subject: string, changed: (before: Notes) => Notes): Promise<void> => {
    const write = lastWrite.then(async () => {
      const next = changed(await notesOf(subject))
      notes = next
      isBehind = true
      await vault.writeNotes(next)
      isBehind = false
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
      isBehind = false
    },
  }
}
