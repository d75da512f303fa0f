import type { AnyStateNode } from 'xstate'
import { describe, expect, it } from 'vitest'
import {
  selectAccount,
  selectEnding,
  selectFacts,
  selectLoginStep,
  selectIsRenewing,
  selectIsSteppingUp,
  selectIsUnsaved,
  selectIsUsable,
  selectLimitNear,
  selectProblem,
  selectRenewal,
  selectRenewalAttempts,
  selectRenewalProblem,
  selectRenewalStep,
  selectSignedOutReason,
  selectStatus,
  sessionMachine,
} from '../../../machines/index.ts'
import { scriptedRenewal, signedInSession, someFacts, testNow } from '../../../services/memory/index.ts'
import { error, problem, quietSession, renew, untilRequest } from '../../support/charts.ts'

const statuses = ['restoring', 'signedOut', 'signingIn', 'signedIn', 'reconnecting', 'signingOut']

/** The tags that hold in each leaf: its own and those around it. */
function leafTags(node: AnyStateNode, around: readonly string[] = []): [id: string, tags: string[]][] {
  const tags = [...around, ...node.tags]
  const inner = Object.values(node.states)
  return inner.length === 0 ? [[node.id, tags]] : inner.flatMap((child) => leafTags(child, tags))
}

describe('the status that a view shows', () => {
  const leaves = leafTags(sessionMachine.root).filter(([id]) => !/\.(limits|stepUp)\./.test(id))

  it.each(leaves)('is exactly one in %s', (_id, tags) => {
    expect(tags.filter((tag) => statuses.includes(tag))).toHaveLength(1)
  })

  it('says that the token is usable only where the person is signed in', () => {
    expect(leaves.filter(([, tags]) => tags.includes('usable') && !tags.includes('signedIn'))).toEqual([])
  })

  it('follows the person from opening to leaving', async () => {
    const session = await quietSession()
    const seen = () => selectStatus(session.actor.getSnapshot())
    expect(seen()).toBe('signedIn')
    session.actor.send({ type: 'token.refused', revision: 1 })
    expect(seen()).toBe('reconnecting')
    session.actor.send({ type: 'logout' })
    expect(seen()).toBe('signingOut')
    await session.advance(8_000)
    expect(seen()).toBe('signedOut')
    session.actor.send({ type: 'login' })
    expect(seen()).toBe('signingIn')
    session.actor.send({ type: 'login.cancel' })
    expect(seen()).toBe('restoring')
  })
})

describe('what else a view may read', () => {
  it('while someone is signed in', async () => {
    const session = await quietSession()
    const snapshot = session.actor.getSnapshot()
    expect(selectFacts(snapshot)).toEqual(someFacts())
    expect(selectIsUsable(snapshot)).toBe(true)
    expect(selectIsRenewing(snapshot)).toBe(false)
    expect(selectIsUnsaved(snapshot)).toBe(false)
    expect(selectIsSteppingUp(snapshot)).toBe(false)
    expect(selectLoginStep(snapshot)).toBeNull()
    expect(selectSignedOutReason(snapshot)).toBeNull()
    expect(selectProblem(snapshot)).toBeNull()
    expect(selectEnding(snapshot)).toBeNull()
    expect(selectLimitNear(snapshot)).toBeNull()
    expect(selectRenewal(snapshot)).toBeUndefined()
    expect(selectAccount(snapshot)?.getSnapshot().matches({ profile: 'loaded' })).toBe(true)
  })

  it('while credentials are renewed, and cannot be written', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'token.required' })
    expect(selectIsRenewing(session.actor.getSnapshot())).toBe(true)
    expect(selectRenewal(session.actor.getSnapshot())).toBeDefined()
    await renew(session, someFacts(), 'unsaved')
    expect(selectIsUnsaved(session.actor.getSnapshot())).toBe(true)
    expect(selectIsUsable(session.actor.getSnapshot())).toBe(true)
  })

  it('while a limit is near', async () => {
    const session = await quietSession({ ceilingAt: testNow + 30_000 })
    await session.advance(0)
    expect(selectLimitNear(session.actor.getSnapshot())).toEqual({ limit: 'ceiling', at: testNow + 30_000 })
  })

  it('while the person authenticates again', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'stepUp', via: 'popup' })
    expect(selectIsSteppingUp(session.actor.getSnapshot())).toBe(true)
  })

  it.each([
    [{ type: 'login' }, 'redirecting'],
    [{ type: 'login', via: 'popup' }, 'inPopup'],
  ] as const)('while the person logs in: %o', async (event, step) => {
    const session = await signedInSession({ restored: { outcome: 'empty', reason: 'never' } })
    session.actor.send(event)
    expect(selectLoginStep(session.actor.getSnapshot())).toBe(step)
  })

  it('while an answer is exchanged', async () => {
    const session = await signedInSession({ restored: { outcome: 'loginResponse' } })
    expect(selectLoginStep(session.actor.getSnapshot())).toBe('completing')
  })

  it('in a window that only hands an answer over', async () => {
    const session = await signedInSession({ restored: { outcome: 'relay' } })
    expect(selectLoginStep(session.actor.getSnapshot())).toBe('relaying')
  })

  it.each(['never', 'revoked', 'logout'] as const)('when nobody is signed in: %s', async (reason) => {
    const session = await signedInSession({ restored: { outcome: 'empty', reason } })
    expect(selectSignedOutReason(session.actor.getSnapshot())).toBe(reason)
    expect(selectFacts(session.actor.getSnapshot())).toBeNull()
  })

  it('after a logout', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'logout' })
    await session.advance(8_000)
    expect(selectEnding(session.actor.getSnapshot())).toMatchObject({ clearing: 'timedOut', revoking: 'timedOut' })
  })
})

describe('what a view may read of a renewal', () => {
  it('is the step that it is at, and why the last try failed', async () => {
    const renewal = scriptedRenewal()
    const step = () => selectRenewalStep(renewal.actor.getSnapshot())
    expect(step()).toBe('waitingForTurn')
    expect(selectRenewalProblem(renewal.actor.getSnapshot())).toBeNull()
    await untilRequest(renewal)
    expect(step()).toBe('renewing')
    renewal.script.fail('requestTokens', error('offline'))
    await renewal.rest()
    expect(step()).toBe('waitingForNetwork')
    expect(selectRenewalProblem(renewal.actor.getSnapshot())).toEqual(problem('offline'))
    await renewal.advance(100_000)
    await untilRequest(renewal)
    renewal.script.fail('requestTokens', error('network'))
    await renewal.rest()
    expect(step()).toBe('backingOff')
    expect(selectRenewalAttempts(renewal.actor.getSnapshot())).toBe(2)
  })
})
