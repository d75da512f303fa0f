import { describe, expect, it } from 'vitest'
import { signedInSession, someSession, testNow } from '../../../services/memory/index.ts'
import { context, error, problem, told, where, type ScriptedSession } from '../../support/charts.ts'

const step = async (session: ScriptedSession, port: 'clearCredentials' | 'revokeTokens' | 'leaveProvider') => {
  if (port === 'clearCredentials') session.script.settle(port, undefined)
  else session.script.settle(port, 'done')
  await session.rest()
}

describe('P12 a logout when the session has just ended for another reason', () => {
  const ended = async () => {
    const session = await signedInSession({
      restored: { outcome: 'found', ...someSession({ renewable: false, expiresAt: testNow }) },
    })
    await step(session, 'clearCredentials')
    expect(where(session)).toEqual(['ending.revoking'])
    return session
  }

  it('makes the mark say so, is finished as a logout, and tells no second end', async () => {
    const session = await ended()
    session.actor.send({ type: 'logout', from: 'provider' })
    expect(where(session)).toEqual(['ending.remarking'])
    expect(session.script.lastInput('clearCredentials').reason).toBe('logout')
    await step(session, 'clearCredentials')
    await step(session, 'revokeTokens')
    await step(session, 'leaveProvider')
    expect(where(session)).toEqual(['loggedOut'])
    expect(told(session)).toEqual(['session.ended', 'logout.finished'])
    expect(session.facts[0]).toEqual({ type: 'session.ended', reason: 'expired' })
    expect(context(session).ending).toMatchObject({ reason: 'logout', clearing: 'done', revoking: 'done' })
  })

  it('is not held up by a storage that fails or does not answer', async () => {
    const failing = await ended()
    failing.actor.send({ type: 'logout' })
    failing.script.fail('clearCredentials', error('vault_unavailable'))
    await failing.rest()
    expect(where(failing)).toEqual(['ending.revoking'])
    expect(context(failing).ending).toMatchObject({
      clearing: 'failed',
      problems: { clearing: problem('vault_unavailable') },
    })
    const silent = await ended()
    silent.actor.send({ type: 'logout' })
    await silent.advance(4_000)
    expect(where(silent)).toEqual(['ending.revoking'])
    expect(context(silent).ending?.clearing).toBe('timedOut')
  })

  it('is asked for once: a second one only adds the provider', async () => {
    const session = await ended()
    session.actor.send({ type: 'logout' })
    await step(session, 'clearCredentials')
    session.actor.send({ type: 'logout', from: 'provider' })
    expect(where(session)).toEqual(['ending.revoking'])
    expect(session.script.calls('clearCredentials')).toHaveLength(2)
    await step(session, 'revokeTokens')
    expect(where(session)).toEqual(['ending.leavingProvider'])
  })
})
