import { initialTransition, type AnyMachineSnapshot, type AnyStateNode, type EventObject } from 'xstate'
import { sessionMachine, type SessionSnapshot } from '../../machines/index.ts'
import { catalogueOf } from './catalogue.ts'
import { configurationOf } from '../../ui/visualizer/model/nodes.ts'
import { sessionModel } from './charts/session.ts'
import { at } from './derive.ts'
import { createStepper, type Edge, type Model, type Situation } from './explore.ts'
import type { Around } from './level3/around.ts'
import type { Doing, Place, World } from './level3/world.ts'
import type { Step } from '../../ui/visualizer/recorder/steps.ts'

const none: ReadonlySet<string> = new Set()

type Snapshot = AnyMachineSnapshot & { readonly _nodes: readonly AnyStateNode[] }

/** A state that a view can tell, and what else makes a difference later on. */
export interface Sighting extends Situation, Place {
  readonly view: string
  /** What runs out when, epoch ms: delays by their event's type, services by name. */
  readonly waits: Readonly<Record<string, number>>
}

/** What one doing leads to, once all that is internal has run. */
export interface VisibleEdge extends Edge {
  readonly from: Sighting
  readonly to: Sighting
  /** How long it takes, ms, of time that passes for it. */
  readonly takes: number
}

export interface VisibleModel extends Model {
  readonly world: string
  readonly start: Sighting
  readonly situations: readonly Sighting[]
  readonly edges: readonly VisibleEdge[]
  readonly views: readonly string[]
}

/** More than these mean a world that never comes back to where it was. */
const mostSightings = 10_000
/** More answers than these in a row are services and chart in a circle. */
const mostAnswers = 60

/** When scripted time begins, epoch ms. */
const beginning = 1_800_000_000_000

/** The ports that the states of a snapshot wait for. */
const portsOf = ({ _nodes }: Snapshot): readonly string[] => [
  ...new Set(
    _nodes.flatMap(({ transitions }) =>
      [...transitions.keys()].flatMap((type) => /^xstate\.done\.actor\.(.+)$/.exec(type)?.[1] ?? []),
    ),
  ),
]

const waitsForPort = ({ transitions }: AnyStateNode, port: string): boolean =>
  transitions.has(`xstate.done.actor.${port}`)

const delayEvents = ({ transitions }: AnyStateNode): readonly string[] =>
  [...transitions.keys()].filter((type) => type.startsWith('xstate.after.'))

/** A production delay, in ms, as the chart would set its timer now. */
function lengthOf(type: string, session: Snapshot, now: number): number {
  const name = /^xstate\.after\.([^.]+)\./.exec(type)?.[1] ?? ''
  const delay = (sessionMachine.implementations.delays as Readonly<Record<string, unknown>>)[name]
  const context = { ...session.context, clock: { now: () => now, chance: () => 0.5 } }
  return typeof delay === 'function' ? (delay as (args: object) => number)({ context }) : Number(delay)
}

/**
 * What a person can see and do, derived from the session's model: after each doing everything internal runs (services answer as the
 * world around has it, and waits that are over end) until only people, time or the world outside can move on. Time is one doing:
 * the wait that is the next to run out, by the production delays.
 */
