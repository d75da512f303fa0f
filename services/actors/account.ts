import { fromCallback, fromPromise } from 'xstate'
import type { AccountPortInput, accountPorts } from '../../machines/account/ports.ts'
import type { AccountEvent } from '../../machines/account/types.ts'
import { SessionError } from '../../machines/errors.ts'
import { all, onOnline, onResumed } from '../browser/conditions.ts'
import type { Services } from '../services.ts'
import type { Implements } from './implements.ts'

/** `account`'s ports on the real services. */
export function accountActors(services: Services): Implements<typeof accountPorts> {
  const { provider, keeper, platform, settings, fetchWithToken } = services
  const adapter = () => {
    if (settings.metadata !== undefined) return settings.metadata
    throw new SessionError(
      'metadata_not_provided',
      'This session has no metadata adapter. Give one to createSession, e.g. metadata: auth0UserMetadata({ domain }).',
    )
  }
  return {
    watchConditions: fromCallback<AccountEvent, AccountPortInput>(({ sendBack }) =>
      all([
        onOnline(platform, () => sendBack({ type: 'network.online' })),
        onResumed(platform, () => sendBack({ type: 'page.resumed' })),
      ]),
    ),

    loadProfile: fromPromise(async ({ input: { subject }, signal }) => {
      const profile = await provider.loadProfile(subject, signal)
      await keeper.noteProfile(profile)
      return profile
    }),
    loadMetadata: fromPromise(async ({ input: { subject }, signal }) => {
      const { metadata, writable } = await adapter().load({ subject, signal, fetch: fetchWithToken })
      return { metadata, writable, pending: await keeper.readPending(subject) }
    }),
    saveMetadata: fromPromise(({ input: { subject, patch }, signal }) => {
      const { check, save } = adapter()
      check?.(patch)
      return save(patch, { subject, signal, fetch: fetchWithToken })
    }),
    discardPatches: fromPromise(({ input: { subject } }) => keeper.notePending(subject, [])),
  }
}
