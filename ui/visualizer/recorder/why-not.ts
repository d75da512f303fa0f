import type { AnyEventObject, AnyMachineSnapshot, AnyStateNode, AnyTransitionDefinition } from 'xstate'
import { evaluateGuard } from 'xstate/guards'
import { descriptionsOf } from '../model/descriptions.ts'
import { guardShapeOf, type GuardShape } from '../model/guards.ts'
import { transitionIdOf, type ChartSnapshot } from '../model/nodes.ts'
import { isLeftBy } from './steps.ts'

/** What a guard says now. `threw`: it needs more of the event than was given, or is broken. `notAsked`: it was settled before. */
export type Said = 'yes' | 'no' | 'threw' | 'notAsked'

/** A guard, and what it says now; `parts`: those of an `and`, `or` or `not`. */
export interface GuardAnswer extends Pick<GuardShape, 'kind' | 'name'> {
  readonly said: Said
  readonly parts: readonly GuardAnswer[]
}

/**
 * What becomes of a transition: it would be `taken`; its guard `refused`; `threw`, see `Said`; it was `notAsked`, because one before it
 * would be taken; or it was `overruled` by one of an earlier region.
 */
export type Verdict = 'taken' | 'refused' | 'threw' | 'notAsked' | 'overruled'

/** A transition for an event, and what would become of it now. */
export interface Candidate {
  /** Of the transition. */
  readonly id: string
  readonly state: string
  readonly targets: readonly string[]
  readonly description: string
  /** `null`: it has none. */
  readonly guard: GuardAnswer | null
  readonly verdict: Verdict
}

/** What a chart would do with an event, as it is now, and why. Plain data. */
export interface Why {
  readonly event: string
  readonly answer: 'taken' | 'refused' | 'unknown' | 'noHandler'
  /** In the order in which they are asked: innermost states first, regions in document order. */
  readonly candidates: readonly Candidate[]
  /** States that the chart is not in, and that would listen to it. */
  readonly elsewhere: readonly string[]
  /** All of it in a sentence or two. */
  readonly words: string
}

type Found = Omit<Candidate, 'verdict'> & { readonly definition: AnyTransitionDefinition; verdict: Verdict }

/** Tells what would become of an event, and touches nothing. Guards are asked as XState asks them (SCXML's order of selection). */
export function whyNot(snapshot: AnyMachineSnapshot, event: AnyEventObject): Why {
  // A machine's snapshot is one of these.
  const { _nodes: nodes } = snapshot as ChartSnapshot
  const found: Found[] = []
  select(snapshot.machine.root, snapshot, event, new Set(nodes), found)
  overrule(found, nodes)
  const candidates = found.map(({ definition: _, ...candidate }): Candidate => candidate)
  const verdicts = new Set(candidates.map(({ verdict }) => verdict))
  const answer = verdicts.has('taken')
    ? 'taken'
    : verdicts.has('threw')
      ? 'unknown'
      : candidates.length > 0
        ? 'refused'
        : 'noHandler'
  const within = new Set<AnyStateNode>(nodes)
  const elsewhere = everyNode(snapshot.machine.root)
    .filter((node) => !within.has(node) && candidatesOf(node, event.type).length > 0)
    .map(({ id }) => id)
  return { event: event.type, answer, candidates, elsewhere, words: inWords(event.type, answer, candidates, elsewhere) }
}

const everyNode = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(everyNode)]

/** Of one state for an event; names with `*` come last, the longest first. */
function candidatesOf(node: AnyStateNode, event: string): readonly AnyTransitionDefinition[] {
  const wild = [...node.transitions.keys()].filter(
    (name) => name !== event && (name === '*' || (name.endsWith('.*') && `${event}.`.startsWith(name.slice(0, -1)))),
  )
  return [event, ...wild.toSorted((a, b) => b.length - a.length)].flatMap((name) => node.transitions.get(name) ?? [])
}

/** Asks what is within first, all regions; a state only where nothing within would take the event. `true`: settled. */
function select(
  node: AnyStateNode,
  snapshot: AnyMachineSnapshot,
  event: AnyEventObject,
  active: ReadonlySet<AnyStateNode>,
  found: Found[],
): boolean {
  const within = Object.values(node.states)
    .filter((child) => active.has(child))
    .map((child) => select(child, snapshot, event, active, found))
  let isSettled = within.includes(true)
  for (const definition of candidatesOf(node, event.type)) {
    const guard =
      definition.guard === undefined ? null : askGuard(definition.guard, snapshot, event, isSettled ? 'no' : 'yes')
    const verdict = isSettled ? 'notAsked' : verdictOf(guard)
    isSettled ||= verdict !== 'refused'
    const id = transitionIdOf(definition)
    found.push({
      definition,
      id,
      state: node.id,
      targets: (definition.target ?? []).map(({ id }) => id),
      description: descriptionsOf(snapshot.machine).get(id) ?? '',
      guard,
      verdict,
    })
  }
  return isSettled
}

