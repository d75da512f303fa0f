import { expect, it } from 'vitest'
import {
  selectIsWritable,
  selectMetadata,
  selectMetadataProblem,
  selectMetadataStatus,
  selectPendingCount,
  selectProfile,
  selectProfileProblem,
  selectProfileStatus,
  selectSavedMetadata,
} from '../../../machines/index.ts'
import { scriptedAccount } from '../../../services/memory/index.ts'
import { loading, patch, ready, refused } from '../../support/account.ts'
import { error, problem } from '../../support/charts.ts'

it('tells apart what the API has and what the person sees', async () => {
  const account = await ready()
  patch(account, { first: 'Ada', country: null })
  const snapshot = account.actor.getSnapshot()
  expect(selectSavedMetadata(snapshot)).toEqual({ country: 'PT' })
  expect(selectMetadata(snapshot)).toEqual({ first: 'Ada' })
  expect(selectPendingCount(snapshot)).toBe(1)
  expect(selectIsWritable(snapshot)).toBe(true)
  expect(selectMetadataStatus(snapshot)).toBe('saving')
})

it('hands out the same metadata as long as nothing changes, so that views need not draw again', async () => {
  const account = await refused()
  const before = selectMetadata(account.actor.getSnapshot())
  account.actor.send({ type: 'profile.reload' })
  expect(selectMetadata(account.actor.getSnapshot())).toBe(before)
  patch(account, { first: 'Augusta' })
  expect(selectMetadata(account.actor.getSnapshot())).toEqual({ country: 'PT', first: 'Augusta' })
})

it('has no metadata before it is known, but what the person typed', async () => {
  const account = await loading()
  expect(selectMetadata(account.actor.getSnapshot())).toBeNull()
  patch(account, { first: 'Ada' })
  expect(selectMetadata(account.actor.getSnapshot())).toEqual({ first: 'Ada' })
})

it('says where profile and metadata are, and what is wrong', async () => {
  const account = scriptedAccount()
  expect(selectProfile(account.actor.getSnapshot())).toBeNull()
  expect(selectProfileStatus(account.actor.getSnapshot())).toBe('loading')
  account.script.fail('loadProfile', error('network'))
  account.script.fail('loadMetadata', error('timeout'))
  await account.rest()
  const snapshot = account.actor.getSnapshot()
  expect([selectProfileStatus(snapshot), selectMetadataStatus(snapshot)]).toEqual(['failed', 'failed'])
  expect(selectProfileProblem(snapshot)).toEqual(problem('network'))
  expect(selectMetadataProblem(snapshot)).toEqual(problem('timeout'))
})
