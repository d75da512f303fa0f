import type { LoadedMetadata, MetadataPatch, QueuedPatch, SavedMetadata } from '../../machines/account/types.ts'
import { SessionError } from '../../machines/errors.ts'
import type { Clock } from '../../machines/facts.ts'
import type { TurnLocks } from '../browser/turns.ts'
import type { Notebook } from '../credentials/notebook.ts'
import type { AdapterTools, MetadataAdapter } from '../face.ts'
import * as queue from './queue.ts'

/** Metadata, and the queue of changes that all tabs of a login share in the vault. */
export interface Saving {
  load(tools: AdapterTools): Promise<LoadedMetadata>
  /**
   * Saves the first change when this tab has its turn. What another tab was told not to send is not sent by this one.
   * `signal`: gives up before it is sent; the one of `tools` cuts it off.
   */
  saveFirst(tools: AdapterTools, signal: AbortSignal): Promise<SavedMetadata>
  add(subject: string, patch: MetadataPatch): Promise<void>
  forgetSetbacks(subject: string): Promise<void>
  discard(subject: string): Promise<void>
}

interface SavingParts {
  readonly adapter: () => MetadataAdapter
  readonly notes: Pick<Notebook, 'read' | 'change'>
  readonly locks: TurnLocks
  readonly scope: string
  readonly clock: Clock
  readonly randomId: () => string
  /** Tells the other tabs to look. */
  readonly announce: () => void
}

/** An API that is not available is left alone by all tabs for this long at least, ms. */
const leastPause = 1_000

export function createSaving({ adapter, notes, locks, scope, clock, randomId, announce }: SavingParts): Saving {
  const change: typeof notes.change = async (subject, changed) => {
    const after = await notes.change(subject, changed)
    announce()
    return after
  }

  /** One tab at a time, the next one as soon as this one is done or gone. */
  const inTurn = <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
    locks.request(`sessionchart.metadata|${scope}`, { signal }, work)

  /** Is this an error after which the same change may be saved later, and if so, when at the earliest? */
  const setBack = async (subject: string, { id }: QueuedPatch, error: unknown): Promise<void> => {
    if (!(error instanceof SessionError)) return
    if (error.code === 'provider_unavailable')
      await change(subject, queue.setBack(id, error, clock.now() + Math.max(leastPause, error.retryAfter ?? 0)))
    if (error.code === 'metadata_refused' || error.code === 'metadata_invalid')
      await change(subject, queue.setBack(id, error))
  }

  return {
    async load(tools) {
      const { load } = adapter()
      const { subject } = tools
      const { saves, metadata: known } = await notes.read(subject)
      const { metadata, writable } = await load(tools)
      // Opening the app, or asking for fresh metadata, is another try for what was refused.
      const after = await change(subject, (before) => queue.loaded(metadata, saves)(queue.forgetRefusals(before)))
      return { metadata: after.metadata ?? metadata, known, writable, pending: after.pending }
    },

    saveFirst: (tools, signal) =>
      inTurn(signal, async () => {
        const { subject } = tools
        const { check, load, save } = adapter()
        const { metadata: known, saves, pending } = await notes.change(subject, queue.start)
        const [first] = pending
        if (first === undefined) return { metadata: known ?? (await load(tools)).metadata, pending }
        refuseTooEarly(first, clock.now())
        try {
          check?.(first.patch, known)
          signal.throwIfAborted()
          const { metadata, before } = await save(first.patch, tools)
          const after = await change(subject, queue.saved(first.id, metadata, saves + 1))
          return {
            metadata,
            patch: first.patch,
            known,
            pending: after.pending,
            ...(before === undefined ? {} : { before }),
          }
        } catch (error) {
          await setBack(subject, first, error)
          throw error
        }
      }),

    add: async (subject, patch) => void (await change(subject, queue.add(randomId(), patch))),
    forgetSetbacks: async (subject) => void (await change(subject, queue.forgetSetbacks)),
    discard: async (subject) => void (await change(subject, queue.empty)),
  }
}

/** Another tab, or this one before, was told to wait, or that the change is refused. */
function refuseTooEarly({ setback }: QueuedPatch, now: number): void {
  if (setback === undefined) return
  const { problem, until = Infinity } = setback
  if (until <= now) return
  const { code, message } = problem
  throw new SessionError(code, message, Number.isFinite(until) ? { retryAfter: until - now } : {})
}
