import { describe, expect, it } from 'vitest'
import {
  createScript,
  renewedFacts,
  scriptedSession,
  signedInSession,
  someFacts,
  someSession,
} from '../../../services/memory/index.ts'
import {
  access,
  error,
  quietAccount,
  quietSession,
  renew,
  untilRequest,
  where,
  type ScriptedSession,
} from '../../support/charts.ts'

describe('waiting for the next try of a renewal', () => {
  it('ends at once when the person asks for it', async () => {
    const session = await quietSession()
    await session.advance(240_000)
    await untilRequest(session)
    session.script.fail('requestTokens', error('network'))
    await session.rest()
    expect(session.actor.getSnapshot().children.renewal?.getSnapshot().value).toBe('backingOff')
    session.actor.send({ type: 'renewal.retry' })
    expect(session.actor.getSnapshot().children.renewal?.getSnapshot().value).toEqual({ takingTurn: 'waiting' })
  })

  it('is nobody’s business when no renewal is under way', async () => {
    const session = await quietSession()
    const before = where(session)
    session.actor.send({ type: 'renewal.retry' })
    expect(where(session)).toEqual(before)
  })
})

describe('profile and metadata that failed for want of a token', () => {
  it('P18 are fetched again once the session is renewed', async () => {
    const session = scriptedSession()
    session.script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await session.rest()
    session.script.fail('loadProfile', error('unauthorized'))
    session.script.fail('loadMetadata', error('unauthorized'))
    await session.rest()
    await session.advance(240_000)
    const { account } = session.actor.getSnapshot().children
    expect(account?.getSnapshot().value).toEqual({ profile: 'failed', metadata: 'failed' })
    await renew(session)
    expect(access(session)).toBe('authenticated')
    expect(account?.getSnapshot().value).toEqual({ profile: 'loading', metadata: 'loading' })
  })

  const renewedTo = (session: ScriptedSession) => renewedFacts(someFacts(), session.clock.now())
  it.each([
    [
      'another tab has renewed',
      async (session: ScriptedSession) =>
        session.script.say('watchSiblings', { type: 'sibling.renewed', facts: renewedTo(session) }),
    ],
    [
      'another tab has renewed before this one could',
      async (session: ScriptedSession) => {
        session.actor.send({ type: 'token.required' })
        session.script.say('watchConditions', { type: 'sibling.renewed', facts: renewedTo(session) })
        await session.rest()
      },
    ],
    [
      'another tab has renewed after a failure here that nobody foresaw',
      async (session: ScriptedSession) => {
        session.actor.send({ type: 'token.required' })
        session.script.grantTurn()
        await session.rest()
        session.script.settle('recheckVault', undefined as never)
        await session.rest()
        session.script.say('watchSiblings', { type: 'sibling.renewed', facts: renewedTo(session) })
      },
    ],
    [
      'the session is renewed, though it cannot be written',
      async (session: ScriptedSession) => {
        session.actor.send({ type: 'token.required' })
        await renew(session, someFacts(), 'unsaved')
      },
    ],
  ] as const)('P18 are fetched again once %s', async (_name, regain) => {
    const script = createScript()
    quietAccount({ script })
    script.refuse('loadProfile', error('unauthorized'))
    const session = await signedInSession({ script })
    const profile = () => session.actor.getSnapshot().children.account?.getSnapshot().value.profile
    expect(profile()).toBe('failed')
    script.hold('loadProfile')
    await regain(session)
    expect(profile()).toBe('loading')
  })

  it('P18 are fetched again once the person has logged in anew', async () => {
    const session = await quietSession()
    session.script.hold('loadProfile')
    session.actor.send({ type: 'profile.reload' })
    session.script.fail('loadProfile', error('unauthorized'))
    await session.rest()
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession({ generation: 'login-2' }) })
    expect(session.actor.getSnapshot().children.account?.getSnapshot().value.profile).toBe('loading')
  })

  it('P19 a change that could not be saved is saved then', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'metadata.patch', patch: { country: 'Canada' } })
    session.script.fail('saveMetadata', error('unauthorized'))
    await session.rest()
    const { account } = session.actor.getSnapshot().children
    expect(account?.getSnapshot().value.metadata).toBe('waiting')
    session.actor.send({ type: 'token.required' })
    await renew(session)
    expect(account?.getSnapshot().value.metadata).toBe('saving')
    expect(session.script.calls('saveMetadata')).toHaveLength(2)
  })
})
