import { fromPromise } from 'xstate'
import type { AccountPortInput, accountPorts } from '../../machines/account/ports.ts'
import type { AccountEvent, MetadataPatch } from '../../machines/account/types.ts'
import { SessionError } from '../../machines/errors.ts'
import { all, onOnline, onResumed } from '../browser/conditions.ts'
import type { AdapterTools } from '../face.ts'
import { createSaving, type Saving } from '../metadata/saving.ts'
import type { Services } from '../services.ts'
import type { Implements } from './implements.ts'
import { fromListener } from './listener.ts'

function savingOf({ settings, keeper, locks, scope, platform, siblings }: Services): Saving {
  return createSaving({
    adapter: () => {
      if (settings.metadata !== undefined) return settings.metadata
      throw new SessionError(
        'metadata_not_provided',
        'This session has no metadata adapter. Give one to createSession, e.g. metadata: auth0UserMetadata({ domain }).',
      )
    },
    notes: keeper.notes,
    locks,
    scope,
    clock: platform.clock,
    randomId: platform.randomId,
    announce: () => siblings.announce({ kind: 'notes' }),
  })
}

/** `account`'s ports on the real services. */
export function accountActors(services: Services): Implements<typeof accountPorts> {
  const { provider, keeper, platform, siblings, fetchWithToken, isDisposing } = services
  const saving = savingOf(services)

  const toolsOf = (subject: string, signal: AbortSignal): AdapterTools => ({
    subject,
    signal,
    clock: platform.clock,
    fetch: fetchWithToken,
    loadClaims: () => provider.loadClaims(subject, keeper.current()?.tokens.idToken, signal),
  })

  return {
    watchConditions: fromListener<AccountEvent, AccountPortInput>(({ input: { subject }, sendBack }) => {
      let isOver = false
      const look = async (): Promise<void> => {
        const { pending, metadata } = await keeper.notes.read(subject)
        if (!isOver) sendBack({ type: 'notes.changed', pending, metadata })
      }
      void look()
      const stop = all([
        onOnline(platform, () => sendBack({ type: 'network.online' })),
        siblings.listen(({ kind }) => void (kind === 'notes' && look())),
        onResumed(platform, () => {
          sendBack({ type: 'page.resumed' })
          // A tab that slept, or missed a message, finds out when it is shown.
          void look()
        }),
      ])
      return () => {
        isOver = true
        stop()
      }
    }),

    loadProfile: fromPromise(async ({ input: { subject }, signal }) => {
      const profile = await provider.loadProfile(subject, signal)
      await keeper.notes.change(subject, (notes) => ({ ...notes, profile }))
      return profile
    }),
    loadMetadata: fromPromise(({ input: { subject }, signal }) => saving.load(toolsOf(subject, signal))),
    saveMetadata: fromPromise(({ input: { subject }, signal }) => {
      // A change that was sent is not cut off by a page that lets go of the session: cut, it would be sent once more.
      const cut = new AbortController()
      signal.addEventListener('abort', () => {
        if (!isDisposing()) cut.abort()
      })
      const work = saving.saveFirst(toolsOf(subject, cut.signal), signal)
      keeper.hold(work)
      return work
    }),
    discardPatches: fromPromise(({ input: { subject } }) => saving.discard(subject)),
  }
}

/** `account`'s actions on the real services; nothing waits for them. */
export function accountActions(services: Services) {
  const saving = savingOf(services)
  return {
    keepPatch: ({ subject, patch }: { readonly subject: string; readonly patch: MetadataPatch }) =>
      void saving.add(subject, patch),
    forgetSetbacks: ({ subject }: { readonly subject: string }) => void saving.forgetSetbacks(subject),
  }
}
