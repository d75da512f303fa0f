import { createActor, type InspectionEvent } from 'xstate'
import { describe, expect, it } from 'vitest'
import { sessionMachine } from '../../machines/index.ts'
import {
  createScript,
  renewedFacts,
  scriptedSession,
  someSession,
  testNow,
  testPolicy,
} from '../../services/memory/index.ts'
import { error, quietAccount, renew, untilRequest, where, type ScriptedSession } from '../support/charts.ts'

const sentinel = 'eyJhbGciOi.sentinel.token'

/** Every key anywhere in plain data, and every text. */
function everything(value: unknown, seen = new Set<object>()): { keys: string[]; texts: string[] } {
  if (typeof value === 'string') return { keys: [], texts: [value] }
  if (typeof value !== 'object' || value === null || seen.has(value)) return { keys: [], texts: [] }
  seen.add(value)
  const inner = Object.values(value).map((each) => everything(each, seen))
  return {
    keys: [...(Array.isArray(value) ? [] : Object.keys(value)), ...inner.flatMap(({ keys }) => keys)],
    texts: inner.flatMap(({ texts }) => texts),
  }
}

const isThrown = ({ type }: { readonly type: string }) => /^xstate\.(error|promise\.reject)/.test(type)

/** A life from login to logout, with failures on the way whose causes hold tokens. */
async function wholeLife(inspect: (event: InspectionEvent) => void) {
  const script = createScript()
  quietAccount({ script })
  const session = scriptedSession({ script, inspect, restored: { outcome: 'empty', reason: 'never' } })
  const { actor, rest } = session
  await rest()
  actor.send({ type: 'login', via: 'popup', loginHint: 'alice' })
  script.fail('loginInPopup', Object.assign(new Error(`code=${sentinel}`), { response: { access_token: sentinel } }))
  await rest()
  script.settle('restoreSession', { outcome: 'empty', reason: 'never' })
  await rest()
  actor.send({ type: 'login', via: 'popup' })
  script.settle('loginInPopup', someSession())
  await session.advance(240_000)
  await untilRequest(session)
  script.fail('requestTokens', new TypeError(`https://provider.example/token?refresh_token=${sentinel}`))
  await session.advance(750)
  const facts = await renew(session)
  actor.send({ type: 'stepUp', via: 'popup' })
  script.settle('stepUpInPopup', {
    ...someSession({ generation: 'login-2' }),
    facts: { ...facts, generation: 'login-2' },
  })
  await rest()
  actor.send({ type: 'metadata.patch', patch: { first: 'Ada' } })
  script.fail('saveMetadata', error('metadata_refused'))
  await rest()
  actor.send({ type: 'logout', from: 'provider' })
  await session.advance(12_000)
  expect(where(session)).toEqual(['loggedOut'])
  return session
}

describe('P21 no token', () => {
  it('is in any event, snapshot, fact or output of a whole life', async () => {
    const events: { readonly type: string }[] = []
    const kept: unknown[] = []
    const session = await wholeLife((inspected) => {
      // What a service threw is in XState's own error event, and the service answers for it; what the charts make of it is
      // in what they keep.
      if (inspected.type === '@xstate.event' && !isThrown(inspected.event)) events.push(inspected.event)
      if (inspected.type === '@xstate.snapshot' && 'context' in inspected.snapshot) {
        const { context, output } = inspected.snapshot as { readonly context: unknown; readonly output?: unknown }
        kept.push({ context, output })
      }
    })
    expect(events.length).toBeGreaterThan(30)
    expect(kept.length).toBeGreaterThan(30)
    const { keys, texts } = everything([events, kept, session.facts])
    expect(keys.filter((key) => /token|secret|password|verifier|assertion|^code_|nonce/i.test(key))).toEqual([])
    expect(texts.filter((text) => text.includes('sentinel'))).toEqual([])
  })

  it('is taken in with what a careless service hands over beside the facts', async () => {
    const careless = { ...someSession(), tokens: { access_token: sentinel }, accessToken: sentinel }
    const session = scriptedSession({ restored: { outcome: 'found', ...careless } })
    await session.rest()
    session.script.say('watchSiblings', {
      type: 'sibling.loggedIn',
      ...careless,
      facts: { ...careless.facts, generation: 'login-2' },
    })
    expect(where(session)).toContain('active.access.authenticated')
    expect(JSON.stringify(session.actor.getSnapshot())).not.toContain('sentinel')
    expect(JSON.stringify(session.actor.getPersistedSnapshot())).not.toContain('sentinel')
  })
})

describe('what a chart remembers', () => {
  const size = (session: ScriptedSession) => JSON.stringify(session.actor.getPersistedSnapshot()).length

  it('does not grow, however long the session lasts and however often things fail', async () => {
    const script = createScript()
    quietAccount({ script })
    const session = scriptedSession({ script, restored: { outcome: 'found', ...someSession() } })
    await session.rest()
    const day = async () => {
      const facts = session.actor.getSnapshot().context.facts ?? someSession().facts
      session.shiftClock(300_000)
      session.actor.send({ type: 'token.required' })
      await untilRequest(session)
      script.fail('requestTokens', error('provider_unavailable', 5_000))
      await session.rest()
      session.actor.send({ type: 'renewal.retry' })
      await renew(session, facts)
      session.actor.send({ type: 'person.active', at: session.clock.now() })
      session.actor.send({ type: 'stepUp', via: 'popup' })
      script.fail('stepUpInPopup', error('popup_closed'))
      session.actor.send({ type: 'metadata.patch', patch: { first: 'Ada' } })
      script.settle('saveMetadata', { first: 'Ada' })
      await session.rest()
    }
    for (let i = 0; i < 10; i += 1) await day()
    const before = size(session)
    for (let i = 0; i < 60; i += 1) await day()
    expect(session.actor.getSnapshot().context.facts?.revision).toBe(71)
    expect(Math.abs(size(session) - before)).toBeLessThan(10)
  })
})

describe('a snapshot', () => {
  it('is plain data that can be printed', async () => {
    const session = await wholeLife(() => {})
    expect(() => JSON.stringify(session.actor.getSnapshot())).not.toThrow()
  })

  it('needs no service to be started, and says which one is missing', async () => {
    const clock = { now: () => testNow, chance: () => 0.5 }
    const actor = createActor(sessionMachine, { input: { clock, policy: testPolicy } }).start()
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(actor.getSnapshot().value).toBe('unauthenticated')
    expect(actor.getSnapshot().context.problem).toMatchObject({ code: 'port_missing' })
    actor.stop()
  })

  it('has the facts of the latest write once it is told', async () => {
    const session = scriptedSession({ restored: { outcome: 'found', ...someSession() } })
    await session.rest()
    const seen: unknown[] = []
    session.actor.on('session.renewed', (fact) => {
      seen.push([
        fact.expiresAt,
        session.actor.getSnapshot().context.facts?.expiresAt,
        session.actor.getSnapshot().hasTag('usable'),
      ])
    })
    const facts = renewedFacts(someSession().facts, testNow + 5)
    session.script.say('watchSiblings', { type: 'sibling.renewed', facts })
    expect(seen).toEqual([[facts.expiresAt, facts.expiresAt, true]])
  })
})
