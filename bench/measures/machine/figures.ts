import { createActor, createMachine } from 'xstate'
import { createScriptedMachines } from '../../../services/memory/machines.ts'
import { someSession, testNow, testPolicy } from '../../../services/memory/samples.ts'
import { createScript } from '../../../services/memory/script.ts'
import { comeToRest } from '../../../services/memory/clock.ts'

/** What one process found. */
export interface MachineFigures {
  readonly eventsPerSecond: number
  readonly ignoredPerSecond: number
  readonly toggleEventsPerSecond: number
  readonly startMs: number
  readonly startAgainMs: number
  readonly oneKiB: number
  readonly toggleKiB: number
  readonly tenThousandMiB: number
}

const many = 10_000

function perSecond(send: (index: number) => void): number {
  const began = performance.now()
  let sent = 0
  let now = began
  while (now - began < 1000) {
    for (let index = 0; index < 500; index += 1) send(sent + index)
    sent += 500
    now = performance.now()
  }
  return (sent * 1000) / (now - began)
}

function heap(): number {
  if (globalThis.gc === undefined) throw new Error('start Node with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

const toggle = createMachine({
  initial: 'off',
  states: { off: { on: { toggle: 'on' } }, on: { on: { toggle: 'off' } } },
})

/** Bytes of one of `count`, all of them held. */
async function weigh(count: number, make: () => unknown): Promise<number> {
  const held: unknown[] = []
  const before = heap()
  for (let index = 0; index < count; index += 1) held.push(await make())
  const bytes = (heap() - before) / count
  // So that they are still here when they are weighed.
  if (held.length !== count) throw new Error('something was lost')
  return bytes
}

const clock = { now: () => testNow, chance: () => 0.5 }

/** The chart is made once, as in an app; each session is an actor of it. */
function charts() {
  const script = createScript()
  script.answer('restoreSession', { outcome: 'found', ...someSession() })
  const { sessionMachine } = createScriptedMachines(script)
  return async () => {
    const actor = createActor(sessionMachine, { input: { clock, policy: testPolicy } }).start()
    await comeToRest()
    return actor
  }
}

export async function main(): Promise<void> {
  const first = performance.now()
  const signIn = charts()
  const actor = await signIn()
  const startMs = performance.now() - first
  const again = performance.now()
  for (let index = 0; index < 100; index += 1) await signIn()
  const startAgainMs = (performance.now() - again) / 100

  const at = clock.now()
  const toggling = createActor(toggle).start()
  const found: MachineFigures = {
    startMs,
    startAgainMs,
    eventsPerSecond: perSecond(() => actor.send({ type: 'person.active', at })),
    ignoredPerSecond: perSecond(() => actor.send({ type: 'stepUp.cancel' })),
    toggleEventsPerSecond: perSecond(() => toggling.send({ type: 'toggle' })),
    oneKiB: (await weigh(200, signIn)) / 1024,
    toggleKiB: (await weigh(2000, () => createActor(toggle).start())) / 1024,
    tenThousandMiB: ((await weigh(many, signIn)) * many) / 1024 ** 2,
  }
  console.log(JSON.stringify(found))
  process.exit(0)
}
