import type { EndReason } from '../../machines/facts.ts'
import type { Cabinet } from './cabinet.ts'
import type { LoginRecord, VaultConnection } from './database.ts'
import { keptVersion, readKeptEntry, readKeptNotes, type KeptEntry } from './kept.ts'
import type { CompareResult, EndMark, Notes, Stamp, Vault, VaultContent, VaultEntry } from './types.ts'

const emptyRecord: LoginRecord = { generation: null, revision: 0, end: null, kept: null }
const notesStamp: Stamp = { generation: 'notes', revision: 0 }

/** Any generation: a logout that did not know which login there was. */
const anyGeneration = '*'

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
  const markKey = `sessionchart.ended.${scope}`

  const readMark = (): EndMark | null => {
    try {
      return JSON.parse(marks?.getItem(markKey) ?? 'null') as EndMark | null
    } catch {
      return null
    }
  }
  const leaveMark = (mark: EndMark): void => {
    try {
      marks?.setItem(markKey, JSON.stringify(mark))
    } catch {
      // A full storage takes no mark; the database gets it next.
    }
  }
  const removeMark = (): void => {
    try {
      marks?.removeItem(markKey)
    } catch {
      // Then it stays, and names a generation that does not come back.
    }
  }

  /** The record as it counts: a login that is marked as ended is not there any more. */
  const counted = (record: LoginRecord | undefined): LoginRecord => {
    const known = record ?? emptyRecord
    const mark = readMark()
    if (known.generation === null || mark === null) return known
    if (mark.generation !== known.generation && mark.generation !== anyGeneration) return known
    return { ...emptyRecord, end: { generation: known.generation, reason: mark.reason } }
  }

  const contentOf = async (record: LoginRecord): Promise<VaultContent> => {
    if (record.generation === null) return { entry: null, end: record.end }
    const stamp: Stamp = { generation: record.generation, revision: record.revision }
    const entry = readKeptEntry(await cabinet.load('login', record.kept, stamp))
    return { entry, end: null }
  }

  /** Compares and changes in one transaction. `change` returns the new record. */
  const compareAndChange = async (expected: Stamp, change: () => LoginRecord): Promise<CompareResult> => {
    const moved = await connection.use(async (database) => {
      const transaction = database.transaction('logins', 'readwrite')
      const record = counted(await transaction.store.get(scope))
      const isExpected = record.generation === expected.generation && record.revision === expected.revision
      if (isExpected) await transaction.store.put(change(), scope)
      await transaction.done
      return isExpected ? null : record
    })
    return moved === null ? { outcome: 'done' } : { outcome: 'moved', content: await contentOf(moved) }
  }

  const recordOf = async (entry: VaultEntry): Promise<() => LoginRecord> => {
    const { generation, revision } = entry.facts
    const kept: KeptEntry = { version: keptVersion, facts: entry.facts, tokens: entry.tokens }
    const place = await cabinet.prepare('login', kept, { generation, revision })
    return () => ({ generation, revision, end: null, kept: place() })
  }

  const removeNotes = (): Promise<void> => connection.use((database) => database.delete('notes', scope))

  return {
    read: async () => contentOf(counted(await connection.use((database) => database.get('logins', scope)))),

    async begin(entry) {
      const record = await recordOf(entry)
      await connection.use(async (database) => {
        const transaction = database.transaction('logins', 'readwrite')
        await transaction.store.put(record(), scope)
        await transaction.done
      })
      removeMark()
    },

    replace: async (expected, entry) => compareAndChange(expected, await recordOf(entry)),

    async reject(expected, reason) {
      const result = await compareAndChange(expected, () => ({
        ...emptyRecord,
        end: { generation: expected.generation, reason },
      }))
      if (result.outcome === 'done') {
        cabinet.clear()
        await removeNotes()
      }
      return result
    },

    async end(generation: string | null, reason: EndReason) {
      leaveMark({ generation: generation ?? anyGeneration, reason })
      const isRemoved = await connection.use(async (database) => {
        const transaction = database.transaction('logins', 'readwrite')
        const record = (await transaction.store.get(scope)) ?? emptyRecord
        const isMeant = generation === null || record.generation === generation || record.generation === null
        if (isMeant) {
          const ended = record.generation ?? generation ?? record.end?.generation ?? ''
          await transaction.store.put({ ...emptyRecord, end: { generation: ended, reason } }, scope)
        }
        await transaction.done
        return isMeant
      })
      if (isRemoved) {
        cabinet.clear()
        await removeNotes()
      }
      removeMark()
    },

    async readNotes(subject): Promise<Notes | null> {
      const record = await connection.use((database) => database.get('notes', scope))
      if (record === undefined) return null
      const notes = readKeptNotes(await cabinet.load('notes', record.kept, notesStamp))
      return notes?.subject === subject ? notes : null
    },

    async writeNotes(notes) {
      const place = await cabinet.prepare('notes', notes, notesStamp)
      await connection.use(async (database) => {
        const transaction = database.transaction(['logins', 'notes'], 'readwrite')
        const record = counted(await transaction.objectStore('logins').get(scope))
        // After a logout nothing of the person is written any more.
        if (record.generation !== null) await transaction.objectStore('notes').put({ kept: place() }, scope)
        await transaction.done
      })
    },

    close: () => connection.close(),
  }
}
