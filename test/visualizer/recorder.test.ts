import { createActor, createMachine, setup } from 'xstate'
import { describe, expect, it } from 'vitest'
import { createScript, scriptedSession, someFacts, someSession, testNow } from '../../services/memory/index.ts'
import { momentsAfter, momentsAt } from '../../ui/visualizer/recorder/moments.ts'
import { createRecorder } from '../../ui/visualizer/recorder/recorder.ts'
import type { ChartRecord, Stepped } from '../../ui/visualizer/recorder/records.ts'
import { quietAccount, renew } from '../support/charts.ts'

/** A session that is recorded from its beginning, signed in. */
async function recordedSession(size?: number) {
  const script = createScript()
  quietAccount({ script })
  const clock = { now: () => testNow }
  const recorder = createRecorder({ clock: { now: () => clock.now() }, ...(size === undefined ? {} : { size }) })
  const session = scriptedSession({
    restored: { outcome: 'found', ...someSession() },
    script,
    inspect: recorder.inspect,
  })
  clock.now = () => session.clock.now()
  await session.rest()
  return { session, recorder, records: () => recorder.recording().records }
}

const steps = (records: readonly ChartRecord[]): Stepped[] => records.filter((record) => record.kind === 'stepped')
const told = (records: readonly ChartRecord[]): string[] =>
  records.map((record) =>
    record.kind === 'stepped' ? record.event : `${record.kind} ${record.kind === 'started' ? record.chart : ''}`.trim(),
  )

describe('a recorder', () => {
  it('numbers records without a gap, in the order of cause and effect', async () => {
    const { session, records } = await recordedSession()
    await session.advance(240_000)
    await renew(session)
    const all = records()
    expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1))
    const names = told(all)
    expect(names.slice(0, 3)).toEqual(['started session', 'xstate.done.actor.restoreSession', 'started account'])
    // The renewal begins after the step that begins it, and is at its end before the session hears of that.
    const due = names.indexOf('xstate.after.untilDue.session.active.access.authenticated')
    expect(names[due + 1]).toBe('started renewal')
    const done = names.indexOf('xstate.done.actor.renewal')
    expect(names.slice(done - 2, done + 1)).toEqual([
      'xstate.done.actor.commitTokens',
      'ended',
      'xstate.done.actor.renewal',
    ])
    expect(names[done + 1]).toBe('access.renewed')
  })

  it('says which transitions were taken, which guards were asked, and that an event was ignored', async () => {
    const { session, records } = await recordedSession()
    session.actor.send({ type: 'token.required' })
    session.actor.send({ type: 'login.cancel' })
    await session.rest()
    const required = steps(records()).find(({ event }) => event === 'token.required')
    expect(required?.taken).toEqual(['session.active.access.authenticated token.required[1]'])
    expect(required?.asked).toEqual([
      { id: 'session.active.access.authenticated token.required[0]', said: false },
      { id: 'session.active.access.authenticated token.required[1]', said: true },
    ])
    const cancel = steps(records()).find(({ event }) => event === 'login.cancel')
    expect(cancel?.taken).toEqual([])
  })

  it('says what runs and what waits, since when and until when', async () => {
    const { session, recorder } = await recordedSession()
    await session.advance(1000)
    session.actor.send({ type: 'profile.reload' })
    await session.rest()
    const [moment] = momentsAt(recorder.recording())
    expect(moment?.now.services.map(({ id, state, since }) => [id, state, since - testNow])).toEqual([
      ['watchSiblings', 'session', 0],
      ['watchPage', 'session', 0],
      ['account', 'session.active', 0],
      ['watchActivity', 'session.active', 0],
    ])
    expect(moment?.now.waits.find(({ event }) => event.startsWith('xstate.after.untilDue'))).toEqual({
      event: 'xstate.after.untilDue.session.active.access.authenticated',
      state: 'session.active.access.authenticated',
      since: testNow,
      until: testNow + 240_000,
    })
  })

  it('leaves a chart where it came from when an event is ignored', async () => {
    const { session, recorder } = await recordedSession()
    session.actor.send({ type: 'token.required' })
    await session.advance(100)
    const [before] = momentsAt(recorder.recording())
    session.actor.send({ type: 'login.cancel' })
    await session.rest()
    const [after] = momentsAt(recorder.recording())
    expect(before?.taken).toEqual(['session.active.access.authenticated token.required[1]'])
    expect(after).toEqual(before)
  })

  it('tells of each record once, all of a turn at once, and not before the turn is over', async () => {
    const { session, recorder } = await recordedSession()
    const batches: (readonly ChartRecord[])[] = []
    const stop = recorder.subscribe((batch) => batches.push(batch))
    const before = recorder.recording().records.length
    for (let count = 0; count < 20; count += 1) session.actor.send({ type: 'login.cancel' })
    expect(batches).toEqual([])
    // Looked at in between, nothing is told twice or left out.
    expect(recorder.recording().records.length).toBe(before + 20)
    session.actor.send({ type: 'login.cancel' })
    await session.rest()
    expect(batches.length).toBe(1)
    expect(batches.flat().map(({ number }) => number)).toEqual(
      Array.from({ length: 21 }, (_, index) => before + 1 + index),
    )
    stop()
    session.actor.send({ type: 'login.cancel' })
    await session.rest()
    expect(batches.length).toBe(1)
  })

  it('keeps the last records, and knows where everything was before the first of them', async () => {
    const { session, recorder } = await recordedSession(10)
    const all: ChartRecord[] = [...recorder.recording().records]
    const base = recorder.recording().base
    recorder.subscribe((batch) => all.push(...batch))
    await session.advance(240_000)
    await renew(session)
    const kept = recorder.recording()
    expect(kept.records.length).toBe(10)
    expect(kept.records[0]?.number).toBe((all.at(-1)?.number ?? 0) - 9)
    expect(momentsAt(kept)).toEqual(momentsAfter(base, all))
    expect(kept.base.map(({ chart }) => chart)).toContain('session')
  })

  it('takes up a session that runs already, children and timers included', async () => {
    const script = createScript()
    quietAccount({ script })
    const session = scriptedSession({ restored: { outcome: 'found', ...someSession() }, script })
    await session.rest()
    const recorder = createRecorder({ clock: session.clock })
    const stop = recorder.attach(session.actor)
    expect(told(recorder.recording().records)).toEqual(['started session', 'started account'])
    const [first, second] = recorder.recording().records
    expect(second).toMatchObject({ invokedBy: { actor: first?.actor, id: 'account' } })
    expect(momentsAt(recorder.recording())[0]?.now.waits.length).toBeGreaterThan(0)
    session.actor.send({ type: 'logout' })
    await session.rest()
    const count = recorder.recording().records.length
    expect(told(recorder.recording().records)).toContain('ended')
    stop()
    session.actor.send({ type: 'login' })
    await session.rest()
    expect(recorder.recording().records.length).toBe(count)
  })

  it('sees the end of whatever was stopped, and of a chart whose own code throws', async () => {
    const { session, records } = await recordedSession()
    session.actor.stop()
    expect(told(records()).slice(-2)).toEqual(['ended', 'ended'])

    const recorder = createRecorder()
    const broken = setup({
      actions: {
        fail: () => {
          throw new Error('This chart is broken.')
        },
      },
    }).createMachine({ id: 'broken', on: { go: { actions: 'fail' } } })
    const actor = createActor(broken, { inspect: recorder.inspect })
    // Whoever listens to its errors is told, instead of the whole process.
    actor.subscribe({ error: () => {} })
    actor.start()
    await Promise.resolve()
    actor.send({ type: 'go' })
    await Promise.resolve()
    expect(told(recorder.recording().records)).toEqual(['started broken', 'ended'])
  })
})

