import { fromCallback, fromPromise } from 'xstate'
import { missingPort } from '../errors.ts'
import type { Profile } from '../facts.ts'
import type { AccountEvent, LoadedMetadata, MetadataPatch, UserMetadata } from './types.ts'

export interface AccountPortInput {
  readonly subject: string
}

const absent = (port: string) => (): Promise<never> => Promise.reject(missingPort('account', port))

/** The services that `account` invokes. They fetch their access token themselves; none passes through the chart. */
export const accountPorts = {
  /** Tells `network.online` and `page.resumed`. */
  watchConditions: fromCallback<AccountEvent, AccountPortInput>(() => {}),

  /** Userinfo of this subject, and no other (OpenID Connect Core 5.3). */
  loadProfile: fromPromise<Profile, AccountPortInput>(absent('loadProfile')),

  /** The metadata, and patches kept from an earlier visit. */
  loadMetadata: fromPromise<LoadedMetadata, AccountPortInput>(absent('loadMetadata')),

  /** Saves one patch and answers with the metadata as it now is. */
  saveMetadata: fromPromise<UserMetadata, AccountPortInput & { readonly patch: MetadataPatch }>(absent('saveMetadata')),

  /** Forgets the kept patches. */
  discardPatches: fromPromise<void, AccountPortInput>(absent('discardPatches')),
}
