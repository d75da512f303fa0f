import { SessionError } from '../../machines/errors.ts'
import type { EndReason } from '../../machines/facts.ts'
import { unreadable, type Cabinet } from './cabinet.ts'
import { change, type LoginRecord, type VaultConnection, type VaultTransaction } from './database.ts'
import { keptVersion, readKeptEntry, readKeptNotes, type KeptEntry } from './kept.ts'
import { createMarks, type LeftMark } from './marks.ts'
import { isSameWrite } from './stamp.ts'
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

const emptyRecord: LoginRecord = { generation: null, revision: 0, end: null, kept: null }
const notesGeneration = 'notes'
const notesStamp = (revision: number): Stamp => ({ generation: notesGeneration, revision })
/** Anything may lie in a database. */
const revisionOf = (record: { readonly revision?: number } | undefined): number =>
  typeof record?.revision === 'number' ? record.revision : 0
/** How often a change of the notes is tried: each failure is the success of another tab. */
const mostRounds = 50

interface SharedVaultParts {
  readonly connection: VaultConnection
  readonly cabinet: Cabinet
  /** Kind, issuer and client: one vault each. */
  readonly scope: string
  /** Where a mark can be left synchronously; `null`: nowhere. */
  readonly marks: Storage | null
}

/** A vault that tabs share: the database says what is valid, in one transaction each; the cabinet holds the contents. */
export function createSharedVault({ connection, cabinet, scope, marks }: SharedVaultParts): Vault {
  const endings = createMarks(marks, scope)

  /** The record as it counts: a login that is marked as ended is not there any more. */
  const counted = (record: LoginRecord | undefined): LoginRecord => {
    const known = record ?? emptyRecord
    if (known.generation === null) return known
    const mark = endings.on(known.generation)
    return mark === null ? known : { ...emptyRecord, end: mark }
  }
  const readRecord = async (): Promise<LoginRecord> =>
    counted(await connection.use((database) => database.get('logins', scope)))

  const load = async (record: LoginRecord): Promise<VaultContent> => {
    if (record.generation === null) return { entry: null, end: record.end }
    const stamp: Stamp = { generation: record.generation, revision: record.revision }
    const entry = readKeptEntry(await cabinet.load('login', record.kept, stamp))
    // Contents of another write, put in the place of this one: nothing that compares stamps would ever come to an end.
    if (!isSameWrite(entry.facts, stamp)) throw unreadable('it belongs to another write')
    return { entry, end: null }
  }
  /** Between the record and its contents another tab may have written: then its write is the one to read. */
  const contentOf = async (record: LoginRecord): Promise<VaultContent> => {
    try {
      return await load(record)
    } catch (error) {
      const now = await readRecord()
      if (now.generation === record.generation && now.revision === record.revision) throw error
      return load(now)
    }
  }

  const recordOf = async (entry: VaultEntry): Promise<Prepared> => {
    const { generation, revision } = entry.facts
    const kept: KeptEntry = { version: keptVersion, facts: entry.facts, tokens: entry.tokens }
    const { put, takeBack } = await cabinet.prepare('login', kept, { generation, revision })
    return { record: () => ({ generation, revision, end: null, kept: put() }), takeBack }
  }

  /** Compares and changes in one transaction. `null`: done; otherwise what was found instead. */
  const changeIf = async (expected: Stamp, { record, takeBack }: Prepared): Promise<LoginRecord | null> => {
    let displaced = nothing
    const moved = await connection
      .use((database) =>
        change(database, ['logins', 'notes'], async (transaction) => {
          const found = counted(await transaction.objectStore('logins').get(scope))
          if (!isStamped(found, expected)) return found
          displaced = await put(transaction, record())
          return null
        }),
      )
      .catch(async (error: unknown) => {
        await takeBack()
        throw error
      })
    await (moved === null ? release(displaced) : takeBack())
    return moved
  }
  const compareAndChange = async (expected: Stamp, prepared: Prepared): Promise<CompareResult> => {
    const moved = await changeIf(expected, prepared)
    return moved === null ? { outcome: 'done' } : { outcome: 'moved', content: await contentOf(moved) }
  }

  /** With a login goes everything that was kept beside it, in the same transaction: what another login brings is not touched. */
  const put = async (transaction: VaultTransaction<'logins' | 'notes'>, record: LoginRecord): Promise<Displaced> => {
    const logins = transaction.objectStore('logins')
    const before = await logins.get(scope)
    await logins.put(record, scope)
    const generations = before?.generation === record.generation ? [] : [before?.generation]
    if (record.generation !== null) return { kept: [before?.kept], generations }
    cabinet.clear(null)
    const notes = transaction.objectStore('notes')
    const beside = await notes.get(scope)
    await notes.delete(scope)
    return { kept: [before?.kept, beside?.kept], generations: [...generations, notesGeneration] }
  }
  const release = async ({ kept, generations }: Displaced): Promise<void> =>
    cabinet.release?.(
      kept,
      generations.filter((generation) => typeof generation === 'string'),
    )

  /** Ends what the record holds, if it is this generation or none is named. `null`: another login is there, and stays. */
  const removeRecord = async (
    generation: string | null,
    reason: EndReason,
    mark?: LeftMark,
  ): Promise<Pick<LoginRecord, 'generation' | 'revision'> | null> => {
    let removed: LoginRecord | null = null
    const displaced = await connection.use((database) =>
      change(database, ['logins', 'notes'], async (transaction) => {
        // Whoever logged in after the mark was left did not mean to be logged out by it.
        if (generation === null && mark?.wasLifted() === true) return nothing
        const record = (await transaction.objectStore('logins').get(scope)) ?? emptyRecord
        const isMeant = generation === null || record.generation === generation || record.generation === null
        if (!isMeant) return nothing
        removed = record
        const ended = record.generation ?? generation ?? record.end?.generation ?? ''
        return put(transaction, { ...emptyRecord, end: { generation: ended, reason } })
      }),
    )
    await release(displaced)
    return removed
  }
  /** What an end is about to remove, although it is marked already. */
  const readMarked = async (): Promise<VaultEntry | null> => {
    const record = await connection.use((database) => database.get('logins', scope))
    return (await load(record ?? emptyRecord)).entry
  }

  /** What lies there, with the revision to compare with. What makes no sense is as if it were not there. */
  const notesNow = async (): Promise<{ readonly notes: Notes | null; readonly revision: number }> => {
    const record = await connection.use((database) => database.get('notes', scope))
    const revision = revisionOf(record)
    if (record === undefined) return { notes: null, revision }
    try {
      return { notes: readKeptNotes(await cabinet.load('notes', record.kept, notesStamp(revision))), revision }
    } catch (error) {
      if (!(error instanceof SessionError) || error.code !== 'vault_unreadable') throw error
      // Between the record and its contents another tab may have written.
      const now = await connection.use((database) => database.get('notes', scope))
      return revisionOf(now) === revision ? { notes: null, revision } : notesNow()
    }
  }
  /** False: another login or another write has come in between. */
  const writeNotes = async (notes: Notes, generation: string, revision: number): Promise<boolean> => {
    const next = revision + 1
    const { put: place, takeBack } = await cabinet.prepare('notes', notes, notesStamp(next))
    const displaced = await connection
      .use((database) =>
        change(database, ['logins', 'notes'], async (transaction) => {
          const login = counted(await transaction.objectStore('logins').get(scope))
          const rows = transaction.objectStore('notes')
          const found = await rows.get(scope)
          if (login.generation !== generation || revisionOf(found) !== revision) return null
          await rows.put({ kept: place(), revision: next }, scope)
          return { kept: [found?.kept], generations: [] }
        }),
      )
      .catch(async (error: unknown) => {
        await takeBack()
        throw error
      })
    await (displaced === null ? takeBack() : release(displaced))
    return displaced !== null
  }

  return {
    warm: () => connection.warm(),

    async read() {
      cabinet.ready?.()
      const record = await connection.use((database) => database.get('logins', scope))
      const mark = typeof record?.generation === 'string' ? endings.on(record.generation) : null
      if (mark === null) return contentOf(record ?? emptyRecord)
      // Whoever left the mark was closed, or failed, before everything was removed.
      await removeRecord(mark.generation, mark.reason).catch(() => {})
      return { entry: null, end: mark }
    },

    async begin(entry, isWanted = () => true) {
      const { record, takeBack } = await recordOf(entry)
      let putBack = (): void => {}
      const displaced = await connection
        .use((database) =>
          change(database, ['logins', 'notes'], async (transaction) => {
            if (!isWanted()) return null
            const before = await put(transaction, record())
            // A mark without a generation would end this login as well.
            putBack = endings.lift()
            return before
          }),
        )
        .catch(async (error: unknown) => {
          putBack()
          await takeBack()
          throw error
        })
      await (displaced === null ? takeBack() : release(displaced))
      return null
    },

    replace: async (expected, entry) => compareAndChange(expected, await recordOf(entry)),

    reject(expected, reason) {
      const end: EndMark = { generation: expected.generation, reason }
      return compareAndChange(expected, ended(end))
    },

    async end(generation: string | null, reason: EndReason) {
      const mark = endings.leave(generation, { reason })
      const before = await readMarked().catch(() => null)
      let removed: Awaited<ReturnType<typeof removeRecord>>
      try {
        removed = await removeRecord(generation, reason, mark)
      } catch (error) {
        // What can be removed is removed; for the rest there is the mark.
        cabinet.clear(generation)
        throw error
      }
      mark.remove()
      const isRead = before !== null && removed !== null && isStamped(removed, before.facts)
      return { removed: isRead ? before : null, isReplaced: removed === null }
    },

    markOn: endings.on,

    async putAside() {
      const record = await readRecord()
      try {
        await load(record)
      } catch {
        // Anything may lie in there, a record without a stamp too; it is compared as it is.
        const stamp: Stamp = { generation: record.generation as string, revision: record.revision }
        await changeIf(stamp, ended({ generation: stamp.generation, reason: 'storage_lost' }))
      }
    },

    readNotes: async () => (await notesNow()).notes,

    async changeNotes(subject, changed) {
      for (let round = 0; round < mostRounds; round += 1) {
        const { entry } = await contentOf(await readRecord())
        // After a logout nothing of the person is written any more, and nothing of one person beside the login of another.
        if (entry?.facts.subject !== subject) return null
        const { notes, revision } = await notesNow()
        const next = changed(notes?.subject === subject ? notes : noNotes(subject))
        if (await writeNotes(next, entry.facts.generation, revision)) return next
      }
      throw new SessionError('vault_unavailable', 'Other tabs change what is kept here without a pause.')
    },

    close: () => connection.close(),
  }
}

interface Prepared {
  record(): LoginRecord
  takeBack(): void | Promise<void>
}

/** What no record names any more, and logins of which nothing is left. */
interface Displaced {
  readonly kept: readonly unknown[]
  readonly generations: readonly unknown[]
}

const nothing: Displaced = { kept: [], generations: [] }

const ended = (end: EndMark): Prepared => ({ record: () => ({ ...emptyRecord, end }), takeBack: () => {} })

const isStamped = (record: Pick<LoginRecord, 'generation' | 'revision'>, { generation, revision }: Stamp): boolean =>
  record.generation === generation && record.revision === revision
