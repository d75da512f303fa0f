import { beforeEach, describe, expect, it } from 'vitest'
import { createScript, scriptedSession, someFacts, someSession } from '../../services/memory/index.ts'
import { createLiveStore } from '../../ui/statechart/live/store.ts'
import { messagesBetween, placeWords, recordWords, turnOf } from '../../ui/statechart/live/words.ts'
import {
  chartModelOf,
  createRecorder,
  momentsAt,
  recordingFile,
  type Recording,
  type SessionWatch,
  type WatchedSession,
} from '../../ui/visualizer/index.ts'
import { sessionMachine } from '../../machines/index.ts'
import { quietAccount, untilRequest } from '../support/charts.ts'

async function aSession() {
  const script = createScript()
  quietAccount({ script })
  const recorder = createRecorder()
  const session = scriptedSession({
    restored: { outcome: 'found', ...someSession() },
    script,
    inspect: recorder.inspect,
  })
  await session.rest()
  return { ...session, recorder }
}

/** What `watchSessions` gives, in a test's hands. */
function createWatch() {
  let sessions: readonly WatchedSession[] = []
  const listeners = new Set<() => void>()
  const cleared: string[] = []
  const watch: SessionWatch = {
    getState: () => sessions,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ask: () => Promise.resolve({ kind: 'sent' }),
    send: () => Promise.resolve({ kind: 'sent' }),
    clear: (tab) => cleared.push(tab),
    close: () => {},
  }
  const show = (...now: readonly WatchedSession[]): void => {
    sessions = now
    for (const listener of listeners) listener()
  }
  return { watch, show, cleared }
}

let recording: Recording
beforeEach(async () => {
  const session = await aSession()
  session.actor.send({ type: 'logout' })
  await session.rest()
  recording = session.recorder.recording()
})

const watched = (tab: string, page: string, part: Partial<WatchedSession> = {}): WatchedSession => ({
  ...{ tab, page, title: '', place: '/', isShown: true, allowSending: false, presence: 'here' },
  ...{ models: [], recording, moments: momentsAt(recording) },
  ...part,
})

describe('which session is shown', () => {
  it('is the first that is here, and what follows it in the same tab of the browser', () => {
    const { watch, show } = createWatch()
    const store = createLiveStore(watch)
    expect(store.getState().shown).toBeNull()
    show(watched('a', 'one'), watched('b', 'two'))
    expect(store.getState().shown?.name).toBe('Tab 1')
    // Reloaded, or back from a login: another session, after the one of the other tab.
    show(watched('a', 'one', { presence: 'gone' }), watched('b', 'two'), watched('c', 'one'))
    expect(store.getState().shown?.id).toBe('c')
    expect(store.getState().sources.map(({ name }) => name)).toEqual(['Tab 2', 'Tab 1', 'Tab 1, before'])
  })

  it('is one that is gone only for whoever chooses it', () => {
    const { watch, show } = createWatch()
    const store = createLiveStore(watch)
    const sessions = [watched('a', 'one', { presence: 'gone' }), watched('b', 'one')]
    show(...sessions)
    expect(store.getState().shown?.id).toBe('b')
    store.choose('a')
    show(...sessions)
    expect(store.getState().shown?.id).toBe('a')
    expect(store.getState().time).toBe(recording.records.at(-1)?.at)
  })
})

describe('looking back', () => {
  it('shows where the charts were, with clocks that stand still, whatever comes meanwhile', () => {
    const { watch, show } = createWatch()
    const store = createLiveStore(watch)
    show(watched('a', 'one'))
    expect(store.getState()).toMatchObject({ at: null, time: null })
    store.goTo(2)
    const { moments } = store.getState()
    expect(moments).toEqual(momentsAt(recording, 2))
    expect(store.getState().time).toBe(recording.records[1]?.at)
    show(watched('a', 'one', { moments: [] }))
    // The very same, so that nothing is drawn anew.
    expect(store.getState().moments).toBe(moments)
    store.goTo(null)
    expect(store.getState().moments).toEqual([])
  })

  it('goes on from the first record that is left where older ones have been dropped', () => {
    const { watch, show } = createWatch()
    const store = createLiveStore(watch)
    show(watched('a', 'one'))
    store.goTo(1)
    const later = { base: momentsAt(recording, 3), records: recording.records.slice(3) }
    show(watched('a', 'one', { recording: later }))
    expect(store.getState().at).toBe(4)
  })
})

