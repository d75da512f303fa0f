import { selectAccount, selectMetadataStatus } from '../../../services/index.ts'
import type { Play } from './types.ts'

/** What the account that runs within the session tells of, by its real services. */
export const accountEvents = {
  async 'profile.loaded'(play: Play) {
    if (!play.gates.isWaiting('loadProfile')) play.session.send({ type: 'profile.reload' })
    await play.gates.pass('loadProfile')
  },
  async 'profile.failed'(play: Play) {
    if (!play.gates.isWaiting('loadProfile')) play.session.send({ type: 'profile.reload' })
    play.provider.faults.add({ endpoint: 'userinfo', kind: 'drop', partial: true })
    await play.gates.pass('loadProfile')
  },
  async 'metadata.loaded'(play: Play) {
    await beginLoading(play)
    await play.gates.pass('loadMetadata')
  },
  async 'metadata.failed'(play: Play) {
    await beginLoading(play)
    play.provider.faults.add({ endpoint: 'api', kind: 'drop', partial: true })
    await play.gates.pass('loadMetadata')
  },
  async 'metadata.saved'(play: Play) {
    await beginSaving(play)
    await play.gates.pass('saveMetadata')
  },
  async 'metadata.refused'(play: Play) {
    await beginSaving(play)
    // The first request only asks what is there.
    play.provider.faults.add(
      { endpoint: 'api', kind: 'delay', delay: 0 },
      { endpoint: 'api', kind: 'status', status: 403 },
    )
    await play.gates.pass('saveMetadata')
  },
  async 'metadata.changedElsewhere'(play: Play) {
    // What is there first is no news.
    await beginLoading(play)
    await play.gates.pass('loadMetadata')
    await changeAnywhere(play)
    await beginLoading(play)
    await play.gates.pass('loadMetadata')
  },
}

const statusOf = ({ session }: Play) => {
  const account = selectAccount(session.getSnapshot())
  if (account === undefined) throw new Error('There is no account.')
  return selectMetadataStatus(account.getSnapshot())
}

async function beginLoading(play: Play): Promise<void> {
  const { gates, session } = play
  if (gates.isWaiting('loadMetadata')) return
  if (gates.isWaiting('saveMetadata')) await gates.pass('saveMetadata')
  const status = statusOf(play)
  if (status === 'ready' || status === 'failed') session.send({ type: 'metadata.reload' })
  else {
    session.send({ type: 'metadata.discard' })
    await gates.pass('discardPatches')
  }
  await gates.visit('loadMetadata')
}

let changes = 0

async function beginSaving(play: Play): Promise<void> {
  await beginLoading(play)
  await play.gates.pass('loadMetadata')
  changes += 1
  play.session.send({ type: 'metadata.patch', patch: { last: changes } })
  await play.gates.visit('saveMetadata')
}

/** The person changes the metadata on another device. */
async function changeAnywhere({ session, provider }: Play): Promise<void> {
  changes += 1
  const { subject = '' } = session.getSnapshot().context.facts ?? {}
  const answer = await fetch(`${provider.audience}users/${encodeURIComponent(subject)}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await session.getAccessToken()}` },
    body: JSON.stringify({ user_metadata: { elsewhere: changes } }),
  })
  if (!answer.ok) throw new Error(`The user API answered ${answer.status}.`)
}
