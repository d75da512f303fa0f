import { createActor, createMachine, type AnyStateMachine } from 'xstate'
import {
  comeToRest,
  createScript,
  createScriptedMachines,
  someSession,
  SteppingClock,
  testNow,
  testPolicy,
} from '../../services/memory/index.ts'
import { quietAccount } from './charts.ts'
import { watchClaims } from './claims.ts'

/** A chart's configuration, to be broken. */
export interface Draft {
  [key: string]: unknown
  on: Record<string, unknown>
  after: Record<string, unknown>
  invoke: Record<string, unknown>
  states: Record<string, Draft>
}

const copy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]))
}

export type Break = (draft: Draft) => void

/** The chart with something about it changed, which no type knows of any more. */
function changed(machine: AnyStateMachine, change: Break, actions: object = {}): AnyStateMachine {
  const draft = copy(machine.config) as Draft
  change(draft)
  const { implementations } = machine
  return createMachine(draft as never, { ...implementations, actions: { ...implementations.actions, ...actions } })
}

export const at = (draft: Draft, path: string): Draft =>
  path.split('.').reduce((node, key) => {
    const inner = node.states[key]
    if (inner === undefined) throw new Error(`There is no state ${path}.`)
    return inner
  }, draft)

interface Changes {
  readonly session?: Break
  readonly renewal?: Break
  /** Instead of the session chart's own. */
  readonly actions?: object
}

/** alice is signed in, in a session whose charts are broken; its services are scripted. */
export async function brokenSession(
  { session = () => {}, renewal = () => {}, actions = {} }: Changes,
  restored = someSession(),
) {
  const script = createScript()
  quietAccount({ script })
  script.answerNext('restoreSession', { outcome: 'found', ...restored })
  const timers = new SteppingClock(testNow)
  const claims = watchClaims()
  const { sessionMachine, renewalMachine } = createScriptedMachines(script)
  const machine = changed(sessionMachine, session, actions).provide({
    actors: { renewal: changed(renewalMachine, renewal) },
  })
  const input = { clock: { now: () => timers.now(), chance: () => 0.5 }, policy: testPolicy }
  const actor = createActor(machine, { clock: timers, inspect: claims.inspect, input }).start()
  await comeToRest()
  const rest = comeToRest
  return { actor, script, claims, rest, clock: input.clock, advance: (ms: number) => timers.advance(ms) }
}
