import { fromCallback, fromPromise } from 'xstate'
import { missingPort } from '../errors.ts'
import type { Profile } from '../facts.ts'
import { latePorts } from '../late.ts'
import type { AccountEvent, LoadedMetadata, SavedMetadata } from './types.ts'

export interface AccountPortInput {
  readonly subject: string
}

const absent = (port: string) => (): Promise<never> => Promise.reject(missingPort('account', port))

/** The services that `account` invokes. They fetch their access token themselves; none passes through the chart. */
export const accountPorts = latePorts('account', {
  /** Tells `network.online`, `page.resumed` and `notes.changed`; the last also at once, with what an earlier visit left. */
  watchConditions: fromCallback<AccountEvent, AccountPortInput>(() => {}),

  /** Userinfo of this subject, and no other (OpenID Connect Core 5.3). */
  loadProfile: fromPromise<Profile, AccountPortInput>(absent('loadProfile')),

  /** The metadata, and what waits to be saved. */
  loadMetadata: fromPromise<LoadedMetadata, AccountPortInput>(absent('loadMetadata')),

  /** Saves the first change in the queue, which all tabs share: one tab at a time, each change once. */
  saveMetadata: fromPromise<SavedMetadata, AccountPortInput>(absent('saveMetadata')),

  /** Empties the queue. */
  discardPatches: fromPromise<void, AccountPortInput>(absent('discardPatches')),
})
