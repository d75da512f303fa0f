import type { MetadataPatch, QueuedPatch, UserMetadata } from '../../machines/account/types.ts'
import { toProblem } from '../../machines/errors.ts'
import { enqueuePatch, isRefused, startFirst, withoutSetback } from '../../machines/patches.ts'
import type { Notes } from '../vault/types.ts'

/** Changes of the notes. Each does nothing more when it is applied once more: nobody knows which write got through. */
type Change = (before: Notes) => Notes

const onQueue =
  (changed: (queue: readonly QueuedPatch[]) => readonly QueuedPatch[]): Change =>
  (notes) => ({ ...notes, pending: changed(notes.pending) })

export const add = (id: string, patch: MetadataPatch): Change =>
  onQueue((queue) => (queue.some((queued) => queued.id === id) ? queue : enqueuePatch(queue, { id, patch })))

/** What can be saved by one request is one change from now on, which nothing is merged into. */
export const start: Change = onQueue(startFirst)

export const empty: Change = onQueue(() => [])

/** Someone asks for another try of everything. */
export const forgetSetbacks: Change = onQueue((queue) => queue.map(withoutSetback))

/** The same for what was refused alone: what has to wait still has to. */
export const forgetRefusals: Change = onQueue((queue) =>
  queue.map((queued) => (isRefused(queued) ? withoutSetback(queued) : queued)),
)

/** `until`: epoch ms; absent: refused. */
export const setBack = (id: string | undefined, error: unknown, until?: number): Change =>
  onQueue((queue) =>
    queue.map((queued) =>
      queued.id === id
        ? { ...queued, setback: { problem: toProblem(error), ...(until === undefined ? {} : { until }) } }
        : queued,
    ),
  )

export const saved =
  (id: string | undefined, metadata: UserMetadata, saves: number): Change =>
  (notes) => ({ ...notes, metadata, saves, pending: notes.pending.filter((queued) => queued.id !== id) })

/** What was fetched counts only if nothing was saved since it was asked for. */
export const loaded =
  (metadata: UserMetadata, savesBefore: number): Change =>
  (notes) =>
    notes.saves === savesBefore ? { ...notes, metadata } : notes