describe('moments', () => {
  it('are stepped through forwards and backwards, and each is where the chart was', async () => {
    const script = createScript()
    quietAccount({ script })
    const recorder = createRecorder()
    const session = scriptedSession({
      restored: { outcome: 'found', ...someSession() },
      script,
      inspect: recorder.inspect,
    })
    await session.rest()
    await session.advance(240_000)
    await renew(session)
    session.actor.send({ type: 'logout' })
    await session.rest()
    const recording = recorder.recording()
    let going = recording.base
    const forwards = recording.records.map((record) => (going = momentsAfter(going, [record])))
    for (const record of recording.records.toReversed()) {
      const moments = momentsAt(recording, record.number)
      expect(moments).toEqual(forwards[record.number - 1])
      const now = record.kind === 'ended' ? undefined : record.now
      expect(moments.find(({ actor }) => actor === record.actor)?.now).toEqual(now)
    }
    expect(momentsAt(recording, 0)).toEqual([])
  })
})

describe('P21 records', () => {
  it('say of an event only what the list names, and no sentence or token even there', async () => {
    const recorder = createRecorder({ allow: ['reason', 'problem.code', 'facts.revision', 'facts.writtenBy'] })
    const anything = createActor(createMachine({ id: 'anything', on: { '*': {} } }), {
      inspect: recorder.inspect,
    }).start()
    anything.send({
      type: 'told',
      reason: 'idle',
      problem: { code: 'a sentence with blanks', message: 'secret-message' },
      facts: someFacts({ subject: 'secret-subject' }),
      token: 'secret-token',
    })
    anything.send({ type: 'told', reason: `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(60)}.sig` })
    const [first, second] = steps(recorder.recording().records)
    expect(first?.details).toEqual({ reason: 'idle', 'facts.revision': 1, 'facts.writtenBy': 'this-tab' })
    expect(second?.details).toEqual({})
    expect(JSON.stringify(recorder.recording())).not.toContain('secret')
    anything.stop()
  })
})
