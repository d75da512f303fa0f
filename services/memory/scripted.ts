import { createActor, type Actor, type AnyStateMachine, type EmittedFrom, type InspectionEvent } from 'xstate'
import type { AccountInput } from '../../machines/account/types.ts'
import type { Clock } from '../../machines/facts.ts'
import type { RenewalInput } from '../../machines/renewal/types.ts'
import type { RestoreOutcome, SessionPolicy } from '../../machines/session/types.ts'
import { comeToRest, SteppingClock } from './clock.ts'
import { createScriptedMachines } from './machines.ts'
import { someFacts, someSession, testNow, testPolicy } from './samples.ts'
import { createScript, type Script } from './script.ts'

/** How `scriptedSession` makes its session. */
export interface ScriptedOptions {
  /** What differs from `testPolicy`. */
  readonly policy?: Partial<SessionPolicy>
  /** What `clock.chance()` always answers; default 0.5. */
  readonly chance?: number
  /** Epoch ms at the start; default `testNow`. */
  readonly now?: number
  /** With answers given beforehand. */
  readonly script?: Script
  readonly inspect?: (event: InspectionEvent) => void
}

/** A chart that runs, with everything around it in a test's hands. */
export interface Scripted<TMachine extends AnyStateMachine> {
  readonly actor: Actor<TMachine>
  readonly script: Script
  /** Every fact that was emitted, in order. */
  readonly facts: EmittedFrom<TMachine>[]
  /** What the charts are told of time and chance. */
  readonly clock: Clock
  /** How long each timer has still to run, in ms, shortest first. */
  waits(): readonly number[]
  /** Lets time pass, timer by timer. */
  advance(ms: number): Promise<void>
  /**
   * Lets one wait end now, whatever the others: by the event that it raises, `xstate.after.DELAY.STATE`. Throws when the chart
   * does not wait for it. The clock on the wall stands still.
   */
  endWait(event: string): void
  /** Lets what is settled take effect; no time passes. */
  rest(): Promise<void>
  /** The clock on the wall moves and no timer does: forwards, this machine was asleep; backwards, it was set back. */
  shiftClock(ms: number): void
}

function stage({ policy, chance = 0.5, now = testNow, script = createScript() }: ScriptedOptions) {
  const timers = new SteppingClock(now)
  let shift = 0
  return {
    timers,
    policy: { ...testPolicy, ...policy },
    script,
    clock: { now: () => timers.now() + shift, chance: () => chance } satisfies Clock,
    shiftClock: (ms: number) => {
      shift += ms
    },
  }
}

function perform<TMachine extends AnyStateMachine>(
  actor: Actor<TMachine>,
  { timers, script, clock, shiftClock }: ReturnType<typeof stage>,
): Scripted<TMachine> {
  const facts: EmittedFrom<TMachine>[] = []
  actor.on('*', (fact) => facts.push(fact))
  actor.start()
  return {
    actor,
    script,
    facts,
    clock,
    waits: () => timers.waits(),
    advance: (ms) => timers.advance(ms),
    endWait(event) {
      // XState keeps its timers by name, in the order in which it set them.
      const scheduled = Object.values(actor.system.getSnapshot()._scheduledEvents).map((one) => one.event.type)
      const place = scheduled.indexOf(event)
      if (place < 0) throw new Error(`Nothing waits for "${event}". Waits: ${scheduled.join(', ') || 'none'}.`)
      timers.fire(place)
    },
    rest: comeToRest,
    shiftClock,
  }
}

/** Starts the session chart. Opening waits for `restoreSession`, unless `restored` says what it finds. */
export function scriptedSession(options: ScriptedOptions & { readonly restored?: RestoreOutcome } = {}) {
  const set = stage(options)
  if (options.restored !== undefined) set.script.answerNext('restoreSession', options.restored)
  const { sessionMachine } = createScriptedMachines(set.script)
  const input = { clock: set.clock, policy: set.policy }
  return perform(createActor(sessionMachine, { ...system(set, options), input }), set)
}

/** The same, and lets opening find credentials, by default those of `someSession()`. */
export async function signedInSession(options: ScriptedOptions & { readonly restored?: RestoreOutcome } = {}) {
  const session = scriptedSession({ restored: { outcome: 'found', ...someSession() }, ...options })
  await session.rest()
  return session
}

/** Starts the renewal chart by itself; it waits for its turn. */
export function scriptedRenewal(options: ScriptedOptions & { readonly input?: Partial<RenewalInput> } = {}) {
  const set = stage(options)
  const { renewalMachine } = createScriptedMachines(set.script)
  const input = { facts: someFacts(), clock: set.clock, policy: set.policy.renewal, ...options.input }
  return perform(createActor(renewalMachine, { ...system(set, options), input }), set)
}

/** Starts the account chart by itself; it waits for `loadProfile` and `loadMetadata`. */
export function scriptedAccount(options: ScriptedOptions & { readonly input?: Partial<AccountInput> } = {}) {
  const set = stage(options)
  const { accountMachine } = createScriptedMachines(set.script)
  const input = {
    subject: 'alice',
    profile: null,
    clock: set.clock,
    policy: set.policy.account,
    ...options.input,
  }
  return perform(createActor(accountMachine, { ...system(set, options), input }), set)
}

function system({ timers }: ReturnType<typeof stage>, { inspect }: ScriptedOptions) {
  return { clock: timers, ...(inspect === undefined ? {} : { inspect }) }
}
