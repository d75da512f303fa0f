import { describe, expect, it } from 'vitest'
import { someSession, testNow } from '../../../services/memory/index.ts'
import { access, context, quietSession, renew, told, where, type ScriptedSession } from '../../support/charts.ts'

const hour = 3_600_000
const farAway = { expiresAt: testNow + 100 * hour, renewAt: testNow + 99 * hour }

const limits = (session: ScriptedSession) => where(session).find((path) => path.startsWith('active.limits.'))
const within = 'active.limits.within'
const warned = 'active.limits.warned'

/** One hour without activity ends it. */
const idleSession = (changes = {}) => quietSession({ ...farAway, ...changes }, { policy: { idleTimeout: hour } })
/** Ten hours after the login it ends. */
const agingSession = (changes = {}) => quietSession({ ...farAway, ceilingAt: testNow + 10 * hour, ...changes })

const endsBy = (session: ScriptedSession) => ({
  where: where(session),
  input: session.script.lastInput('clearCredentials'),
})
const ended = (reason: string) => ({ where: ['ending.clearing'], input: { generation: 'login-1', reason } })

describe('a session without limits', () => {
  it('P9 ends for none, however long it lasts', async () => {
    const year = 365 * 24 * hour
    const session = await quietSession({ expiresAt: testNow + 2 * year, renewAt: testNow + 2 * year - hour })
    await session.advance(year)
    expect(limits(session)).toBe(within)
    expect(told(session)).toEqual(['session.started'])
  })

  it('takes a ceiling that is no number for none, and does not run in circles', async () => {
    const session = await quietSession({ ...farAway, ceilingAt: Number.NaN })
    await session.advance(hour)
    expect(limits(session)).toBe(within)
  })
})

describe('the ceiling', () => {
  it('P9 is warned of ahead, and ends the session here and in all tabs, though the token would still do', async () => {
    const session = await agingSession()
    await session.advance(10 * hour - 60_001)
    expect(limits(session)).toBe(within)
    await session.advance(1)
    expect(limits(session)).toBe(warned)
    expect(session.facts.at(-1)).toEqual({ type: 'session.limitNear', limit: 'ceiling', at: testNow + 10 * hour })
    expect(access(session)).toBe('authenticated')
    await session.advance(60_000)
    expect(endsBy(session)).toEqual(ended('ceiling'))
  })

  it('P9 is not moved by activity', async () => {
    const session = await agingSession()
    await session.advance(10 * hour - 30_000)
    session.script.say('watchActivity', { type: 'person.active', at: session.clock.now() })
    expect(limits(session)).toBe(warned)
    await session.advance(30_000)
    expect(endsBy(session)).toEqual(ended('ceiling'))
  })

  it('P9 is not moved by a renewal', async () => {
    const session = await agingSession({ renewAt: testNow + hour })
    await session.advance(hour)
    await renew(session, { ...someSession(farAway).facts, ceilingAt: testNow + 10 * hour })
    await session.advance(9 * hour)
    expect(endsBy(session)).toEqual(ended('ceiling'))
  })

  it('P9 counts from a new login of the person', async () => {
    const session = await agingSession()
    await session.advance(10 * hour - 30_000)
    expect(limits(session)).toBe(warned)
    const later = { ...farAway, generation: 'login-2', storedAt: session.clock.now(), ceilingAt: testNow + 20 * hour }
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession(later) })
    expect(limits(session)).toBe(within)
    await session.advance(hour)
    expect(limits(session)).toBe(within)
    expect(session.waits()).toContain(9 * hour - 30_000)
  })

  it('P9 that a new login brings is waited for, though the one before had none', async () => {
    const session = await quietSession(farAway)
    const later = { ...farAway, generation: 'login-2', ceilingAt: testNow + hour }
    session.script.say('watchSiblings', { type: 'sibling.loggedIn', ...someSession(later) })
    await session.advance(hour - 60_000)
    expect(limits(session)).toBe(warned)
    await session.advance(60_000)
    expect(endsBy(session)).toEqual({ ...ended('ceiling'), input: { generation: 'login-2', reason: 'ceiling' } })
  })

  it('stays near until it is there', async () => {
    const session = await agingSession()
    await session.advance(10 * hour - 60_000)
    const passed = new Set<string | undefined>()
    session.actor.subscribe(() => passed.add(limits(session)))
    await session.advance(60_000)
    expect(endsBy(session)).toEqual(ended('ceiling'))
    expect([...passed].filter((state) => state !== undefined)).toEqual([])
  })

  it('wins over a renewal that is due at the same time', async () => {
    const session = await agingSession()
    session.shiftClock(99 * hour)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(endsBy(session)).toEqual(ended('ceiling'))
    expect(session.script.calls('holdTurn')).toEqual([])
  })

  it('wins over a renewal that is under way', async () => {
    const session = await agingSession({ renewAt: testNow + 10 * hour - 1 })
    await session.advance(10 * hour)
    expect(endsBy(session)).toEqual(ended('ceiling'))
    expect(session.script.calls('holdTurn')[0]?.state).toBe('disposed')
  })

  it('is nearer than idleness when both are as near: activity would not help', async () => {
    const session = await quietSession({ ...farAway, ceilingAt: testNow + hour }, { policy: { idleTimeout: hour } })
    await session.advance(hour - 30_000)
    expect(session.facts.at(-1)).toMatchObject({ type: 'session.limitNear', limit: 'ceiling' })
  })
})