export function visibleModel(world: World): VisibleModel {
  const { machine } = sessionModel(world.policy)
  const take = createStepper(machine)
  const targets = new Map(catalogueOf(machine).map((one) => [one.id, one]))

  type Moment = Omit<Sighting, 'configuration' | 'answered' | 'reachedBy' | 'view' | 'session'>

  const isEntered = (node: AnyStateNode, before: Snapshot, { taken }: Step): boolean =>
    !before._nodes.some(({ id }) => id === node.id) ||
    taken.some((id) => {
      const { source = '', targets: into = [], definition } = targets.get(id) ?? {}
      const isHit = into.some((target) => node.id === target || node.id.startsWith(`${target}.`))
      return isHit && (source !== node.id || definition?.reenter === true)
    })

  /** Waits that go on, and those that begin with what is entered. */
  const waitsAfter = (before: Moment, snapshot: Snapshot, step: Step): Moment['waits'] => {
    const waits: Record<string, number> = {}
    for (const node of snapshot._nodes) {
      const isNew = isEntered(node, before.snapshot, step)
      for (const type of delayEvents(node))
        waits[type] = isNew ? before.now + lengthOf(type, snapshot, before.now) : (before.waits[type] ?? Infinity)
      for (const [port, until] of Object.entries(before.waits))
        if (!isNew && waitsForPort(node, port)) waits[port] = until
    }
    return waits
  }

  const hear = (moment: Moment, event: EventObject, taken: string[]): Moment => {
    const { snapshot, step } = take(moment.snapshot, at(moment.now, event))
    taken.push(...step.taken)
    return step.taken.length === 0 ? moment : { ...moment, snapshot, waits: waitsAfter(moment, snapshot, step) }
  }

  const opened = (around: Around, now: number): Moment => {
    const [initial] = initialTransition(machine) as [Snapshot, unknown]
    const nothing: Moment = { snapshot: initial, around, now, waits: {} }
    const waits = waitsAfter({ ...nothing, snapshot: { ...initial, _nodes: [] } }, initial, {
      event: '',
      from: '',
      to: '',
      taken: [],
      left: none,
      asked: [],
    })
    return { ...nothing, waits }
  }

  const placeOf = ({ snapshot, around, now }: Moment): Place => ({
    session: snapshot as SessionSnapshot,
    around,
    now,
  })

  /** One thing that happens by itself; `null`: nothing does. */
  const inwards = (moment: Moment, taken: string[]): Moment | null => {
    if (!world.isHere(moment.around)) return null
    for (const port of portsOf(moment.snapshot)) {
      if ((moment.waits[port] ?? 0) > moment.now) continue
      const answer = world.answer(port, placeOf(moment), moment.waits[port] === undefined)
      if ('wait' in answer) {
        if (answer.wait > 0) return { ...moment, waits: { ...moment.waits, [port]: moment.now + answer.wait } }
        continue
      }
      if ('leaves' in answer) return opened({ ...moment.around, ...answer.leaves }, moment.now)
      const around = { ...moment.around, ...answer.around }
      const [kind, rest] = 'done' in answer ? ['done', { output: answer.done }] : ['error', { error: answer.failed }]
      return hear({ ...moment, around }, { type: `xstate.${kind}.actor.${port}`, ...rest }, taken)
    }
    const over = Object.entries(moment.waits).find(([, until]) => until <= moment.now)?.[0]
    return over === undefined ? null : hear(moment, { type: over }, taken)
  }

  const rest = (begun: Moment, taken: string[]): Moment => {
    let moment = begun
    for (let count = 0; ; count += 1) {
      const next = inwards(moment, taken)
      if (next === null) break
      if (count > mostAnswers)
        throw new Error(`${world.name}: it never comes to rest in "${configurationOf(next.snapshot)}".`)
      moment = next
    }
    return { ...moment, around: { ...moment.around, ...world.settle(placeOf(moment)) } }
  }

  const doIt = (from: Moment, doing: Doing, taken: string[]): Moment => {
    const around = { ...from.around, ...doing.around }
    if (doing.reloads === true) return opened(around, from.now)
    const slept = (doing.sleepsUntil ?? from.now) - from.now
    const waits = { ...from.waits }
    for (const [name, until] of Object.entries(waits)) waits[name] = until + slept
    for (const [port, ms] of Object.entries(doing.asksAgain ?? {})) if (port in waits) waits[port] = from.now + ms
    let moment: Moment = { ...from, around, now: from.now + slept, waits }
    for (const event of doing.events ?? []) moment = hear(moment, event, taken)
    return moment
  }

  const found = new Map<string, Sighting>()
  const waiting: Sighting[] = []
  const meet = (moment: Moment, reachedBy: (to: Sighting) => Edge | null): Sighting => {
    const place = placeOf(moment)
    const view = world.view(place)
    const key = keyOf(moment, view, world.isHere(moment.around))
    const known = found.get(key)
    if (known !== undefined) return known
    const isHere = world.isHere(moment.around)
    const sighting: { -readonly [TKey in keyof Sighting]: Sighting[TKey] } = {
      ...moment,
      session: place.session,
      view,
      configuration: isHere ? configurationOf(moment.snapshot) : view,
      // Services answer as the world has it, each when its time has come.
      answered: none,
      reachedBy: null,
    }
    sighting.reachedBy = reachedBy(sighting)
    found.set(key, sighting)
    if (found.size > mostSightings) throw new Error(`${world.name}: more than ${mostSightings} visible situations.`)
    waiting.push(sighting)
    return sighting
  }

  const edges: VisibleEdge[] = []
  const start = meet(rest(opened(world.around, beginning), []), () => null)
  for (const from of waiting) {
    for (const [name, moment] of ways(from)) {
      const taken: string[] = []
      const end = rest(moment(taken), taken)
      const event = { type: name }
      const step: Step = {
        event: name,
        from: from.configuration,
        to: configurationOf(end.snapshot),
        taken,
        left: none,
        asked: [],
      }
      const takes = end.now - from.now
      const to = meet(end, (reached) => ({ from, event, step, to: reached }))
      edges.push({ from, event, step, to, takes })
    }
  }
  const situations = [...found.values()]
  return {
    machine,
    world: world.name,
    start,
    situations,
    edges,
    views: [...new Set(situations.map(({ view }) => view))],
  }

  /** All that can be done in a state, time among it. */
  function ways(from: Sighting): readonly (readonly [string, (taken: string[]) => Moment])[] {
    const doings = Object.entries(world.doings(from, from.view)).map(
      ([name, doing]) => [name, (taken: string[]) => doIt(from, doing, taken)] as const,
    )
    const [next] =
      world.isHere(from.around) && world.hasTime(from)
        ? Object.entries(from.waits).toSorted(([, a], [, b]) => a - b)
        : []
    if (next === undefined || next[1] === Infinity) return doings
    const [what, until] = next
    return [
      ...doings,
      [`time: ${/^xstate\.after\.([^.]+)\./.exec(what)?.[1] ?? what}`, () => ({ ...from, now: until })],
    ]
  }
}

type Told = Pick<Sighting, 'snapshot' | 'around' | 'now' | 'waits'>

/** What is further off counts as never, ms: no path takes that long. */
const farOff = 3_600_000

/** What makes a difference later on: times count by how far off they are, and the past is past; names of logins do not count. */
function keyOf({ snapshot, around, now, waits }: Told, view: string, isHere: boolean): string {
  const ahead = (time: number): number | null => (time - now > farOff ? null : Math.max(0, time - now))
  const relative = (name: string, value: unknown): unknown => {
    if (uncounted.includes(name)) return undefined
    return typeof value === 'number' ? ahead(value) : value
  }
  if (!isHere) return JSON.stringify([view, around], relative)
  const { clock: _, policy, lastActiveAt, ...context } = snapshot.context as SessionSnapshot['context']
  const idleAt = context.facts === null ? Infinity : lastActiveAt + (policy.idleTimeout ?? Infinity)
  return JSON.stringify([view, configurationOf(snapshot), context, idleAt, around, waits], relative)
}

const uncounted: readonly string[] = ['generation', 'revision', 'storedAt', 'writtenBy', 'profile', 'lastActiveAt']
