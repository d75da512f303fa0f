import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react'
import { useSessionFact } from '../../react/index.ts'
import type { FactOfType } from '../../../services/index.ts'
import { emptyDraft, type Draft } from './draft.ts'

interface Kept {
  /** Whose it is. */
  readonly subject: string
  readonly draft: Draft
}

interface Desk {
  readonly kept: Kept
  update(subject: string, next: (draft: Draft) => Draft): void
}

const nothing: Kept = { subject: '', draft: emptyDraft }

const draftOf = (kept: Kept, subject: string): Draft => (kept.subject === subject ? kept.draft : emptyDraft)

const DeskContext = createContext<Desk | null>(null)

/**
 * Keeps what is typed while screens come and go: a session that is looked up again, or ends and is logged in to again by
 * the same person, loses nothing. Whoever logs out takes it along.
 */
export function DraftKeeper({ children }: { readonly children: ReactNode }) {
  const [kept, setKept] = useState(nothing)
  const update = useCallback((subject: string, next: (draft: Draft) => Draft) => {
    setKept((current) => ({ subject, draft: next(draftOf(current, subject)) }))
  }, [])
  const forget = useCallback(({ reason }: FactOfType<'session.ended'>) => {
    if (reason === 'logout') setKept(nothing)
  }, [])
  useSessionFact('session.ended', forget)
  const desk = useMemo(() => ({ kept, update }), [kept, update])
  return <DeskContext value={desk}>{children}</DeskContext>
}

/** What this person typed and did not save yet, and a way to change it. */
export function useDraft(subject: string): readonly [Draft, (next: (draft: Draft) => Draft) => void] {
  const desk = useContext(DeskContext)
  if (desk === null) throw new Error('This part belongs inside <DraftKeeper>.')
  const { kept, update } = desk
  const change = useCallback((next: (draft: Draft) => Draft) => update(subject, next), [update, subject])
  return [draftOf(kept, subject), change]
}
