import { isDeepStrictEqual } from 'node:util'
import { initialTransition, type AnyStateMachine, type EventObject } from 'xstate'
import { testNow } from '../../../services/memory/index.ts'
import { configurationOf } from '../../../ui/visualizer/model/nodes.ts'
import { times } from '../charts/times.ts'
import { timeOf } from '../derive.ts'
import { createStepper, type Edge } from '../explore.ts'
import type { Answer } from './gates.ts'
import { lookBefore, type Before } from './proofs.ts'
import type { Play, Snapshot } from './types.ts'
import { waitFor } from './waiting.ts'

type Undo = () => void
type Force<TSample> = (play: Play, sample: TSample) => Promise<Undo | void> | Undo | void

/** How everything that can happen to a chart is made to happen in the world. */
export interface Forces {
  /** Makes a service answer like the sample, by its port. */
  readonly done: Readonly<Record<string, Force<never>>>
  /** Makes a service fail like the sample. */
  readonly failed: Readonly<Record<string, Force<never>>>
  /** A machine that is invoked runs through to this outcome; `at`: lets it happen at its time. */
  readonly machines?: Readonly<Record<string, (play: Play, output: never, at: () => void) => Promise<void>>>
  /** Events that someone brings; others are sent as the app would. */
  readonly events: Readonly<Record<string, (play: Play, event: never) => Promise<void> | void>>
  /** Before a wait ends, or a person gives up: what was invoked is at work, and its answer does not come. */
  readonly withheld?: readonly string[]
  /** Events by which a person or the app gives up what is at work. */
  readonly leaving?: ReadonlySet<string>
  /** What services that have answered must have done, by their ports. */
  readonly proofs: Readonly<Record<string, (play: Play, answer: never, before: Before) => Promise<void> | void>>
  /** What the chart remembers, and the model does as well, whatever the ids and times. */
  remembered(context: never): object
  /** After each event. */
  readonly afterwards?: (play: Play, event: EventObject, to: string) => Promise<void> | void
}

/** Takes a walk. Throws where the real chart is not where its model is, with the way that led there. */
export async function takeWalk(machine: AnyStateMachine, walk: readonly Edge[], play: Play, forces: Forces) {
  const take = createStepper(machine)
  const steps = play.steps[machine.id] ?? []
  ;[play.expected] = initialTransition(machine) as [Snapshot, unknown]
  const story: string[] = []
  let here = configurationOf(play.expected)
  try {
    await waitFor(() => play.places[machine.id] === here, `the chart to begin in "${here}"`)
    for (const { event } of walk) {
      const place = play.places[machine.id]
      if (place !== here) throw new Error(`By itself it went on to "${place}", from "${here}".`)
      story.push(`${JSON.stringify(event)} in "${here}"`)
      const count = steps.length
      const before = lookBefore(play)
      const answered = await happen(play, event, forces)
      const isTaken = () => steps.slice(count).some((step) => step.event === event.type)
      await waitFor(isTaken, `${machine.id} to hear of ${event.type}`)
      await play.settled()
      play.browser.wall.at += 1
      play.stage.now = play.browser.wall.at
      play.stage.isHearing = false
      play.expected = take(play.expected, event).snapshot
      here = configurationOf(play.expected)
      const to = play.places[machine.id] ?? ''
      if (to !== here) throw new Error(`The real chart is in "${to}", and its model in "${here}".`)
      compare(forces.remembered, play.contexts[machine.id], play.expected.context)
      if (answered !== undefined && 'done' in answered)
        await forces.proofs[answered.port]?.(play, answered.done as never, before)
      await forces.afterwards?.(play, event, to)
      play.provider.faults.clear()
      play.provider.faults.add(...play.always)
    }
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Error(`${why}\nOn its way: ${story.map((line) => `\n  ${line}`).join('')}`, { cause: error })
  }
}

function compare(remembered: Forces['remembered'], real: unknown, model: unknown): void {
  const [is, shouldBe] = [remembered(real as never), remembered(model as never)]
  if (!isDeepStrictEqual(is, shouldBe))
    throw new Error(`The real chart remembers ${JSON.stringify(is)}, and its model ${JSON.stringify(shouldBe)}.`)
}

/** What the port answered, where one did. */
type Answered = Answer & { readonly port: string }

async function happen(play: Play, event: EventObject, forces: Forces): Promise<Answered | undefined> {
  const { stage, gates, session, browser } = play
  const [, kind, name = ''] = /^xstate\.(done|error|after)\.(?:actor\.)?(.+)$/.exec(event.type) ?? []
  const now = timeOf(event)
  const at = (): void => {
    stage.now = now === undefined || now === times.fresh ? browser.wall.at : now - testNow
  }
  if (kind === 'after' || forces.leaving?.has(event.type) === true) {
    const atWork = (forces.withheld ?? []).filter(gates.isWaiting)
    for (const port of atWork) (await gates.visit(port)).start()
    if (atWork.length > 0) await new Promise((resume) => setImmediate(resume))
  }
  const machine = forces.machines?.[name]
  const bring = forces.events[event.type]
  if (kind === 'after') {
    at()
    stage.endWait(event.type)
  } else if (kind !== undefined && machine !== undefined) {
    await machine(play, (event as unknown as { readonly output: never }).output, at)
  } else if (kind !== undefined) {
    return answer(play, name, kind === 'done', event, forces, at)
  } else if (bring === undefined) {
    at()
    session.send({ ...event } as never)
  } else {
    at()
    await bring(play, event as never)
  }
  return undefined
}

async function answer(play: Play, port: string, isDone: boolean, event: EventObject, forces: Forces, at: () => void) {
  const visit = await play.gates.visit(port)
  const { output, error } = event as unknown as { readonly output: never; readonly error: never }
  const undo = await (isDone ? forces.done[port]?.(play, output) : forces.failed[port]?.(play, error))
  visit.start()
  await waitFor(() => visit.answer() !== undefined, `${port} to answer`)
  undo?.()
  const is = visit.answer() as Answer
  const [wanted, came] = [isDone ? outcomeOf({ done: output }) : 'a failure', isDone ? outcomeOf(is) : kindOf(is)]
  if (wanted !== came) throw new Error(`${port} was to answer ${wanted}, and answered ${came} (${printed(is)}).`)
  at()
  visit.deliver()
  return { ...is, port }
}

const kindOf = (answered: Answer): string => ('failed' in answered ? 'a failure' : 'no failure')
const outcomeOf = (answered: Answer): string => {
  if ('failed' in answered) return 'a failure'
  const { done } = answered
  return typeof done === 'object' && done !== null && 'outcome' in done ? `"${String(done.outcome)}"` : 'something'
}
const printed = (answered: Answer): string =>
  'failed' in answered ? String(answered.failed) : (JSON.stringify(answered.done) ?? 'nothing').slice(0, 300)
