import { createEmptyActor, initialTransition, type AnyActorScope, type AnyStateMachine, type EventObject } from 'xstate'
import { evaluateGuard } from 'xstate/guards'
import { catalogueOf } from './catalogue.ts'
import { configurationOf, type ChartSnapshot } from '../../ui/visualizer/model/nodes.ts'
import { timeOf } from './derive.ts'
import { isMicrostep, stepOf, type Microstep, type Step } from '../../ui/visualizer/recorder/steps.ts'

/** A situation that a chart can be in: its states, and all that its guards can tell apart. */
export interface Situation {
  readonly snapshot: ChartSnapshot
  readonly configuration: string
  /** Invocations that have answered or failed, and whose state was not left since: they say nothing more. */
  readonly answered: ReadonlySet<string>
  /** The first way found that leads here, a shortest one; `null`: it starts here. */
  readonly reachedBy: Edge | null
}

/** What one event does in one situation. */
export interface Edge {
  readonly from: Situation
  readonly event: EventObject
  readonly step: Step
  readonly to: Situation
}

/** All situations that samples lead to, and every edge between them. */
export interface Model {
  readonly machine: AnyStateMachine
  readonly start: Situation
  readonly situations: readonly Situation[]
  readonly edges: readonly Edge[]
}

/** More situations than this mean that the samples lead to ever new contexts. */
const mostSituations = 20_000

/** Takes steps of a derived machine, and says which transitions each of them was made of. */
export function createStepper(machine: AnyStateMachine) {
  const microsteps: Microstep[] = []
  const observer = createEmptyActor()
  observer.system.inspect((inspected) => {
    if (isMicrostep(inspected)) microsteps.push(inspected)
  })
  const nothing = () => {}
  const scope = {
    self: observer,
    system: observer.system,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    actionExecutor: nothing,
  } as unknown as AnyActorScope
  return (from: ChartSnapshot, event: EventObject): { readonly snapshot: ChartSnapshot; readonly step: Step } => {
    microsteps.length = 0
    const snapshot = machine.transition(from, event, scope) as ChartSnapshot
    return { snapshot, step: stepOf(event.type, from._nodes, microsteps) }
  }
}

/** Says of a context all that the guards of a chart can say of it, with every sample that they may be asked about. */
function createTelling(machine: AnyStateMachine, events: readonly EventObject[]) {
  const times = [...new Set(events.map(timeOf))]
  const questions = catalogueOf(machine)
    .filter(({ isGuarded }) => isGuarded)
    .flatMap(({ event: type, definition }) => {
      const asking = type === '' ? times.map((now) => ({ now, event: { type } })) : []
      for (const event of events) if (event.type === type) asking.push({ now: timeOf(event), event })
      return asking.map((asked) => ({ ...asked, guard: definition.guard }))
    })
  const known = new Map<string, string>()
  return (snapshot: ChartSnapshot): string => {
    const { clock, ...context } = snapshot.context as { clock?: { chance(): number } }
    const text = JSON.stringify(context)
    const before = known.get(text)
    if (before !== undefined) return before
    const answers = questions.map(({ now, event, guard }) => {
      const timed =
        clock === undefined || now === undefined ? context : { ...context, clock: { ...clock, now: () => now } }
      // A guard that is in the catalogue is one.
      return evaluateGuard(guard as never, timed, event, snapshot) ? '1' : '0'
    })
    const telling = answers.join('')
    known.set(text, telling)
    return telling
  }
}

export interface ExploreOptions {
  /** What the world does not do in a situation is left out; default: it does whatever the chart itself lets happen. */
  readonly canHappen?: (situation: Situation, event: EventObject) => boolean
  /** What else makes a situation another one, e.g. a counter that a guard looks at only later on. */
  readonly tellApart?: (snapshot: ChartSnapshot) => string
}

/**
 * Everything that can happen to a derived machine: every event in every situation that can be reached. Situations are told apart by
 * the states and by the truth of all guards about all samples, not by the whole context, so that there are few.
 */
export function explore(
  machine: AnyStateMachine,
  events: readonly EventObject[],
  { canHappen = () => true, tellApart = () => '' }: ExploreOptions = {},
): Model {
  const take = createStepper(machine)
  const telling = createTelling(machine, events)
  const found = new Map<string, Situation>()
  const waiting: Situation[] = []
  const meet = (
    snapshot: ChartSnapshot,
    answered: ReadonlySet<string>,
    come: (to: Situation) => Edge | null,
  ): Situation => {
    const configuration = configurationOf(snapshot)
    const key = [configuration, telling(snapshot), tellApart(snapshot), ...[...answered].toSorted()].join(' ')
    const known = found.get(key)
    if (known !== undefined) return known
    const situation: Situation & { reachedBy: Edge | null } = { snapshot, configuration, answered, reachedBy: null }
    situation.reachedBy = come(situation)
    found.set(key, situation)
    if (found.size > mostSituations)
      throw new Error(`${machine.id}: the samples lead to more than ${mostSituations} situations.`)
    waiting.push(situation)
    return situation
  }
  const [initial] = initialTransition(machine)
  const start = meet(initial as ChartSnapshot, new Set(), () => null)
  const edges: Edge[] = []
  for (const from of waiting) {
    if (from.snapshot.status !== 'active') continue
    for (const event of events) {
      if (!isPossible(from, event.type) || !canHappen(from, event)) continue
      const { snapshot, step } = take(from.snapshot, event)
      const answered = answeredAfter(from, step)
      const to =
        step.taken.length === 0 ? from : meet(snapshot, answered, (reached) => ({ from, event, step, to: reached }))
      edges.push({ from, event, step, to })
    }
  }
  return { machine, start, situations: [...found.values()], edges }
}

/** The invocation that an event speaks of. */
const speakerOf = (type: string): string | undefined => /^xstate\.(?:done|error)\.actor\.(.+)$/.exec(type)?.[1]

/**
 * What a service or a timer says comes only while it runs: XState delivers nothing of an actor or a delay that was left, and a
 * service answers once. Anything else may come at any time.
 */
function isPossible({ snapshot: { _nodes }, answered }: Situation, type: string): boolean {
  if (!/^xstate\.(done|error|after)\./.test(type)) return true
  return !answered.has(speakerOf(type) ?? '') && _nodes.some(({ transitions }) => transitions.has(type))
}

function answeredAfter({ snapshot: { _nodes }, answered }: Situation, { event, left }: Step): ReadonlySet<string> {
  const speaker = speakerOf(event)
  const all = speaker === undefined ? [...answered] : [...answered, speaker]
  // A state knows its invocations by what it hears of them. One that nobody waits for may as well fail again: to tell that apart
  // would double the situations for each, and shows nothing new.
  const stays = (service: string) =>
    _nodes.some(({ id, transitions }) => !left.has(id) && transitions.has(`xstate.done.actor.${service}`))
  return new Set(all.filter(stays))
}

/** The edges that lead from the start to here. */
export function wayTo({ reachedBy }: Situation): readonly Edge[] {
  return reachedBy === null ? [] : [...wayTo(reachedBy.from), reachedBy]
}
