import { SessionError, toProblem } from '../../machines/errors.ts'
import { isNewer, type CredentialFacts, type FoundSession } from '../../machines/facts.ts'
import type { Stamp, VaultContent, VaultEntry } from '../vault/types.ts'
import { factsOf, type TokenAnswer } from './facts.ts'
import { createNotebook } from './notebook.ts'
import type { Keeper, KeeperParts, Outcome, VaultNews } from './types.ts'

const stampOf = ({ generation, revision }: CredentialFacts): Stamp => ({ generation, revision })
const isSameWrite = (a: CredentialFacts, b: Stamp): boolean =>
  a.generation === b.generation && a.revision === b.revision

/** How often a look is repeated when this tab itself has changed things meanwhile. */
const mostLooks = 5

export function createKeeper({ vault, siblings, clock, policy, tab, randomId, lastActiveAt }: KeeperParts): Keeper {
  let current: VaultEntry | null = null
  let removed: VaultEntry | null = null
  /** Renewed credentials that the vault did not take yet, and the write that they follow there. */
  let unsaved: {
    readonly entry: VaultEntry
    readonly expected: Stamp
    readonly settle: () => void
    readonly settled: Promise<void>
  } | null = null
  /** The last login this tab knows of, so that it is told of once. */
  let knownGeneration: string | null = null
  const listeners = new Set<(news: VaultNews) => void>()
  const notebook = createNotebook(vault)
  const works = new Set<Promise<unknown>>()

  const track = <T>(work: Promise<T>): Promise<T> => {
    works.add(work)
    const settled = (): void => void works.delete(work)
    work.then(settled, settled)
    return work
  }
  const announce = (): void => siblings.announce({ kind: 'look' })
  const forgetUnsaved = (): void => {
    unsaved?.settle()
    unsaved = null
  }
  const take = (entry: VaultEntry): void => {
    current = entry
    knownGeneration = entry.facts.generation
  }
  const sessionOf = async ({ facts }: VaultEntry): Promise<FoundSession> => {
    const profile = await notebook.profileOf(facts.subject)
    const at = lastActiveAt()
    return { facts, profile, ...(at === undefined ? {} : { lastActiveAt: at }) }
  }

  /** What the vault's content means to someone who acts on `facts`. */
  const judge = (
    facts: CredentialFacts,
    { entry }: VaultContent,
  ): { readonly outcome: 'same' } | Outcome<'adopted' | 'discarded'> => {
    if (entry === null || entry.facts.generation !== facts.generation || entry.facts.revision < facts.revision) {
      forgetUnsaved()
      current = null
      return { outcome: 'discarded' }
    }
    take(entry)
    if (!isNewer(facts, entry.facts)) return { outcome: 'same' }
    forgetUnsaved()
    return { outcome: 'adopted', facts: entry.facts }
  }

  /** Tries to write what is only in memory. `null`: written. */
  const writeUnsaved = async (waiting: NonNullable<typeof unsaved>): Promise<VaultContent | null> => {
    const result = await vault.replace(waiting.expected, waiting.entry)
    if (unsaved === waiting) forgetUnsaved()
    if (result.outcome === 'moved') return result.content
    announce()
    return null
  }

  const renewedEntry = (facts: CredentialFacts, before: VaultEntry, answer: TokenAnswer): VaultEntry => {
    const refreshToken = answer.refreshToken ?? before.tokens.refreshToken
    const idToken = answer.idToken ?? before.tokens.idToken
    return {
      // What the answer leaves out stays as it was (RFC 6749 section 6, OpenID Connect Core 12.2).
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
        stamp: { generation: facts.generation, revision: facts.revision + 1 },
        writtenBy: tab,
        before: facts,
        clock,
        policy,
      }),
    }
  }

  return {
    current: () => current,

    async open() {
      try {
        const { entry, end } = await vault.read()
        if (entry === null) {
          // A tab that keeps renewed credentials in memory is in the middle of writing them.
          current = null
          return { session: null, end }
        }
        if (unsaved === null || unsaved.entry.facts.generation !== entry.facts.generation) take(entry)
        return { session: await sessionOf(current ?? entry), end: null }
      } catch (error) {
        if (!(error instanceof SessionError) || error.code !== 'vault_unreadable') throw error
        await vault.end(null, 'storage_lost')
        return { session: null, end: { generation: '', reason: 'storage_lost' }, problem: toProblem(error) }
      }
    },

    async begin({ answer, subject, scope, ceilingAt, profile }) {
      const entry: VaultEntry = {
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
          stamp: { generation: randomId(), revision: 1 },
          writtenBy: tab,
          before: null,
          clock,
          policy,
        }),
      }
      await track(vault.begin(entry))
      forgetUnsaved()
      take(entry)
      announce()
      if (profile !== null) await track(notebook.noteProfile(profile))
      return { facts: entry.facts, profile }
    },

    async recheck(facts) {
      const waiting = unsaved
      if (waiting === null || waiting.entry.facts.generation !== facts.generation)
        return judge(facts, await vault.read())
      if (isNewer(facts, waiting.entry.facts)) {
        const moved = await writeUnsaved(waiting)
        return moved === null ? { outcome: 'adopted', facts: waiting.entry.facts } : judge(facts, moved)
      }
      const content = await vault.read()
      const isUntouched = content.entry !== null && isSameWrite(content.entry.facts, waiting.expected)
      return isUntouched ? { outcome: 'same' } : judge(facts, content)
    },

    async commit(facts, answer) {
      const before = current
      if (before === null || !isSameWrite(before.facts, stampOf(facts))) return { outcome: 'discarded' }
      const expected = unsaved === null ? stampOf(facts) : unsaved.expected
      const entry = renewedEntry(facts, before, answer)
      try {
        const result = await track(vault.replace(expected, entry))
        if (result.outcome === 'moved') return { outcome: 'discarded' }
        forgetUnsaved()
        // A logout or another login may have come in between; then the vault was marked after this write.
        if (current === before) take(entry)
        announce()
        return { outcome: 'renewed', facts: entry.facts }
      } catch {
        if (current !== before) return { outcome: 'discarded' }
        forgetUnsaved()
        let settle = (): void => {}
        const settled = new Promise<void>((resolve) => (settle = resolve))
        unsaved = { entry, expected, settle, settled }
        take(entry)
        return { outcome: 'unsaved', facts: entry.facts }
      }
    },

    async save(facts) {
      const waiting = unsaved
      if (waiting === null)
        return current === null ? { outcome: 'discarded' } : { outcome: 'stored', facts: current.facts }
      const moved = await track(writeUnsaved(waiting))
      return moved === null && isSameWrite(waiting.entry.facts, stampOf(facts))
        ? { outcome: 'stored', facts: waiting.entry.facts }
        : { outcome: 'discarded' }
    },

    untilSaved: () => unsaved?.settled ?? Promise.resolve(),

    async confirm(facts, problem) {
      const expected =
        unsaved !== null && isSameWrite(unsaved.entry.facts, stampOf(facts)) ? unsaved.expected : stampOf(facts)
      const result = await track(vault.reject(expected, 'revoked'))
      if (result.outcome === 'done') {
        forgetUnsaved()
        notebook.forget()
        current = null
        announce()
        return { outcome: 'rejected', problem }
      }
      const judged = judge(facts, result.content)
      return judged.outcome === 'adopted' ? judged : { outcome: 'discarded' }
    },

    async end(generation, reason) {
      removed = current
      current = null
      forgetUnsaved()
      notebook.forget()
      const ending = track(vault.end(generation, reason))
      // Told twice: at once, for a page that is closing right now, and when everything is removed.
      announce()
      await ending
      announce()
    },

    takeRemoved() {
      const taken = removed
      removed = null
      return taken
    },

    async look() {
      for (let looks = 0; looks < mostLooks; looks += 1) {
        const before = current
        const content = await vault.read().catch(() => null)
        // Not readable just now: whoever needs it next reads again.
        if (content === null) return
        if (current !== before) continue
        const news = await newsOf(before, content)
        if (news !== null) for (const listener of listeners) listener(news)
        return
      }
    },

    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    noteProfile: (profile) => track(notebook.noteProfile(profile)),
    notePending: (subject, pending) => track(notebook.notePending(subject, pending)),
    readPending: (subject) => notebook.pendingOf(subject),

    async drain() {
      while (works.size > 0) await Promise.allSettled(works)
    },
    close() {
      forgetUnsaved()
      current = null
      removed = null
      listeners.clear()
      vault.close()
    },
  }

  /** Takes over what another tab wrote, and says what is new about it. Another person's credentials are never taken over. */
  async function newsOf(before: VaultEntry | null, { entry, end }: VaultContent): Promise<VaultNews | null> {
    if (entry === null) {
      if (before === null) return null
      const { generation } = before.facts
      forgetUnsaved()
      current = null
      return { type: 'sibling.ended', generation, reason: end?.generation === generation ? end.reason : 'storage_lost' }
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
    return { type: 'sibling.loggedIn', ...(await sessionOf(entry)) }
  }
}
