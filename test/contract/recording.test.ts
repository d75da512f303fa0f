import { expect, onTestFinished, test } from 'vitest'
import { shareSession } from '../../ui/visualizer/bridge/share.ts'
import { chartModelOf } from '../../ui/visualizer/model/chart.ts'
import { recordingFile } from '../../ui/visualizer/recorder/file.ts'
import { createRecorder } from '../../ui/visualizer/recorder/recorder.ts'
import { sessionMachine, type Session } from '../../services/index.ts'
import { createWorld, expectAccount, expectStatus, issuedTo, accountOf, patience, renewalsAt } from './world.ts'

test('P21 a recorded life holds no token, nobody’s name and nothing that was typed; nor does what a viewer is told', async () => {
  const world = await createWorld()
  onTestFinished(() => world.close())
  const [channel, told] = ['recording-test', [] as unknown[]]
  const viewer = new BroadcastChannel(channel)
  viewer.addEventListener('message', ({ data }) => told.push(data))
  const recorders: ReturnType<typeof createRecorder>[] = []
  const record = (session: Session): void => {
    const recorder = createRecorder()
    recorders.push(recorder)
    onTestFinished(recorder.attach(session.actor))
    onTestFinished(shareSession(session, { channel, recorder }))
    viewer.postMessage({ kind: 'who', viewer: 'me' })
  }

  const tab = world.tab()
  const before = world.open(tab)
  record(before)
  await before.ready
  before.send({ type: 'login', loginHint: 'hint-of-alice', returnTo: '/private-place' })
  await expect.poll(() => tab.visited.length, patience).toBe(1)
  await world.leave(before)

  const session = await world.logIn(tab)
  record(session)
  await expectAccount(session)
  session.send({ type: 'metadata.patch', patch: { first_name: 'typed-secret' } })
  await expect.poll(() => accountOf(session).context.pending.length, patience).toBe(0)
  await session.getAccessToken({ forceRenewal: true })
  expect(renewalsAt(world.provider)).toBe(1)
  session.send({ type: 'logout' })
  await expectStatus(session, 'signedOut')
  await expect.poll(() => JSON.stringify(told), patience).toContain('session.loggedOut')
  viewer.close()

  const files = recorders.map(({ recording }) => recordingFile(recording(), [chartModelOf(sessionMachine)]))
  const text = [...files, JSON.stringify(told)].join('\n')
  // The test would see them: the states and events of the whole life are there.
  for (const known of ['renewal.takingTurn.requesting', 'metadata.patch', 'session.ending.revoking'])
    expect(files[1]).toContain(known)
  const tokens = (['access_token', 'refresh_token', 'id_token'] as const).flatMap((kind) =>
    issuedTo(world.provider, kind),
  )
  expect(tokens.length).toBeGreaterThan(4)
  for (const token of tokens) {
    expect(text).not.toContain(token)
    expect(text).not.toContain(token.slice(0, 16))
    expect(text).not.toContain(token.slice(-16))
  }
  for (const secret of ['typed-secret', 'hint-of-alice', 'private-place', 'looking-glass', 'alice', 'Alice'])
    expect(text).not.toContain(secret)
})
