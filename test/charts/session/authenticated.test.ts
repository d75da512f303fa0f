import { describe, expect, it } from 'vitest'
import { someFacts, testNow } from '../../../services/memory/index.ts'
import { access, followAccess, quietSession, told, where } from '../../support/charts.ts'

const longest = 2 ** 31 - 1

describe('an access token that is usable', () => {
  it('P7 is renewed when it is due, and not before', async () => {
    const session = await quietSession()
    await session.advance(239_999)
    expect(access(session)).toBe('authenticated')
    await session.advance(1)
    expect(access(session)).toBe('refreshing.early')
    expect(session.script.lastInput('holdTurn')).toEqual({ facts: someFacts() })
  })

  it('P6 waits on where the time until then is longer than a timer can be', async () => {
    const renewAt = testNow + longest + 5_000
    const session = await quietSession({ renewAt, expiresAt: renewAt + 60_000 })
    await session.advance(longest)
    expect(access(session)).toBe('authenticated')
    await session.advance(4_999)
    expect(access(session)).toBe('authenticated')
    await session.advance(1)
    expect(access(session)).toBe('refreshing.early')
  })

  it('P6 is late, not early, when the person comes back after hours of sleep', async () => {
    const session = await quietSession()
    session.shiftClock(8 * 3_600_000)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(access(session)).toBe('refreshing.late')
    expect(told(session)).toEqual(['session.started', 'session.reconnecting'])
  })

  it('is renewed at once when the person comes back after the renewal was due', async () => {
    const session = await quietSession()
    session.shiftClock(240_000)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(access(session)).toBe('refreshing.early')
  })

  it('stays as it is when the person comes back before that', async () => {
    const session = await quietSession()
    session.shiftClock(100_000)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(access(session)).toBe('authenticated')
    expect(session.script.calls('holdTurn')).toEqual([])
  })

  it('P6 leads to a renewal, not to an end or a prolongation, when the clock is set back', async () => {
    const session = await quietSession()
    session.shiftClock(-3_600_000)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(access(session)).toMatch(/^refreshing/)
  })

  it('P8 ends when it expires and cannot be renewed', async () => {
    const session = await quietSession({ renewable: false })
    await session.advance(299_999)
    expect(access(session)).toBe('authenticated')
    await session.advance(1)
    expect(where(session)).toEqual(['ending.clearing'])
    expect(session.script.lastInput('clearCredentials')).toEqual({ generation: 'login-1', reason: 'expired' })
  })

  it('P8 has ended when the person comes back after it expired and cannot be renewed', async () => {
    const session = await quietSession({ renewable: false })
    session.shiftClock(300_000)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(where(session)).toEqual(['ending.clearing'])
    expect(session.script.lastInput('clearCredentials')).toEqual({ generation: 'login-1', reason: 'expired' })
  })

  it('is renewed at its expiry when the facts say that it is due only later', async () => {
    const session = await quietSession({ renewAt: testNow + 900_000 })
    const passed = followAccess(session)
    await session.advance(300_000)
    expect(passed, 'it is not taken for usable once more').toEqual(['refreshing.late'])
  })

  it.each([
    [{ expiresAt: Number.NaN }, 'refreshing.late'],
    [{ renewAt: Number.NaN }, 'refreshing.early'],
  ])('does not run in circles on facts that are no numbers: %j', async (changes, state) => {
    const session = await quietSession(changes)
    await session.advance(1_000)
    expect(access(session)).toBe(state)
  })

  it('P2 is renewed when someone needs one that lasts longer', async () => {
    const session = await quietSession()
    session.actor.send({ type: 'token.required' })
    expect(access(session)).toBe('refreshing.early')
    session.actor.send({ type: 'token.required' })
    expect(session.script.calls('holdTurn')).toHaveLength(1)
  })

  it('P2 is late when someone needs one and it has expired while nobody looked', async () => {
    const session = await quietSession()
    session.shiftClock(300_000)
    session.actor.send({ type: 'token.required' })
    expect(access(session)).toBe('refreshing.late')
  })

  it('P2 stays as it is when someone needs a longer one and there is no refresh token', async () => {
    const session = await quietSession({ renewable: false })
    session.actor.send({ type: 'token.required' })
    expect(access(session)).toBe('authenticated')
  })

  it('P2 asks for no turn when someone needs one after it has expired, and there is no refresh token', async () => {
    const session = await quietSession({ renewable: false })
    session.shiftClock(300_000)
    session.actor.send({ type: 'token.required' })
    expect(access(session)).toBe('authenticated')
    expect(session.script.calls('holdTurn')).toEqual([])
  })

  it('is not used any more when a resource server refused it', async () => {
    const session = await quietSession({ revision: 4 })
    session.actor.send({ type: 'token.refused', revision: 4 })
    expect(access(session)).toBe('refreshing.late')
  })

  it.each([
    ['an older one was refused', { revision: 4 }, 3],
    ['there is no refresh token', { renewable: false }, 1],
  ] as const)('goes on being used when %s', async (_name, changes, revision) => {
    const session = await quietSession(changes)
    session.actor.send({ type: 'token.refused', revision })
    expect(access(session)).toBe('authenticated')
  })
})