describe('a recording out of a file', () => {
  it('is opened at its beginning beside the sessions, and closed again', () => {
    const { watch, show, cleared } = createWatch()
    const store = createLiveStore(watch)
    show(watched('a', 'one'))
    store.open('kept.json', recordingFile(recording, [chartModelOf(sessionMachine)]))
    expect(store.getState()).toMatchObject({ at: 1, problem: null, shown: { name: 'kept.json', otherCharts: [] } })
    expect(store.getState().moments).toEqual(momentsAt(recording, 1))
    store.clear()
    expect(store.getState().shown?.id).toBe('a')
    store.clear()
    expect(cleared).toEqual(['a'])
  })

  it('of another version of a chart is shown, and said to be so', () => {
    const store = createLiveStore(createWatch().watch)
    store.open('old.json', recordingFile(recording, [{ ...chartModelOf(sessionMachine), description: 'Another one.' }]))
    expect(store.getState().shown?.otherCharts).toEqual(['Session'])
  })

  it('that is none is told, and nothing else changes', () => {
    const { watch, show } = createWatch()
    const store = createLiveStore(watch)
    show(watched('a', 'one'))
    store.goTo(2)
    const { shown, at, sources } = store.getState()
    store.open('wrong.json', 'nonsense')
    expect(store.getState()).toMatchObject({ at, problem: expect.stringContaining('is not JSON') })
    expect(store.getState().shown?.id).toBe(shown?.id)
    expect(store.getState().sources.length).toBe(sources.length)
  })
})

describe('in words', () => {
  it('a tab has the turn to renew from when it is granted until it is given back', async () => {
    const session = await aSession()
    const turn = () => turnOf(momentsAt(session.recorder.recording()))
    expect(turn()).toBeNull()
    session.actor.send({ type: 'token.required' })
    await session.rest()
    expect(turn()).toBe('waits for it')
    await untilRequest(session)
    expect(turn()).toBe('has it')
    session.script.fail('requestTokens', new Error('No network.'))
    await session.rest()
    expect(turn()).toBeNull()
  })

  it('what tabs told each other names both of them, once', async () => {
    const session = await aSession()
    session.actor.send({ type: 'token.required' })
    await session.rest()
    const news = { type: 'sibling.renewed', facts: someFacts({ revision: 7, writtenBy: 'tab-b' }) } as const
    session.script.say('watchConditions', news)
    session.actor.send(news)
    await session.rest()
    const { watch, show } = createWatch()
    const store = createLiveStore(watch)
    show(watched('tab-a', 'one', { recording: session.recorder.recording() }), watched('tab-b', 'two'))
    expect(messagesBetween(store.getState().sources).map(({ words }) => words)).toEqual([
      'Tab 1 heard from Tab 2: it has renewed (revision 7)',
    ])
  })

  it('a record says what led where, and that an event was ignored', () => {
    const words = recording.records.map(recordWords)
    expect(words).toContainEqual({ title: 'logout', text: '→ ending' })
    expect(words).toContainEqual({ title: 'restoreSession done', text: '→ found, active · outcome found · revision 1' })
    const [record] = recording.records.filter(({ kind }) => kind === 'stepped')
    if (record?.kind !== 'stepped') throw new Error('Nothing was recorded.')
    expect(recordWords({ ...record, taken: [], details: {} }).text).toBe('ignored')
    expect(
      placeWords([
        's',
        's.active',
        's.active.access',
        's.active.access.late',
        's.active.limits',
        's.active.limits.within',
      ]),
    ).toBe('access late, limits within')
    expect(placeWords(['s', 's.out'])).toBe('out')
  })
})
