import { randomUUID } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { createScript, scriptedSession, someSession } from '../../services/memory/index.ts'
import { shareSession, type ShareOptions } from '../../ui/visualizer/bridge/share.ts'
import { watchSessions, type WatchedSession } from '../../ui/visualizer/bridge/watch.ts'
import { quietAccount } from '../support/charts.ts'

const patience = { timeout: 10_000 }

async function sharedSession(tab: string, options: ShareOptions = {}) {
  const script = createScript()
  quietAccount({ script })
  const session = scriptedSession({ restored: { outcome: 'found', ...someSession() }, script })
  await session.rest()
  const stop = shareSession({ actor: session.actor, tab }, { clock: session.clock, ...options })
  onTestFinished(() => {
    stop()
    session.actor.stop()
  })
  return { ...session, stop }
}

function watch(channel: string, size?: number) {
  const watching = watchSessions({ channel, nextFrame: (show) => void setTimeout(show, 0), ...(size && { size }) })
  onTestFinished(() => watching.close())
  const session = (tab: string): WatchedSession | undefined => watching.getState().find((one) => one.tab === tab)
  return { ...watching, session, numbers: (tab: string) => session(tab)?.recording.records.map(({ number }) => number) }
}

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index)

it('a session is followed from elsewhere: its charts, where it is, and each of its records once', async () => {
  const channel = randomUUID()
  const { actor, rest } = await sharedSession('a', { channel })
  const watching = watch(channel)
  await expect.poll(() => watching.numbers('a'), patience).toEqual([1, 2])
  expect(watching.session('a')?.models.map(({ id }) => id)).toEqual(['session', 'renewal', 'account'])
  expect(watching.session('a')?.moments.map(({ chart }) => chart)).toEqual(['session', 'account'])
  expect(watching.session('a')).toMatchObject({ presence: 'here', allowSending: false })

  for (let count = 0; count < 500; count += 1) actor.send({ type: 'login.cancel' })
  actor.send({ type: 'logout' })
  await rest()
  await expect.poll(() => watching.session('a')?.moments[0]?.now.states, patience).toContain('session.ending.clearing')
  const count = watching.numbers('a')?.length ?? 0
  expect(count).toBeGreaterThan(502)
  expect(watching.numbers('a')).toEqual(upTo(count))
})

it('whoever comes later is given what was recorded before, in parts', async () => {
  const channel = randomUUID()
  const { actor } = await sharedSession('a', { channel })
  for (let count = 0; count < 1700; count += 1) actor.send({ type: 'login.cancel' })
  const watching = watch(channel)
  await expect.poll(() => watching.numbers('a')?.length, patience).toBe(1702)
  expect(watching.numbers('a')).toEqual(upTo(1702))
})

it('a record that was lost on the way is noticed, and asked for again; one that comes twice is taken once', async () => {
  const [near, far] = [randomUUID(), randomUUID()].map((name) => new BroadcastChannel(name))
  if (near === undefined || far === undefined) throw new Error('There are no channels.')
  onTestFinished(() => [near, far].forEach((one) => one.close()))
  let lost = 0
  far.addEventListener('message', ({ data }) => {
    const isLost = (data as { kind: string }).kind === 'records' && lost === 0
    if (isLost) lost += 1
    else for (const copy of [data, data] as unknown[]) near.postMessage(copy)
  })
  near.addEventListener('message', ({ data }) => far.postMessage(data))

  const { actor, rest } = await sharedSession('a', { channel: far.name })
  const watching = watch(near.name)
  await expect.poll(() => watching.numbers('a'), patience).toEqual([1, 2])
  for (let count = 0; count < 3; count += 1) {
    actor.send({ type: 'login.cancel' })
    await rest()
  }
  await expect.poll(() => watching.numbers('a'), patience).toEqual([1, 2, 3, 4, 5])
  expect(lost).toBe(1)
})

it('nothing is told for as long as nobody watches', async () => {
  const channel = randomUUID()
  const heard: unknown[] = []
  const listener = new BroadcastChannel(channel)
  listener.addEventListener('message', ({ data }) => heard.push(data))
  const { actor, rest } = await sharedSession('a', { channel })
  actor.send({ type: 'login.cancel' })
  await rest()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(heard).toMatchObject([{ kind: 'here', tab: 'a', last: 2 }])
  listener.close()
})

it('several sessions stand side by side, and one that ends is still there to be looked at', async () => {
  const channel = randomUUID()
  const watching = watch(channel)
  const first = await sharedSession('a', { channel })
  await sharedSession('b', { channel })
  await expect
    .poll(() => watching.getState().map(({ tab, moments }) => [tab, moments.length]), patience)
    .toEqual([
      ['a', 2],
      ['b', 2],
    ])
  first.stop()
  await expect.poll(() => watching.session('a')?.presence, patience).toBe('gone')
  expect(watching.numbers('a')).toEqual([1, 2])
  watching.clear('a')
  await expect.poll(() => watching.getState().map(({ tab }) => tab), patience).toEqual(['b'])
  await expect.poll(() => watching.numbers('b'), patience).toEqual([1, 2])
  watching.clear('b')
  await expect.poll(() => watching.numbers('b'), patience).toEqual([])
  expect(watching.session('b')?.moments.length).toBe(2)
})

it('why an event would be ignored is answered by the session itself', async () => {
  const channel = randomUUID()
  await sharedSession('a', { channel })
  const watching = watch(channel)
  await expect.poll(() => watching.session('a')?.moments.length, patience).toBe(2)
  const actor = watching.session('a')?.moments[0]?.actor ?? ''
  const answer = await watching.ask('a', actor, { type: 'page.resumed' })
  expect(answer).toMatchObject({ kind: 'why', why: { answer: 'refused' } })
  expect(await watching.ask('a', 'nobody', { type: 'page.resumed' })).toMatchObject({ kind: 'refused' })
  expect(await watching.ask('nowhere', actor, { type: 'x' })).toEqual({
    kind: 'refused',
    words: 'That tab does not answer. It may be closed or asleep.',
  })
})

it('events are sent only where the app allows it, and only such as come from outside', async () => {
  const channel = randomUUID()
  const closed = await sharedSession('closed', { channel })
  const open = await sharedSession('open', { channel, allowSending: true })
  const watching = watch(channel)
  await expect.poll(() => watching.getState().map(({ moments }) => moments.length), patience).toEqual([2, 2])
  const send = (tab: string, type: string) =>
    watching.send(tab, watching.session(tab)?.moments[0]?.actor ?? '', { type })

  expect(await send('closed', 'logout')).toMatchObject({
    kind: 'refused',
    words: expect.stringContaining('allowSending: true'),
  })
  expect(closed.actor.getSnapshot().hasTag('signedIn')).toBe(true)
  expect(await send('open', 'xstate.done.actor.renewal')).toMatchObject({ kind: 'refused' })
  expect(await send('open', 'nonsense')).toMatchObject({
    kind: 'refused',
    words: 'This chart knows no event “nonsense”.',
  })
  expect(open.actor.getSnapshot().hasTag('signedIn')).toBe(true)
  expect(await send('open', 'logout')).toEqual({ kind: 'sent' })
  expect(open.actor.getSnapshot().hasTag('signingOut')).toBe(true)
  expect(closed.actor.getSnapshot().hasTag('signedIn')).toBe(true)
})
