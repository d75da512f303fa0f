import { describe, expect, it } from 'vitest'
import { scriptedSession, signedInSession, someFacts, someSession } from '../../services/memory/index.ts'
import { isSameState, restoring, selectSessionState } from '../../ui/react/session-state.ts'
import { error, quietAccount, renew } from '../support/charts.ts'

type Play = ReturnType<typeof scriptedSession>

const stateOf = ({ actor }: Pick<Play, 'actor'>) => selectSessionState(actor.getSnapshot())

describe('what useSession tells', () => {
  it('follows a login by redirect, its failure and its reason', async () => {
    const play = scriptedSession({ restored: { outcome: 'empty', reason: 'revoked' } })
    expect(stateOf(play)).toEqual(restoring)
    await play.rest()
    expect(stateOf(play)).toEqual({ status: 'signedOut', reason: 'revoked', problem: null, ending: null })

    play.actor.send({ type: 'login' })
    expect(stateOf(play)).toEqual({ status: 'signingIn', step: 'redirecting' })

    play.script.answerNext('restoreSession', { outcome: 'empty', reason: 'revoked' })
    play.script.fail('redirectToLogin', error('network'))
    await play.rest()
    expect(stateOf(play)).toMatchObject({ status: 'signedOut', reason: 'revoked', problem: { code: 'network' } })
  })

  it('tells the ways of a login apart', async () => {
    const play = scriptedSession({ restored: { outcome: 'empty', reason: 'never' } })
    await play.rest()
    play.actor.send({ type: 'login', via: 'popup' })
    expect(stateOf(play)).toEqual({ status: 'signingIn', step: 'inPopup' })
    for (const [outcome, step] of [
      ['loginResponse', 'completing'],
      ['relay', 'relaying'],
    ] as const) {
      const other = scriptedSession({ restored: { outcome } })
      await other.rest()
      expect(stateOf(other)).toEqual({ status: 'signingIn', step })
    }
  })

  it('has the facts while someone is signed in, through a renewal and a reconnection', async () => {
    const play = await signedInSession()
    quietAccount(play)
    const facts = someFacts()
    const present = { subject: 'alice', facts, limitNear: null, steppingUp: false, problem: null }
    const signedIn = { status: 'signedIn', usable: true, renewing: false, unsaved: false, ...present }
    expect(stateOf(play)).toEqual(signedIn)

    await play.advance(240_000)
    expect(stateOf(play)).toEqual({ ...signedIn, renewing: true })

    await play.advance(60_000)
    expect(stateOf(play)).toEqual({ status: 'reconnecting', ...present })

    const written = await renew(play, facts)
    expect(stateOf(play)).toEqual({ ...signedIn, facts: written })
  })

  it('names the limit that is near', async () => {
    const play = await signedInSession({ policy: { idleTimeout: 90_000 } })
    quietAccount(play)
    await play.advance(30_000)
    expect(stateOf(play)).toMatchObject({ limitNear: { limit: 'idle', at: play.clock.now() + 60_000 } })
  })

  it('is signed out with the stages of the logout', async () => {
    const play = await signedInSession()
    play.actor.send({ type: 'logout' })
    expect(stateOf(play)).toMatchObject({ status: 'signingOut', ending: { reason: 'logout', clearing: 'skipped' } })
    play.script.settle('clearCredentials', undefined)
    await play.rest()
    play.script.fail('revokeTokens', error('network'))
    await play.rest()
    expect(stateOf(play)).toMatchObject({
      status: 'signedOut',
      reason: 'logout',
      ending: { clearing: 'done', revoking: 'failed' },
    })
  })
})

describe('whether a view has to be drawn again', () => {
  it('is not the case for what cannot be seen', async () => {
    const play = await signedInSession({ policy: { idleTimeout: 900_000 } })
    const before = play.actor.getSnapshot()
    play.actor.send({ type: 'person.active', at: play.clock.now() })
    const after = play.actor.getSnapshot()
    expect(after).not.toBe(before)
    expect(isSameState(selectSessionState(before), selectSessionState(after))).toBe(true)
  })

  it('is the case for another field, also one level down', async () => {
    const play = await signedInSession()
    const state = stateOf(play)
    expect(isSameState(state, stateOf(play))).toBe(true)
    play.actor.send({ type: 'sibling.renewed', facts: someFacts({ revision: 2 }) })
    expect(isSameState(state, stateOf(play))).toBe(false)
    expect(isSameState(restoring, { status: 'signingIn', step: 'completing' })).toBe(false)
  })

  it('is not the case when the same limit is read twice', () => {
    const { facts } = someSession()
    const state = { status: 'reconnecting', subject: 'alice', facts, steppingUp: false, problem: null } as const
    const near = () => ({ ...state, limitNear: { limit: 'idle', at: 5 } as const })
    expect(isSameState(near(), near())).toBe(true)
    expect(isSameState(near(), { ...state, limitNear: null })).toBe(false)
  })
})
