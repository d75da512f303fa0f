import { afterEach, beforeEach, expect, test } from 'vitest'
import { selectRenewal, selectRenewalProblem } from '../../services/index.ts'
import { createWorld, expectStatus, patience, reasonOf, renewalsAt, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld({ keepAlive: false })
})
afterEach(() => world.close())

test.each([
  ['invalid_grant', 400, 'revoked'],
  ['mfa_required', 403, 'login_required'],
  ['login_required', 400, 'login_required'],
  ['interaction_required', 400, 'login_required'],
  ['consent_required', 400, 'login_required'],
  ['account_selection_required', 400, 'login_required'],
  ['invalid_client', 401, 'invalid_client'],
  ['unauthorized_client', 400, 'invalid_client'],
] as const)('P8 a renewal that is refused with %s ends the session, in words that are true', async (...refusal) => {
  const [error, status, reason] = refusal
  const tab = world.tab()
  const session = await world.logIn(tab)
  const other = world.open(world.tab())
  await expectStatus(other, 'signedIn')
  const ends: unknown[] = []
  session.on('session.ended', (fact) => ends.push(fact))
  world.provider.faults.add({ endpoint: 'token', kind: 'status', status, body: 'oauth', error })
  await expect(session.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({ code: 'session_ended' })
  expect(reasonOf(session)).toBe(reason)
  expect(ends).toMatchObject([{ type: 'session.ended', reason, problem: { oauthError: error } }])
  expect(renewalsAt(world.provider)).toBe(1)
  // In the other tabs, and at the next visit.
  await expect.poll(() => reasonOf(other), patience).toBe(reason)
  await world.leave(session)
  const next = world.open(tab)
  await next.ready
  expect(reasonOf(next)).toBe(reason)
})

test.each([
  ['access_denied', 403],
  ['invalid_request', 400],
  ['invalid_scope', 400],
  ['unsupported_grant_type', 400],
  ['temporarily_unavailable', 400],
] as const)('P8 %s at a renewal is no verdict: it is tried again', async (error, status) => {
  const session = await world.logIn(world.tab())
  world.provider.faults.add({ endpoint: 'token', kind: 'status', status, body: 'oauth', error })
  const renewed = session.getAccessToken({ forceRenewal: true })
  const failedWith = (): string | undefined => {
    const renewal = selectRenewal(session.getSnapshot())
    return renewal === undefined ? undefined : selectRenewalProblem(renewal.getSnapshot())?.oauthError
  }
  await expect.poll(failedWith, patience).toBe(error)
  await expect(renewed).resolves.toBeTypeOf('string')
  await expectStatus(session, 'signedIn')
})