const verdicts = { yes: 'taken', no: 'refused', threw: 'threw', notAsked: 'notAsked' } as const
const verdictOf = (guard: GuardAnswer | null): Verdict => (guard === null ? 'taken' : verdicts[guard.said])

function askGuard(guard: unknown, snapshot: AnyMachineSnapshot, event: AnyEventObject, ask: 'yes' | 'no'): GuardAnswer {
  const { kind, name, parts } = guardShapeOf(implementationOf(guard, snapshot))
  const title = guardShapeOf(guard).name
  if (kind === 'one') {
    return {
      kind,
      name: title === 'inline' ? name : title,
      said: ask === 'no' ? 'notAsked' : said(guard, snapshot, event),
      parts: [],
    }
  }
  // What settles the whole: the rest is not asked.
  const last: Said = kind === 'or' ? 'yes' : 'no'
  const answers: GuardAnswer[] = []
  for (const part of parts) {
    const isSettled = kind !== 'not' && answers.some((answer) => answer.said === last || answer.said === 'threw')
    answers.push(askGuard(part, snapshot, event, ask === 'no' || isSettled ? 'no' : 'yes'))
  }
  return { kind, name: title, said: ask === 'no' ? 'notAsked' : combined(kind, answers), parts: answers }
}

/** A guard's name may stand for one that is made of others. */
function implementationOf(guard: unknown, { machine }: AnyMachineSnapshot): unknown {
  const { kind, name } = guardShapeOf(guard)
  if (kind !== 'one' || typeof guard === 'function') return guard
  const implementation: unknown = machine.implementations.guards[name]
  return guardShapeOf(implementation).kind === 'one' ? guard : implementation
}

function combined(kind: Exclude<GuardShape['kind'], 'one'>, answers: readonly GuardAnswer[]): Said {
  const all = answers.map(({ said: one }) => one)
  if (all.includes('threw')) return 'threw'
  if (kind === 'not') return all[0] === 'yes' ? 'no' : 'yes'
  if (kind === 'or') return all.includes('yes') ? 'yes' : 'no'
  return all.includes('no') ? 'no' : 'yes'
}

type AnyGuard = Parameters<typeof evaluateGuard>[0]

function said(guard: unknown, snapshot: AnyMachineSnapshot, event: AnyEventObject): Said {
  try {
    // It comes from a transition of this machine.
    return evaluateGuard(guard as AnyGuard, snapshot.context, event, snapshot) ? 'yes' : 'no'
  } catch {
    return 'threw'
  }
}

/** Of two regions that would leave the same states the earlier one has its way, unless the later one lies within it. */
function overrule(found: readonly Found[], nodes: ChartSnapshot['_nodes']): void {
  const taken: Found[] = []
  for (const one of found.filter(({ verdict }) => verdict === 'taken')) {
    const isTaken = taken.every(
      (other) => !nodes.some((node) => isLeftBy(node, one.definition) && isLeftBy(node, other.definition)),
    )
    if (isTaken) taken.push(one)
    else one.verdict = 'overruled'
  }
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`

function inWords(
  event: string,
  answer: Why['answer'],
  candidates: readonly Candidate[],
  elsewhere: readonly string[],
): string {
  const taken = candidates.filter(({ verdict }) => verdict === 'taken')
  switch (answer) {
    case 'taken': {
      const targets = taken.flatMap(({ targets: all }) => all)
      const where = targets.length === 0 ? 'it would stay where it is' : `it would go to ${listed(targets)}`
      return `“${event}” would be taken: ${where}. ${taken.map(({ description }) => description).join(' ')}`.trim()
    }
    case 'unknown':
      return `That depends on what “${event}” says: a guard needs more of it than its name.`
    case 'refused': {
      const asked = candidates.flatMap(({ guard }) => (guard === null ? [] : [guard.name]))
      const guards = listed([...new Set(asked)])
      return `“${event}” would be ignored now: ${guards} ${new Set(asked).size === 1 ? 'does' : 'do'} not hold.`
    }
    case 'noHandler': {
      const heard = `${listed(elsewhere.slice(0, 4))}${elsewhere.length > 4 ? ` and ${elsewhere.length - 4} more` : ''}`
      const else_ = elsewhere.length === 0 ? 'No state of this chart does.' : `It is heard in ${heard}.`
      return `No state that it is in listens to “${event}”. ${else_}`
    }
  }
}
