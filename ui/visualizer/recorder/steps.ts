import type { AnyActorRef, AnyMachineSnapshot, AnyStateNode, AnyTransitionDefinition, InspectionEvent } from 'xstate'
import { alternativesOf, configurationOf, transitionIdOf } from '../model/nodes.ts'

/** What a chart did with one event, from rest to rest: read from the microsteps, never from a plan. */
export interface Step {
  readonly event: string
  /** Where the chart was, as `configurationOf` says it; `''` before the start. */
  readonly from: string
  readonly to: string
  /** Ids of the transitions taken, in order; empty: the event was ignored. */
  readonly taken: readonly string[]
  /** Ids of the states that were left on the way, also where they were entered again at once. */
  readonly left: ReadonlySet<string>
  /** Guards that were asked, by the id of their transition, and what they said. */
  readonly asked: readonly { readonly id: string; readonly said: boolean }[]
}

/** XState's inspection of a microstep, whose type leaves the transitions open. No other file reads what XState keeps to itself here. */
export interface Microstep {
  readonly type: '@xstate.microstep'
  readonly actorRef: AnyActorRef
  readonly event: { readonly type: string }
  readonly snapshot: AnyMachineSnapshot & { readonly _nodes: readonly AnyStateNode[] }
  readonly _transitions: readonly AnyTransitionDefinition[]
}
export const isMicrostep = (inspected: InspectionEvent): inspected is InspectionEvent & Microstep =>
  inspected.type === '@xstate.microstep'

type Nodes = readonly AnyStateNode[]

/** Puts a step together from its microsteps. `before`: the states at rest, none at the start. */
export function stepOf(event: string, before: Nodes, microsteps: readonly Microstep[]): Step {
  const taken: string[] = []
  const left = new Set<string>()
  const asked: Step['asked'][number][] = []
  let nodes = before
  for (const { event: own, snapshot, _transitions } of microsteps) {
    const isEventless = _transitions.some(({ eventType }) => eventType === '')
    asked.push(...askedFor(nodes, isEventless ? '' : own.type, _transitions))
    taken.push(..._transitions.map(transitionIdOf))
    for (const node of nodes) if (_transitions.some((one) => isLeftBy(node, one))) left.add(node.id)
    nodes = snapshot._nodes
  }
  // At rest, no `always` had its way; of that no microstep tells.
  if (taken.length > 0) asked.push(...askedFor(nodes, '', []))
  return {
    event,
    from: configurationOf({ _nodes: before }),
    to: configurationOf({ _nodes: nodes }),
    taken,
    left,
    asked,
  }
}

/** Whether `start` was called. XState's type leaves it out, and a snapshot says `active` before. */
export const hasStarted = (actor: AnyActorRef & { readonly _processingStatus?: number }): boolean =>
  actor._processingStatus !== 0

/** The actor that invoked this one. */
export const parentOf = (actor: AnyActorRef): AnyActorRef | undefined => actor._parent

/** Delayed events that wait anywhere in the system, by XState's own names for them; each is another object when it is set again. */
export const scheduledIn = (actor: AnyActorRef): readonly Scheduled[] =>
  Object.values(actor.system.getSnapshot()._scheduledEvents)

/** As much of XState's own kind as is read here; times in ms. */
interface Scheduled {
  readonly event: { readonly type: string }
  readonly source: AnyActorRef
  readonly delay: number
  readonly startedAt: number
}

const isInside = (node: AnyStateNode, of: AnyStateNode): boolean =>
  node.parent === of || (node.parent !== undefined && isInside(node.parent, of))

/** Whatever is inside the smallest state that holds the source and all targets is left; by an inner transition, inside its source. */
export function isLeftBy(node: AnyStateNode, { source, target, reenter }: AnyTransitionDefinition): boolean {
  if (target === undefined) return false
  const isInner = !reenter && target.every((one) => isInside(one, source))
  let domain: AnyStateNode | undefined = isInner ? source : source.parent
  while (domain !== undefined && !target.every((one) => domain !== undefined && isInside(one, domain)))
    domain = domain.parent
  return domain === undefined || isInside(node, domain)
}

/** XState asks a state only when none of those in it took the event (SCXML's order of selection). */
function askedFor(nodes: Nodes, event: string, taken: readonly AnyTransitionDefinition[]): Step['asked'] {
  return nodes
    .filter((node) => !taken.some(({ source }) => isInside(source, node)))
    .flatMap((node) => {
      const own = taken.find(({ source }) => source === node)
      const all = alternativesOf(node, event)
      return all
        .slice(0, own === undefined ? all.length : all.indexOf(own) + 1)
        .filter(({ guard }) => guard !== undefined)
        .map((one) => ({ id: transitionIdOf(one), said: one === own }))
    })
}

/**
 * Watches every actor whose machine has this id, and tells each of its steps to `note`. Give what it returns to `createActor` as
 * `inspect`.
 */
export function watchSteps(machineId: string, note: (step: Step) => void): (inspected: InspectionEvent) => void {
  const rests = new WeakMap<object, Nodes>()
  const open = new WeakMap<object, Microstep[]>()
  return (inspected) => {
    if (isMicrostep(inspected)) {
      if (inspected.snapshot.machine.id !== machineId) return
      const microsteps = open.get(inspected.actorRef) ?? []
      open.set(inspected.actorRef, [...microsteps, inspected])
    } else if (inspected.type === '@xstate.snapshot') {
      const { actorRef, event, snapshot } = inspected
      if (!('_nodes' in snapshot)) return
      const microsteps = open.get(actorRef)
      if (microsteps !== undefined) note(stepOf(event.type, rests.get(actorRef) ?? [], microsteps))
      open.delete(actorRef)
      // What is inspected as a machine's snapshot is one.
      rests.set(actorRef, snapshot._nodes as Nodes)
    }
  }
}