describe('idleness', () => {
  it('P9 is warned of ahead, and ends the session', async () => {
    const session = await idleSession()
    await session.advance(hour - 60_000)
    expect(limits(session)).toBe(warned)
    expect(session.facts.at(-1)).toEqual({ type: 'session.limitNear', limit: 'idle', at: testNow + hour })
    await session.advance(60_000)
    expect(endsBy(session)).toEqual(ended('idle'))
  })

  it('P9 counts from the last activity in any tab', async () => {
    const session = await idleSession()
    await session.advance(hour / 2)
    session.script.say('watchActivity', { type: 'person.active', at: session.clock.now() })
    expect(session.waits(), 'no timer is left that would come for nothing').toContain(hour - 60_000)
    await session.advance(hour - 60_001)
    expect(limits(session)).toBe(within)
    await session.advance(1)
    expect(limits(session)).toBe(warned)
  })

  it('P9 is over when the person says: still there', async () => {
    const session = await idleSession()
    await session.advance(hour - 30_000)
    session.actor.send({ type: 'person.active', at: session.clock.now() })
    expect(limits(session)).toBe(within)
    expect(context(session).lastActiveAt).toBe(testNow + hour - 30_000)
    await session.advance(30_000)
    expect(limits(session)).toBe(within)
  })

  it('P9 is not ended by a renewal', async () => {
    const session = await idleSession({ renewAt: testNow + hour / 2 })
    await session.advance(hour / 2)
    await renew(session, someSession(farAway).facts)
    await session.advance(hour / 2)
    expect(endsBy(session)).toEqual(ended('idle'))
  })

  it('does not count activity backwards when news of it come late', async () => {
    const session = await idleSession()
    await session.advance(hour / 2)
    session.script.say('watchActivity', { type: 'person.active', at: session.clock.now() })
    session.script.say('watchActivity', { type: 'person.active', at: testNow + 5 })
    expect(context(session).lastActiveAt).toBe(testNow + hour / 2)
  })

  it('is near again at once when the activity was not recent enough', async () => {
    const session = await idleSession()
    await session.advance(hour - 30_000)
    session.script.say('watchActivity', { type: 'person.active', at: testNow + 10_000 })
    expect(limits(session)).toBe(within)
    await session.advance(0)
    expect(limits(session)).toBe(warned)
    expect(session.facts.at(-1)).toEqual({ type: 'session.limitNear', limit: 'idle', at: testNow + hour + 10_000 })
  })

  it.each([
    [0, within],
    [hour - 30_000, warned],
  ])(
    'P9 has ended the session even if the first movement after a sleep comes before any timer (%i ms)',
    async (ms, state) => {
      const session = await idleSession()
      await session.advance(ms)
      expect(limits(session)).toBe(state)
      session.shiftClock(2 * hour)
      session.script.say('watchActivity', { type: 'person.active', at: session.clock.now() })
      expect(endsBy(session)).toEqual(ended('idle'))
    },
  )

  it('goes by when another tab was used before the limit, and the news come after it', async () => {
    const session = await idleSession()
    session.shiftClock(hour + 10_000)
    session.script.say('watchActivity', { type: 'person.active', at: testNow + hour / 2 })
    expect(limits(session)).toBe(within)
  })

  it('gives way to the ceiling when that comes first', async () => {
    const session = await quietSession(
      { ...farAway, ceilingAt: testNow + hour + 30_000 },
      { policy: { idleTimeout: hour } },
    )
    await session.advance(hour - 60_000)
    expect(session.facts.at(-1)).toMatchObject({ type: 'session.limitNear', limit: 'idle' })
    await session.advance(40_000)
    session.script.say('watchActivity', { type: 'person.active', at: session.clock.now() })
    await session.advance(0)
    expect(limits(session)).toBe(warned)
    expect(session.facts.at(-1)).toMatchObject({ type: 'session.limitNear', limit: 'ceiling' })
    await session.advance(50_000)
    expect(endsBy(session)).toEqual(ended('ceiling'))
  })
})

describe('coming back to the page', () => {
  it('P9 ends a session whose limit passed meanwhile', async () => {
    const session = await idleSession()
    session.shiftClock(hour)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(endsBy(session)).toEqual(ended('idle'))
  })

  it('P9 ends a session whose limit passed after the warning', async () => {
    const session = await idleSession()
    await session.advance(hour - 30_000)
    session.shiftClock(30_000)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(endsBy(session)).toEqual(ended('idle'))
  })

  it('warns when a limit came near meanwhile', async () => {
    const session = await idleSession()
    session.shiftClock(hour - 30_000)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(limits(session)).toBe(warned)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(limits(session)).toBe(warned)
    expect(told(session)).toEqual(['session.started', 'session.limitNear'])
  })

  it('changes nothing before that', async () => {
    const session = await idleSession()
    session.shiftClock(hour / 2)
    session.script.say('watchPage', { type: 'page.resumed' })
    expect(limits(session)).toBe(within)
  })

  it('does not make the session longer than the limit when the timers slept as well', async () => {
    const session = await idleSession()
    session.shiftClock(hour / 2)
    await session.advance(hour - 60_000)
    expect(endsBy(session)).toEqual(ended('idle'))
    expect(told(session), 'it is too late for a warning').toEqual(['session.started'])
  })
})

describe('timers that come before the clock', () => {
  it('wait on', async () => {
    const session = await idleSession()
    session.shiftClock(-1_000)
    await session.advance(hour - 60_000)
    expect(limits(session)).toBe(within)
    await session.advance(1_000)
    expect(limits(session)).toBe(warned)
    session.shiftClock(-1_000)
    await session.advance(60_000)
    expect(where(session)[1]).toMatch(/^active.limits/)
    await session.advance(1_000)
    expect(endsBy(session)).toEqual(ended('idle'))
  })
})
