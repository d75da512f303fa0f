import { assign, createActor, setup, type AnyEventObject, type AnyStateMachine } from 'xstate'
import { describe, expect, it } from 'vitest'
import {
  comeToRest,
  createScript,
  createScriptedMachines,
  someFacts,
  someSession,
  SteppingClock,
  testNow,
  testPolicy,
} from '../../services/memory/index.ts'
import { error, problem, quietAccount } from '../support/charts.ts'

/** A machine of an app that has one of the charts within, and notes what it is told. */
function embed(chart: AnyStateMachine, input: object) {
  const timers = new SteppingClock(testNow)
  const clock = { now: () => timers.now(), chance: () => 0.5 }
  const app = setup({
    types: { context: {} as { heard: AnyEventObject[] } },
    actors: { chart },
    actions: { note: assign({ heard: ({ context, event }) => [...context.heard, event] }) },
  }).createMachine({
    context: { heard: [] },
    invoke: { id: 'chart', src: 'chart', input: { clock, ...input } },
    on: { '*': { actions: 'note' } },
  })
  const actor = createActor(app, { clock: timers })
  const emitted: AnyEventObject[] = []
  actor.subscribe(() => {})
  actor.start()
  const inner = actor.getSnapshot().children['chart']
  if (inner === undefined) throw new Error('The chart did not start.')
  inner.on('*', (fact: AnyEventObject) => emitted.push(fact))
  return { inner, emitted, timers, heard: () => actor.getSnapshot().context.heard }
}

describe('a chart within the machine of an app', () => {
  it('session tells its parent every fact that it tells listeners, in the same order', async () => {
    const script = createScript()
    quietAccount({ script })
    const { sessionMachine } = createScriptedMachines(script)
    const app = embed(sessionMachine, { policy: testPolicy })
    script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await comeToRest()
    app.inner.send({ type: 'logout' })
    script.settle('clearCredentials', undefined)
    await comeToRest()
    script.settle('revokeTokens', 'done')
    await comeToRest()
    expect(app.heard().map(({ type }) => type)).toEqual([
      'session.started',
      'profile.loaded',
      'metadata.loaded',
      'session.ended',
      'logout.finished',
    ])
    expect(app.emitted).toEqual(app.heard())
  })

  it('account tells its parent every fact that it tells listeners', async () => {
    const script = createScript()
    const { accountMachine } = createScriptedMachines(script)
    const app = embed(accountMachine, { subject: 'alice', profile: null, policy: testPolicy.account })
    script.settle('loadProfile', { sub: 'alice' })
    script.settle('loadMetadata', { metadata: {}, pending: [], writable: true })
    await comeToRest()
    expect(app.heard().map(({ type }) => type)).toEqual(['profile.loaded', 'metadata.loaded'])
    expect(app.emitted).toEqual(app.heard())
  })

  it('renewal hands its outcome to its parent', async () => {
    const script = createScript()
    const { renewalMachine } = createScriptedMachines(script)
    const app = embed(renewalMachine, { facts: someFacts(), policy: testPolicy.renewal })
    script.grantTurn()
    await comeToRest()
    script.settle('recheckVault', { outcome: 'discarded' })
    await comeToRest()
    expect(app.heard()).toEqual([
      expect.objectContaining({ type: 'xstate.done.actor.chart', output: { outcome: 'discarded' } }),
    ])
  })
})

