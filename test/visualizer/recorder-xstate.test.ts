import { assign, createActor, fromCallback, fromPromise, setup } from 'xstate'
import { describe, expect, it } from 'vitest'
import { momentsAt } from '../../ui/visualizer/recorder/moments.ts'
import { createRecorder } from '../../ui/visualizer/recorder/recorder.ts'

describe('what XState keeps to itself, and the recorder reads', () => {
  const machine = setup({
    actors: { listen: fromCallback(() => {}) },
    delays: { long: 60_000 },
  }).createMachine({
    id: 'probe',
    initial: 'waiting',
    context: { count: 0 },
    states: {
      waiting: {
        invoke: { id: 'listen', src: 'listen' },
        after: { long: 'over' },
        on: { again: { target: 'waiting', reenter: true, actions: assign({ count: 1 }) }, stay: {} },
      },
      over: {},
    },
  })

  it('is whether an actor was started: one that was not is recorded from its beginning, once', async () => {
    const recorder = createRecorder()
    const actor = createActor(machine)
    recorder.attach(actor)
    expect(recorder.recording().records).toEqual([])
    actor.start()
    expect(recorder.recording().records).toMatchObject([{ kind: 'started', chart: 'probe' }])
    actor.stop()
  })

  it('is the timer of a delayed transition: set anew when its state is entered again, kept otherwise', async () => {
    let now = 1000
    const recorder = createRecorder({ clock: { now: () => now } })
    const actor = createActor(machine, { inspect: recorder.inspect }).start()
    const wait = () => momentsAt(recorder.recording())[0]?.now.waits
    const event = 'xstate.after.long.probe.waiting'
    expect(wait()).toEqual([{ event, state: 'probe.waiting', since: 1000, until: 61_000 }])
    now = 2000
    actor.send({ type: 'stay' })
    expect(wait()?.[0]?.since).toBe(1000)
    actor.send({ type: 'again' })
    expect(wait()?.[0]?.since).toBe(2000)
    actor.stop()
  })

  it('is whose timer it is, also where the same chart runs twice', () => {
    const both = setup({ actors: { machine } }).createMachine({
      id: 'both',
      invoke: [
        { id: 'one', src: 'machine' },
        { id: 'other', src: 'machine' },
      ],
    })
    const recorder = createRecorder()
    const actor = createActor(both, { inspect: recorder.inspect }).start()
    const moments = momentsAt(recorder.recording())
    expect(moments.map(({ chart, now }) => [chart, now.waits.length])).toEqual([
      ['both', 0],
      ['probe', 1],
      ['probe', 1],
    ])
    actor.send({ type: 'nothing' })
    actor.stop()
  })

  it('is whether a service runs: one that has answered does not, though its state goes on', async () => {
    const asking = setup({ actors: { ask: fromPromise(() => Promise.resolve()) } }).createMachine({
      id: 'asking',
      invoke: { id: 'ask', src: 'ask', onDone: {} },
    })
    const recorder = createRecorder()
    const actor = createActor(asking, { inspect: recorder.inspect }).start()
    const services = () => momentsAt(recorder.recording())[0]?.now.services.map(({ id }) => id)
    expect(services()).toEqual(['ask'])
    await expect.poll(services).toEqual([])
    actor.stop()
  })

  it('is nothing but what really waits, after a snapshot was restored, too', async () => {
    const first = createActor(machine).start()
    const snapshot = first.getPersistedSnapshot()
    first.stop()
    const recorder = createRecorder()
    const actor = createActor(machine, { snapshot, inspect: recorder.inspect }).start()
    // XState sets no timer of `after` anew, so nothing waits.
    expect(momentsAt(recorder.recording())[0]?.now.waits).toEqual([])
    expect(momentsAt(recorder.recording())[0]?.now.states).toEqual(['probe', 'probe.waiting'])
    actor.stop()
  })
})
