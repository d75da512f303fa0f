import { describe, expect, it } from 'vitest'
import {
  createScript,
  scriptedSession,
  signedInSession,
  someSession,
  SteppingClock,
} from '../../services/memory/index.ts'
import { error, where } from '../support/charts.ts'

describe('the script that plays all services', () => {
  it('says what was called when a test settles what nobody waits for', () => {
    const { script } = scriptedSession()
    expect(() => script.settle('requestTokens', undefined)).toThrow(
      'Nobody waits for "requestTokens". Calls so far: watchSiblings (listening), watchPage (listening), restoreSession (waiting).',
    )
    expect(() => script.say('holdTurn', { type: 'turn.granted' })).toThrow('Nobody listens at "holdTurn".')
    expect(() => script.lastInput('saveMetadata')).toThrow('"saveMetadata" was not called.')
    expect(() => createScript().fail('restoreSession', error('network'))).toThrow('Calls so far: none.')
  })

  it('gives the answers for the next calls first, then the one for all calls, and then waits again', async () => {
    const script = createScript()
    script.answerNext('restoreSession', { outcome: 'relay' })
    script.refuseNext('restoreSession', error('vault_unavailable'))
    script.answer('restoreSession', { outcome: 'empty', reason: 'logout' })
    const opened = async () => where(await openedWith(script))
    expect(await opened()).toEqual(['relaying'])
    expect(await opened()).toEqual(['unauthenticated'])
    expect(await opened()).toEqual(['loggedOut'])
    script.hold('restoreSession')
    expect(await opened()).toEqual(['checkingStorage.looking'])
  })

  it('answers by what it was asked', async () => {
    const session = await signedInSession()
    session.script.answer('loadProfile', ({ subject }) => ({ sub: subject, name: 'by input' }))
    session.script.settle('loadProfile', { sub: 'alice' })
    await session.rest()
    session.actor.send({ type: 'profile.reload' })
    await session.rest()
    const account = session.actor.getSnapshot().children.account
    expect(account?.getSnapshot().context.profile?.name).toBe('by input')
  })

  it('does not settle a call that the chart has left', async () => {
    const session = scriptedSession()
    session.actor.send({ type: 'logout' })
    expect(session.script.isOpen('restoreSession')).toBe(false)
    expect(() => session.script.settle('restoreSession', { outcome: 'found', ...someSession() })).toThrow(
      'Nobody waits',
    )
  })
})

describe('the clock that a test moves on', () => {
  it('takes every delay of a chain in one advance, promises included', async () => {
    const clock = new SteppingClock(0)
    const seen: number[] = []
    const next = () => {
      seen.push(clock.now())
      void Promise.resolve().then(() => clock.setTimeout(next, 10))
    }
    clock.setTimeout(next, 10)
    await clock.advance(35)
    expect(seen).toEqual([10, 20, 30])
    expect(clock.now()).toBe(35)
    expect(clock.waits()).toEqual([5])
  })

  it.each([Number.NaN, -1, 2 ** 31, Infinity])('fires at once where a browser does: %d ms', (ms) => {
    const clock = new SteppingClock(0)
    clock.setTimeout(() => {}, ms)
    expect(clock.waits()).toEqual([0])
  })

  it('ends a loop without a pause', async () => {
    const clock = new SteppingClock(0)
    const again = () => {
      clock.setTimeout(again, 0)
    }
    again()
    await expect(clock.advance(1)).rejects.toThrow('runs in circles')
  })
})

async function openedWith(script: ReturnType<typeof createScript>) {
  const session = scriptedSession({ script })
  await session.rest()
  return session
}
