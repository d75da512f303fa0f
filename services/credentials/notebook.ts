import { noNotes, type Notes, type Vault } from '../vault/types.ts'

/**
 * What is kept beside the credentials, shared by the tabs of a login. Changes are functions, so that what another tab wrote
 * meanwhile is not lost: each is applied to what the vault holds by then. A failure here loses a convenience, never a session.
 */
export interface Notebook {
  /** Reads what is kept, of whoever it is. Never rejects. */
  look(): Promise<void>
  /** What is known to be kept of a person, with what this tab could not write yet. */
  of(subject: string): Notes
  /** Both. */
  read(subject: string): Promise<Notes>
  /** Resolves, once it is written or could not be, with what is known then. Never rejects. */
  change(subject: string, changed: Change): Promise<Notes>
  forget(): void
}

type Change = (before: Notes) => Notes

export function createNotebook(vault: Pick<Vault, 'readNotes' | 'changeNotes'>): Notebook {
  /** As the vault last told. */
  let known: Notes | null = null
  /** Counts the times at which it told that after a write, or was to be forgotten. */
  let writes = 0
  let unwritten: readonly { readonly subject: string; readonly changed: Change }[] = []
  let lastWrite: Promise<void> = Promise.resolve()

  const applied = (before: Notes, changes: typeof unwritten): Notes =>
    changes.reduce((notes, { subject, changed }) => (subject === notes.subject ? changed(notes) : notes), before)
  const view = (subject: string): Notes => applied(known?.subject === subject ? known : noNotes(subject), unwritten)

  const write = async (subject: string): Promise<void> => {
    // One that was written together with an earlier one is not there any more.
    const changes = unwritten.filter((change) => change.subject === subject)
    if (changes.length === 0) return
    const notes = await vault.changeNotes(subject, (before) => applied(before, changes))
    known = notes
    writes += 1
    unwritten = unwritten.filter((change) => !changes.includes(change))
  }

  const look = async (): Promise<void> => {
    const writesBefore = writes
    const kept = await vault.readNotes().catch(() => undefined)
    // What a write told in the meantime is newer than what was read.
    if (kept !== undefined && writes === writesBefore) known = kept
  }

  return {
    look,
    of: view,
    async read(subject) {
      await look()
      return view(subject)
    },
    async change(subject, changed) {
      unwritten = [...unwritten, { subject, changed }]
      lastWrite = lastWrite.then(() => write(subject)).catch(() => {})
      await lastWrite
      return view(subject)
    },
    forget() {
      known = null
      writes += 1
      unwritten = []
    },
  }
}
