import { SessionError, toProblem } from '../../machines/errors.ts'
import { isNewer, type CredentialFacts, type EndReason, type FoundSession } from '../../machines/facts.ts'
import { reasonOfVerdict } from '../../machines/verdicts.ts'
import { isHeld, isSameWrite, stampOf } from '../vault/stamp.ts'
import type { EndMark, Stamp, VaultContent, VaultEntry } from '../vault/types.ts'
import { createAudience } from './audience.ts'
import { newEntry, renewedEntry, unsavedEntry } from './entries.ts'
import { createNotebook } from './notebook.ts'
import { readFresh } from './reading.ts'
import { createRemoval } from './removal.ts'
import { createWorks } from './works.ts'
import { readOrRepair } from './repair.ts'
import type { Keeper, KeeperParts, Opened, Outcome, Unsaved, VaultNews } from './types.ts'

/** How often a look is repeated when this tab itself has changed things meanwhile. */
const mostLooks = 5

export function createKeeper({ vault, siblings, clock, policy, tab, randomId, lastActiveAt }: KeeperParts): Keeper {
  let current: VaultEntry | null = null
  /** Renewed credentials that the vault did not take yet, and the write that they follow there. */
  let unsaved: Unsaved | null = null
  /** Ends of this tab, so that a login which was being written meanwhile goes with them. */
  let ends = 0
  let lastEnd: EndReason = 'logout'
  /** The last login this tab knows of, so that it is told of once. */
  let knownGeneration: string | null = null
  const audience = createAudience<VaultNews>()
  const notebook = createNotebook(vault)
  const removal = createRemoval()
  const works = createWorks()
  const { track } = works

  const announce = (): void => siblings.announce({ kind: 'look' })
  const forgetUnsaved = (): void => {
    unsaved?.settle()
    unsaved = null
  }
  const letGo = (): void => {
    forgetUnsaved()
    current = null
  }
  const take = (entry: VaultEntry): void => {
    current = entry
    knownGeneration = entry.facts.generation
  }
  const sessionOf = async ({ facts }: VaultEntry, looking = notebook.look()): Promise<FoundSession> => {
    await looking
    const at = lastActiveAt()
    return { facts, profile: notebook.of(facts.subject).profile, ...(at === undefined ? {} : { lastActiveAt: at }) }
  }

  /** What the vault's content means to someone who acts on `facts`. */
  const judge = (
    facts: CredentialFacts,
    { entry }: VaultContent,
  ): { readonly outcome: 'same' } | Outcome<'adopted' | 'discarded'> => {
    if (entry === null || entry.facts.generation !== facts.generation || entry.facts.revision < facts.revision) {
      letGo()
      return { outcome: 'discarded' }
    }
    take(entry)
    if (!isNewer(facts, entry.facts)) return { outcome: 'same' }
    forgetUnsaved()
    return { outcome: 'adopted', facts: entry.facts }
  }
  /** After an end of this tab's, or when nobody waits for it any more, what was read counts no more. */
  const judgeWhenRead = async (facts: CredentialFacts, reading: Promise<VaultContent>, signal: AbortSignal) => {
    const endsBefore = ends
    const content = await reading
    return ends === endsBefore && !signal.aborted ? judge(facts, content) : { outcome: 'discarded' as const }
  }
  const isCurrent = (stamp: Stamp): boolean => current !== null && isSameWrite(current.facts, stamp)
  /** The write that the vault holds where this tab acts on `facts`. */
  const expectedFor = (facts: CredentialFacts): Stamp =>
    unsaved !== null && isSameWrite(unsaved.entry.facts, facts) ? unsaved.expected : stampOf(facts)

  /** Tries to write what is only in memory. `null`: written. */
  const writeUnsaved = async (waiting: Unsaved): Promise<VaultContent | null> => {
    const result = await track(vault.replace(waiting.expected, waiting.entry))
    if (unsaved === waiting) forgetUnsaved()
    // An earlier try may have gone through although nobody waited for it any more.
    if (result.outcome !== 'done' && !isHeld(waiting.entry.facts, result.content)) return result.content
    announce()
    return null
  }

  /** One more try, for whoever is about to read. */
  const trySaving = async (): Promise<void> => {
    if (unsaved !== null) await writeUnsaved(unsaved).catch(() => {})
  }

  /** The chart does not hear of what was read any more: then it is not taken, and a later look tells of it. */
  const givenUp = (before: VaultEntry | null): Opened => {
    // What was taken meanwhile is what the chart acts on now.
    if (current === before) [current, knownGeneration] = [null, null]
    return { session: null, end: null }
  }

  const keeper: Keeper = {
    current: () => current,

    async open(signal) {
      const before = current
      await trySaving()
      try {
        // Both at once: whoever comes back waits for both.
        const looking = notebook.look()
        const { entry, end } = await vault.read()
        // A write that still does not go through belongs to this entry, or to none.
        const kept = unsaved !== null && isHeld(unsaved.expected, { entry, end }) ? unsaved.entry : entry
        const session = kept === null ? null : await sessionOf(kept, looking)
        if (signal.aborted) return givenUp(before)
        if (kept === entry) forgetUnsaved()
        if (kept === null) current = null
        else take(kept)
        return { session, end }
      } catch (error) {
        if (!(error instanceof SessionError) || error.code !== 'vault_unreadable') throw error
        await track(vault.putAside())
        return { session: null, end: { generation: '', reason: 'storage_lost' }, problem: toProblem(error) }
      }
    },

    async begin(login) {
      const entry = newEntry(login, randomId(), { clock, policy, tab })
      const endsBefore = ends
      const unkept = await track(vault.begin(entry, () => ends === endsBefore))
      if (ends !== endsBefore) {
        await track(vault.end(entry.facts.generation, lastEnd))
        throw new SessionError('aborted', 'The session was ended while this login was being written; it went with it.')
      }
      forgetUnsaved()
      take(entry)
      announce()
      const { profile } = login
      if (profile !== null) await keeper.notes.change(profile.sub, (notes) => ({ ...notes, profile }))
      // Overtaken meanwhile, and told of it while this login was not known yet: it is told once more, after this one. A mark would be
      // found at once, before the chart has heard of the login; reading comes back later.
      if (ends === endsBefore && !isCurrent(entry.facts)) {
        take(entry)
        const reading = vault.read().catch(() => null)
        void reading.then(() => keeper.look())
      }
      return {
        facts: entry.facts,
        profile: login.profile,
        ...(unkept === null ? {} : { problem: toProblem(unkept) }),
      }
    },

    async recheck(facts, signal) {
      const waiting = unsaved
      if (waiting !== null && isNewer(facts, waiting.entry.facts)) {
        const moved = await writeUnsaved(waiting)
        return moved === null ? { outcome: 'adopted', facts: waiting.entry.facts } : judge(facts, moved)
      }
      const expected = expectedFor(facts)
      const known = isCurrent(facts) ? current : null
      const read = () => readOrRepair(vault.read, known, (entry) => track(vault.replace(expected, entry)))
      const reading = readFresh(read, clock, signal)
      // The vault still holds the write before the one that is only in memory: that one is as good as there.
      const isUntouched =
        waiting !== null && isSameWrite(waiting.entry.facts, facts) && isHeld(waiting.expected, await reading)
      return isUntouched ? { outcome: 'same' } : judgeWhenRead(facts, reading, signal)
    },

    async commit(facts, answer, before = current) {
      if (before === null || !isSameWrite(before.facts, facts)) return { outcome: 'discarded' }
      const expected = expectedFor(facts)
      const entry = renewedEntry(facts, before, answer, { clock, policy, tab })
      try {
        const result = await track(vault.replace(expected, entry))
        if (result.outcome === 'moved') return { outcome: 'discarded' }
      } catch {
        // A logout or another login may have come in between; the answer then has nowhere to go.
        if (!isCurrent(facts)) return { outcome: 'discarded' }
        forgetUnsaved()
        unsaved = unsavedEntry(entry, expected)
        take(entry)
        return { outcome: 'unsaved', facts: entry.facts }
      }
      if (isCurrent(facts)) {
        forgetUnsaved()
        take(entry)
      }
      announce()
      return { outcome: 'renewed', facts: entry.facts }
    },

    async save(facts) {
      const waiting = unsaved
      if (waiting === null)
        return current === null ? { outcome: 'discarded' } : { outcome: 'stored', facts: current.facts }
      const moved = await writeUnsaved(waiting)
      return moved === null && isSameWrite(waiting.entry.facts, facts)
        ? { outcome: 'stored', facts: waiting.entry.facts }
        : { outcome: 'discarded' }
    },

    untilSaved: () => unsaved?.settled ?? Promise.resolve(),

    async confirm(facts, problem, signal) {
      const endsBefore = ends
      const result = await track(vault.reject(expectedFor(facts), reasonOfVerdict(problem)))
      if (result.outcome === 'done') announce()
      // Nobody waits for it any more: it is heard of as if another tab had done it.
      if (signal.aborted) void keeper.look()
      if (ends !== endsBefore || signal.aborted) return { outcome: 'discarded' }
      if (result.outcome === 'done') {
        letGo()
        notebook.forget()
        return { outcome: 'rejected', problem }
      }
      const judged = judge(facts, result.content)
      return judged.outcome === 'adopted' ? judged : { outcome: 'discarded' }
    },

    async end(generation, reason) {
      ends += 1
      lastEnd = reason
      const isMeant = current !== null && (generation ?? current.facts.generation) === current.facts.generation
      const finish = removal.begin(isMeant ? current : null)
      letGo()
      notebook.forget()
      const ending = track(vault.end(generation, reason))
      // Told twice: at once, for a page that is closing right now, and when everything is removed.
      announce()
      finish(await ending)
      announce()
    },
    removal,

    async look() {
      // Comes first: a mark can be read when the database does not answer.
      const mark = current && vault.markOn(current.facts.generation)
      if (mark !== null) return keeper.tell(endOf(mark.generation, mark))
      await trySaving()
      for (let looks = 0; looks < mostLooks; looks += 1) {
        const before = current
        // Not readable just now: whoever needs it next reads again.
        const content = await vault.read().catch(() => null)
        if (content === null) return
        // Everything that takes time comes before the comparison: nothing lies between taking over and telling.
        const session = content.entry === null ? null : await sessionOf(content.entry)
        if (current !== before) continue
        const news = newsOf(before, content, session)
        if (news !== null) keeper.tell(news)
        return
      }
    },

    tell: audience.tell,
    listen: audience.listen,

    notes: { read: notebook.read, change: (subject, changed) => track(notebook.change(subject, changed)) },

    hold: (work) => void track(work).catch(() => {}),

    async drain() {
      await works.settled()
      await trySaving()
    },
    close() {
      letGo()
      removal.forget()
      audience.clear()
      vault.close()
    },
  }
  return keeper

  function endOf(generation: string, end: EndMark | null): VaultNews {
    letGo()
    return { type: 'sibling.ended', generation, reason: end?.reason ?? 'storage_lost' }
  }

  /** Takes over what another tab wrote, and says what is new about it. Another person's credentials are never taken over. */
  function newsOf(
    before: VaultEntry | null,
    { entry, end }: VaultContent,
    session: FoundSession | null,
  ): VaultNews | null {
    if (entry === null || session === null) {
      // Whatever ended last: a login that had taken our place may have ended as well.
      return before === null ? null : endOf(before.facts.generation, end)
    }
    if (before !== null && before.facts.generation === entry.facts.generation) {
      if (!isNewer(before.facts, entry.facts)) return null
      forgetUnsaved()
      take(entry)
      return { type: 'sibling.renewed', facts: entry.facts }
    }
    if (entry.facts.generation === knownGeneration) return null
    forgetUnsaved()
    if (before !== null && before.facts.subject === entry.facts.subject) take(entry)
    else current = null
    knownGeneration = entry.facts.generation
    return { type: 'sibling.loggedIn', ...session }
  }
}
