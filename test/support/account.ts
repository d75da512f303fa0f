import { selectMetadata } from '../../machines/index.ts'
import type { MetadataPatch, SavedMetadata, UserMetadata } from '../../machines/index.ts'
import { scriptedAccount } from '../../services/memory/index.ts'
import { error } from './charts.ts'

export type Account = ReturnType<typeof scriptedAccount>

export const context = ({ actor }: Account) => actor.getSnapshot().context
export const status = ({ actor }: Account) => actor.getSnapshot().value.metadata
export const shown = ({ actor }: Account) => selectMetadata(actor.getSnapshot())
export const told = ({ facts }: Account) => facts.map(({ type }) => type).filter((type) => type.startsWith('metadata'))
export const patch = ({ actor }: Account, change: MetadataPatch) =>
  actor.send({ type: 'metadata.patch', patch: change })
/** The changes that were handed on to be kept, in order. */
export const kept = ({ script }: Account) => script.calls('keepPatch').map(({ input }) => input.patch)
export const pending = (account: Account) => context(account).pending.map(({ patch: change }) => change)
export const savedOf = (metadata: UserMetadata, rest: readonly MetadataPatch[] = []): SavedMetadata => ({
  metadata,
  pending: rest.map((change) => ({ patch: change })),
})

/** The profile is quiet, the metadata is being fetched. */
export async function loading() {
  const account = scriptedAccount()
  account.script.settle('loadProfile', { sub: 'alice' })
  await account.rest()
  return account
}

export async function ready(metadata: UserMetadata = { country: 'PT' }, writable = true) {
  const account = await loading()
  account.script.settle('loadMetadata', { metadata, pending: [], writable })
  await account.rest()
  return account
}

/** A change is on its way. */
export async function saving(change: MetadataPatch = { first: 'Ada' }) {
  const account = await ready()
  patch(account, change)
  return account
}

export async function waiting(code: 'network' | 'provider_unavailable' = 'network', retryAfter?: number) {
  const account = await saving()
  account.script.fail('saveMetadata', error(code, retryAfter))
  await account.rest()
  return account
}

export async function refused() {
  const account = await saving()
  account.script.fail('saveMetadata', error('metadata_refused'))
  await account.rest()
  return account
}