describe('session, for the account within it', () => {
  async function signedIn(policy = testPolicy) {
    const script = createScript()
    const { sessionMachine } = createScriptedMachines(script)
    const actor = createActor(sessionMachine, {
      clock: new SteppingClock(testNow),
      input: { clock: { now: () => testNow, chance: () => 0.5 }, policy },
    })
    const facts: AnyEventObject[] = []
    actor.on('*', (fact) => facts.push(fact))
    actor.start()
    script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await comeToRest()
    return { actor, script, facts, told: () => facts.slice(1) }
  }

  it('starts it with the person, and with the profile from the last visit', async () => {
    const { actor, script } = await signedIn()
    expect(script.lastInput('loadProfile')).toEqual({ subject: 'alice' })
    expect(actor.getSnapshot().children.account?.getSnapshot().context.profile).toEqual({ sub: 'alice', name: 'alice' })
  })

  it('passes on what the app asks of it, and tells what comes of it', async () => {
    const { actor, script, told } = await signedIn()
    script.settle('loadProfile', { sub: 'alice' })
    script.settle('loadMetadata', { metadata: {}, pending: [], writable: true })
    await comeToRest()
    expect(told()).toEqual([{ type: 'profile.loaded' }, { type: 'metadata.loaded' }])
    actor.send({ type: 'profile.reload' })
    script.fail('loadProfile', new TypeError('x'))
    actor.send({ type: 'metadata.patch', patch: { a: 1 } })
    script.fail('saveMetadata', new TypeError('x'))
    await comeToRest()
    expect(told().slice(2)).toEqual([
      { type: 'profile.failed', problem: expect.objectContaining({ code: 'unexpected' }) as object },
      { type: 'metadata.refused', problem: expect.objectContaining({ code: 'unexpected' }) as object },
    ])
    actor.send({ type: 'metadata.retry' })
    script.settle('saveMetadata', { metadata: { a: 1 }, pending: [] })
    await comeToRest()
    expect(told().at(-1)).toEqual({ type: 'metadata.saved' })
    actor.send({ type: 'metadata.reload' })
    expect(script.calls('loadMetadata')).toHaveLength(2)
    script.settle('loadMetadata', { metadata: { a: 1 }, pending: [], writable: true })
    await comeToRest()
    actor.send({ type: 'metadata.patch', patch: { a: 2 } })
    script.fail('saveMetadata', new TypeError('x'))
    await comeToRest()
    actor.send({ type: 'metadata.discard' })
    expect(script.calls('discardPatches')).toHaveLength(1)
  })

  it('tells what was changed elsewhere, until the app says that the person has taken note', async () => {
    const { actor, script, told } = await signedIn()
    script.settle('loadMetadata', { metadata: { a: 1 }, pending: [], writable: true })
    await comeToRest()
    actor.send({ type: 'metadata.reload' })
    script.settle('loadMetadata', { metadata: { a: 2 }, pending: [], writable: true })
    await comeToRest()
    expect(told()).toContainEqual({ type: 'metadata.changedElsewhere', keys: ['a'], contested: [] })
    const elsewhere = () => actor.getSnapshot().children.account?.getSnapshot().context.elsewhere.keys
    expect(elsewhere()).toEqual(['a'])
    actor.send({ type: 'metadata.acknowledge' })
    expect(elsewhere()).toEqual([])
  })

  it('takes no change where the app has said that there can be none', async () => {
    const account = { ...testPolicy.account, readOnlyBecause: 'It is kept elsewhere.' }
    const { actor } = await signedIn({ ...testPolicy, account })
    expect(actor.getSnapshot().can({ type: 'metadata.patch', patch: { a: 1 } })).toBe(false)
  })

  it('P17 tells at a logout what is not saved, before the end with which it goes', async () => {
    const { actor, script, told } = await signedIn()
    script.settle('loadMetadata', { metadata: {}, pending: [], writable: true })
    await comeToRest()
    actor.send({ type: 'metadata.patch', patch: { a: 1, b: 2 } })
    actor.send({ type: 'logout' })
    script.settle('clearCredentials', undefined)
    await comeToRest()
    expect(told().slice(-2)).toEqual([
      { type: 'metadata.abandoned', keys: ['a', 'b'] },
      { type: 'session.ended', reason: 'logout' },
    ])
  })

  it('P18 is not touched by its failures', async () => {
    const { actor, script, told } = await signedIn()
    script.fail('loadProfile', error('unauthorized'))
    script.fail('loadMetadata', error('unauthorized'))
    await comeToRest()
    expect(actor.getSnapshot().hasTag('signedIn')).toBe(true)
    expect(told()).toEqual([
      { type: 'profile.failed', problem: problem('unauthorized') },
      { type: 'metadata.failed', problem: problem('unauthorized') },
    ])
  })

  it('ends it with the session', async () => {
    const { actor, script } = await signedIn()
    actor.send({ type: 'logout' })
    expect(script.calls('loadProfile')[0]?.state).toBe('left')
    expect(script.calls('watchConditions')[0]?.state).toBe('disposed')
    expect(actor.getSnapshot().can({ type: 'metadata.patch', patch: {} })).toBe(false)
  })
})

describe('a chart that is stopped', () => {
  it('P22 leaves no timer, no listener and nothing waiting', async () => {
    const script = createScript()
    const timers = new SteppingClock(testNow)
    const { sessionMachine } = createScriptedMachines(script)
    const input = { clock: { now: () => timers.now(), chance: () => 0.5 }, policy: testPolicy }
    const actor = createActor(sessionMachine, { clock: timers, input }).start()
    script.settle('restoreSession', { outcome: 'found', ...someSession() })
    await comeToRest()
    actor.send({ type: 'token.required' })
    actor.send({ type: 'stepUp', via: 'popup' })
    actor.stop()
    expect(timers.waits()).toEqual([])
    expect(script.calls().filter(({ state }) => state === 'waiting' || state === 'listening')).toEqual([])
  })
})
